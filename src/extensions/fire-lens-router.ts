import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { fail } from '../private/fail';
import type { IEcsWorkload } from '../task/iecs-workload';
import type { IWorkloadExtension } from '../task/iworkload-extension';
import { readSecrets } from '../task/read-secret';
import { refusePlainSecrets } from '../task/refuse-plain-secrets';

/** Options of `FireLensRouter`. */
export interface FireLensRouterOptions {
  /**
   * Where the lines go: an output of Fluent Bit, by its `Name`, and its settings. What it calls in AWS must be granted to the workload.
   *
   * @see https://docs.fluentbit.io/manual/pipeline/outputs
   */
  readonly output: { [setting: string]: string };

  /**
   * Settings of the output whose values come from Secrets Manager or SSM Parameter Store when a task starts: a key, say.
   *
   * @default - none
   */
  readonly secrets?: { [setting: string]: ecs.Secret };

  /**
   * The image of the router.
   *
   * @default - a fixed version of AWS for Fluent Bit from the public gallery of ECR
   */
  readonly image?: ecs.ContainerImage;

  /**
   * Whether cluster, task and container are added to each line.
   *
   * @default true
   */
  readonly enableEcsMetadata?: boolean;
}

/** A fixed version: another one tomorrow would be another deployment that nobody made. */
const IMAGE = 'public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5';

/**
 * Sends the output of all containers to wherever Fluent Bit can send it: Firehose, OpenSearch, S3, Datadog.
 *
 * Adds a log router, which starts before all other containers and stops after them; the task ends with it, since lines would be lost. Its own lines go to the
 * workload's log group. Its root file system is writable: FireLens puts its configuration there.
 *
 * @example
 * declare const orders: EcsMicroservice;
 * orders.addExtension('Logs', new FireLensRouter({ output: { Name: 'firehose', region: 'eu-south-1', delivery_stream: 'orders' } }));
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html
 */
export class FireLensRouter implements IWorkloadExtension {
  constructor(private readonly options: FireLensRouterOptions) {
    if (options.output.Name === undefined) {
      fail(undefined, "'output' must have the 'Name' of an output of Fluent Bit, got none; give one such as 'firehose' or 'cloudwatch_logs'");
    }
  }

  public extend(scope: Construct, workload: IEcsWorkload): void {
    const { output, secrets = {}, image, enableEcsMetadata = true } = this.options;
    refusePlainSecrets(scope, output, 'output');
    workload._routeLogs('LogRouter', {
      image: image ?? ecs.ContainerImage.fromRegistry(IMAGE),
      essential: true,
      firelensConfig: { type: ecs.FirelensLogRouterType.FLUENTBIT, options: { enableECSLogMetadata: enableEcsMetadata } },
      memoryReservationMiB: 50,
      healthCheck: {
        command: ['CMD-SHELL', "echo '{\"health\": \"check\"}' | nc 127.0.0.1 8877 || exit 1"], interval: Duration.seconds(10), startPeriod: Duration.seconds(10),
      },
    }, ecs.LogDrivers.firelens({
      options: output,
      secretOptions: readSecrets(secrets),
    }));
  }
}
