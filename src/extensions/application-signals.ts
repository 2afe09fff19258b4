import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { checkPattern } from '../private/check';
import type { IEcsWorkload } from '../task/iecs-workload';
import type { IWorkloadExtension } from '../task/iworkload-extension';
import { SidecarRole } from '../task/sidecar-role';

/** Options of `ApplicationSignals`. */
export interface ApplicationSignalsOptions {
  /**
   * The name of the workload in Application Signals, 1 to 255 characters without commas and `=`.
   *
   * @default - the id of the construct
   */
  readonly serviceName?: string;

  /**
   * The image of the CloudWatch agent.
   *
   * @default - a fixed version from the public gallery of ECR
   */
  readonly image?: ecs.ContainerImage;
}

/** A fixed version: another one tomorrow would be another deployment that nobody made. */
const IMAGE = 'public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300062.0b1304';

/** Made by AWS, one for all applications of an account and Region. */
const LOG_GROUP = '/aws/application-signals/data';

const CONFIGURATION = {
  traces: { traces_collected: { application_signals: {} } },
  logs: { metrics_collected: { application_signals: {} } },
};

/** Where the agent listens, inside of the task only. */
const AGENT = 'http://localhost:4316';

/**
 * Application Signals of CloudWatch: the application's requests, errors, latency and dependencies on a map, with objectives, without a dashboard of one's own.
 *
 * Adds the CloudWatch agent as a sidecar, whose root file system is writable, and the variables by which the AWS Distro for OpenTelemetry in the application finds it. The image must have that
 * distribution, for Java, Python, Node.js or .NET; else nothing is sent. The role of the application may write traces (X-Ray knows no resources) and the log
 * group of Application Signals. Once in an account, Application Signals must be switched on: in the console, or by the resource
 * `AWS::ApplicationSignals::Discovery`. It charges by the signal.
 *
 * It takes the place of `OpenTelemetryCollector`: a workload has one of the two.
 *
 * @example
 * declare const orders: EcsMicroservice;
 * orders.addExtension('Signals', new ApplicationSignals());
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Application-Signals-ECS-Sidecar.html
 */
export class ApplicationSignals implements IWorkloadExtension {
  constructor(private readonly options: ApplicationSignalsOptions = {}) {
    checkPattern(undefined, 'serviceName', options.serviceName, /^[^,=]{1,255}$/, "1 to 255 characters without ',' and '='", 'choose another name or omit it');
  }

  public extend(scope: Construct, workload: IEcsWorkload): void {
    grantSignals(Stack.of(scope), workload);
    workload.addSidecar('Signals', {
      image: this.options.image ?? ecs.ContainerImage.fromRegistry(IMAGE),
      role: SidecarRole.COLLECTOR,
      environment: { CW_CONFIG_CONTENT: JSON.stringify(CONFIGURATION) },
      // the agent writes what it makes of its configuration beside what its image brings, where an empty directory would hide that.
      container: { writablePaths: ['/'] },
    });
    Object.entries(variables(this.options.serviceName ?? scope.node.scope!.node.id)).forEach(([name, value]) => workload.addEnvironment(name, value));
  }
}

/** As AWS documents them for a sidecar. */
function variables(serviceName: string): Record<string, string> {
  return {
    OTEL_AWS_APPLICATION_SIGNALS_ENABLED: 'true',
    OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT: `${AGENT}/v1/metrics`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${AGENT}/v1/traces`,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_TRACES_SAMPLER: 'xray',
    OTEL_TRACES_SAMPLER_ARG: 'endpoint=http://localhost:2000',
    OTEL_PROPAGATORS: 'tracecontext,baggage,b3,xray',
    OTEL_RESOURCE_ATTRIBUTES: `service.name=${serviceName}`,
  };
}

/** Far less than `CloudWatchAgentServerPolicy`, which AWS suggests. */
function grantSignals(stack: Stack, { grantPrincipal }: IEcsWorkload): void {
  const logGroup = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: `${LOG_GROUP}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'], resources: ['*'],
  }));
  grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], resources: [logGroup],
  }));
}
