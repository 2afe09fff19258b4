import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration, Size, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FireLensOptions, FireLensRouterOptions } from './fire-lens-options';
import { bucketOutput, firehoseOutput, LogOutput, logGroupOutput } from './log-output';
import { CONFIGURATION, HEALTH_URL, routerFiles } from './router-configuration';
import { fail, show } from '../private/fail';
import type { IEcsWorkload } from '../task/iecs-workload';
import type { IWorkloadExtension } from '../task/iworkload-extension';
import { readSecrets } from '../task/read-secret';
import { refusePlainSecrets } from '../task/refuse-plain-secrets';

/** A fixed version: another one tomorrow would be another deployment that nobody made. */
const IMAGE = 'public.ecr.aws/aws-observability/aws-for-fluent-bit:3.4.8';

/** In mebibytes. */
const LARGEST_BUFFER = 100 * 1024;

/**
 * Sends the output of all containers to wherever Fluent Bit can send it: CloudWatch Logs with fields, Firehose, S3, OpenSearch, Datadog.
 *
 * Adds a log router, which starts before all other containers and stops after them; the task ends with it, since lines would be lost. It is healthy as long as it
 * answers, also while its output does not: what it cannot deliver waits on the task's disk, and is tried again until it is delivered. Its own lines go to
 * the workload's log group. Its root file system is writable: FireLens puts its configuration there.
 *
 * @example
 * declare const orders: EcsMicroservice;
 * declare const key: ecs.Secret;
 * orders.addExtension('Logs', new FireLensRouter({
 *   output: { Name: 'datadog', Host: 'http-intake.logs.datadoghq.eu', TLS: 'on' },
 *   secrets: { apikey: key },
 *   entryStart: '^\\S',
 * }));
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html
 */
export class FireLensRouter implements IWorkloadExtension {
  /**
   * To the workload's own log group, as without a router, but with fields: of JSON, of the task. The streams begin with `ecs/App-`.
   *
   * The task role may write this log group.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * orders.addExtension('Logs', FireLensRouter.toLogGroup({ entryStart: '^\\S' }));
   *
   * @see https://docs.fluentbit.io/manual/pipeline/outputs/cloudwatch
   */
  public static toLogGroup(options: FireLensOptions = {}): FireLensRouter {
    return FireLensRouter.preset({ ...options, output: { Name: 'cloudwatch_logs' } }, logGroupOutput());
  }

  /**
   * To a stream of Amazon Data Firehose, which leads to OpenSearch, Redshift, Splunk and others. The task role may put records into it.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * declare const stream: firehose.IDeliveryStream;
   * orders.addExtension('Logs', FireLensRouter.toFirehose(stream));
   *
   * @see https://docs.fluentbit.io/manual/pipeline/outputs/firehose
   */
  public static toFirehose(stream: firehose.IDeliveryStream, options: FireLensOptions = {}): FireLensRouter {
    return FireLensRouter.preset({ ...options, output: { Name: 'kinesis_firehose' } }, firehoseOutput(stream));
  }

  /**
   * To a bucket, in compressed objects of ten minutes or 50 MB: `<prefix>/<container>-firelens-<task>/<year>/<month>/<day>/…`. The task role may write below the prefix.
   *
   * S3 charges by what is stored and by the request; the bucket says how long it keeps them.
   *
   * @param prefix what the keys begin with, without a slash at its ends
   *
   * @example
   * declare const orders: EcsMicroservice;
   * declare const bucket: s3.IBucket;
   * orders.addExtension('Logs', FireLensRouter.toBucket(bucket, 'logs/orders'));
   *
   * @see https://docs.fluentbit.io/manual/pipeline/outputs/s3
   */
  public static toBucket(bucket: s3.IBucket, prefix: string, options: FireLensOptions = {}): FireLensRouter {
    return FireLensRouter.preset({ ...options, output: { Name: 's3' } }, bucketOutput(bucket, prefix));
  }

  private static preset(options: FireLensRouterOptions, output: LogOutput): FireLensRouter {
    const router = new FireLensRouter(options);
    router.presetOutput = output;
    return router;
  }

  private presetOutput?: LogOutput;

  constructor(private readonly options: FireLensRouterOptions) {
    validate(options);
  }

  public extend(scope: Construct, workload: IEcsWorkload): void {
    const { image, output, secrets, enableEcsMetadata = true, parseJson = true, entryStart } = this.options;
    refusePlainSecrets(scope, output, 'output');
    const files = Object.entries(routerFiles({ parsesJson: parseJson, entryStart }));
    workload._routeLogs('LogRouter', {
      image: image ?? ecs.ContainerImage.fromRegistry(IMAGE),
      essential: true,
      firelensConfig: {
        type: ecs.FirelensLogRouterType.FLUENTBIT,
        options: { enableECSLogMetadata: enableEcsMetadata, configFileType: ecs.FirelensConfigFileType.FILE, configFileValue: CONFIGURATION },
      },
      environment: Object.fromEntries(files.map(([, text], index) => [`ROUTER_FILE_${index}`, text])),
      // the only way to a file that needs neither an image of one's own nor a bucket.
      command: ['sh', '-c', [...files.map(([path], index) => `printf '%s' "$ROUTER_FILE_${index}" > ${path}`), 'exec sh /entrypoint.sh'].join(' && ')],
      stopTimeout: Duration.seconds(60),
      memoryReservationMiB: 100,
      healthCheck: {
        command: ['CMD-SHELL', `curl -sf ${HEALTH_URL} || exit 1`], interval: Duration.seconds(10), timeout: Duration.seconds(5), startPeriod: Duration.seconds(30),
      },
    }, ecs.LogDrivers.firelens({ options: this.outputFor(scope, workload), secretOptions: readSecrets(secrets ?? {}) }));
  }

  /** Tries again until it is delivered, for as long as there is room. */
  private outputFor(scope: Construct, workload: IEcsWorkload): Record<string, string> {
    const { output, bufferSize = Size.gibibytes(1) } = this.options;
    const own = this.presetOutput?.({ grantee: workload, logGroup: workload.logGroup, region: Stack.of(scope).region });
    const said = new Set(Object.keys(output).map((setting) => setting.toLowerCase()));
    const defaults = { 'retry_limit': 'no_limits', 'storage.total_limit_size': `${bufferSize.toMebibytes()}M` };
    return { ...own, ...output, ...Object.fromEntries(Object.entries(defaults).filter(([setting]) => !said.has(setting))) };
  }
}

function validate({ output, bufferSize, entryStart }: FireLensRouterOptions): void {
  if (output.Name === undefined) {
    fail(undefined, "'output' must have the 'Name' of an output of Fluent Bit, got none; give one such as 'firehose' or 'cloudwatch_logs'");
  }
  if (bufferSize !== undefined && !bufferSize.isUnresolved()) {
    const mebibytes = bufferSize.toMebibytes({ rounding: 2 });
    if (!(mebibytes >= 1 && mebibytes <= LARGEST_BUFFER && Number.isInteger(mebibytes))) {
      fail(undefined, `'bufferSize' must be a whole number of MiB, from 1 MiB to 100 GiB, got ${mebibytes} MiB; it is a part of the task's disk`);
    }
  }
  if (entryStart !== undefined && !Token.isUnresolved(entryStart) && (entryStart === '' || /["\n]/.test(entryStart))) {
    fail(undefined, `'entryStart' must be a regular expression without double quotes and line breaks, got ${show(entryStart)}; write '\\x22' for a quote`);
  }
}
