import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Duration, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { collectorConfiguration } from './collector-configuration';
import { fail } from '../private/fail';
import type { IEcsWorkload } from '../task/iecs-workload';
import type { IWorkloadExtension } from '../task/iworkload-extension';
import { SidecarRole } from '../task/sidecar-role';

/** Options of `OpenTelemetryCollector`. */
export interface OpenTelemetryCollectorOptions {
  /**
   * The name of the workload in traces.
   *
   * @default - the id of the construct
   */
  readonly serviceName?: string;

  /**
   * The image of the collector.
   *
   * @default - a fixed version of the AWS Distro for OpenTelemetry from the public gallery of ECR
   */
  readonly image?: ecs.ContainerImage;

  /**
   * The whole configuration of the collector, in YAML. It must receive OTLP at the ports 4317 and 4318 and have the `health_check` extension; what it calls
   * in AWS must be granted to the workload.
   *
   * @default - traces go to X-Ray, metrics into the workload's log group in the embedded metric format
   * @see https://aws-otel.github.io/docs/setup/ecs/config-through-ssm
   */
  readonly configuration?: string;
}

/** A fixed version: another one tomorrow would be another deployment that nobody made. */
const IMAGE = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3';

/**
 * Traces and metrics: an OpenTelemetry collector beside the application, which finds it in the standard variables `OTEL_EXPORTER_OTLP_ENDPOINT`,
 * `OTEL_EXPORTER_OTLP_PROTOCOL` and `OTEL_SERVICE_NAME`.
 *
 * The application must be instrumented. Adds a sidecar, which starts before the application and is healthy by then; the task goes on without it. The
 * role of the application may write traces (X-Ray knows no resources) and the workload's log group. X-Ray charges by the trace, metrics by the name.
 *
 * @example
 * declare const orders: EcsMicroservice;
 * orders.addExtension('Tracing', new OpenTelemetryCollector());
 *
 * @see https://aws-otel.github.io/docs/setup/ecs
 */
export class OpenTelemetryCollector implements IWorkloadExtension {
  constructor(private readonly options: OpenTelemetryCollectorOptions = {}) {
    if (options.configuration !== undefined && !Token.isUnresolved(options.configuration) && options.configuration.trim() === '') {
      fail(undefined, "'configuration' must not be empty; omit it for traces to X-Ray and metrics to CloudWatch");
    }
  }

  public extend(scope: Construct, workload: IEcsWorkload): void {
    if (this.options.configuration === undefined) grantDefaults(workload);
    workload.addSidecar('Collector', {
      image: this.options.image ?? ecs.ContainerImage.fromRegistry(IMAGE),
      role: SidecarRole.COLLECTOR,
      environment: {
        AOT_CONFIG_CONTENT: this.options.configuration ?? collectorConfiguration(workload.logGroup.logGroupName, Stack.of(scope).region),
      },
      container: {
        // the image has no shell; this program asks the extension `health_check`.
        healthCheck: { command: ['CMD', '/healthcheck'], interval: Duration.seconds(5), timeout: Duration.seconds(3), startPeriod: Duration.seconds(10) },
      },
    });
    workload.addEnvironment('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:4318');
    workload.addEnvironment('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf');
    workload.addEnvironment('OTEL_SERVICE_NAME', this.options.serviceName ?? scope.node.scope!.node.id);
  }
}

/** X-Ray has no resources that a policy could name. */
function grantDefaults(workload: IEcsWorkload): void {
  workload.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    resources: ['*'],
  }));
  workload.logGroup.grantWrite(workload);
}
