import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { measuredMetric } from './measured-metric';
import { fail } from '../private/fail';

/** An ECS service, as CloudWatch names it. */
export interface MeasuredTasks {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly hasContainerInsights: boolean;
}

/** What ECS measures of the tasks of a service. */
export function serviceMetric({ clusterName, serviceName }: MeasuredTasks, metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
  return measuredMetric('AWS/ECS', metricName, { ClusterName: clusterName, ServiceName: serviceName }, options);
}

/** What Container Insights counts of them: an error where the cluster has none. `method` is what the user called. */
export function insightsMetric(
  scope: IConstruct, tasks: MeasuredTasks, metricName: string, method: string, options: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  if (!tasks.hasContainerInsights) {
    fail(scope, `'metrics.${method}' needs Container Insights, which the cluster has not, so nobody counts its tasks; give the cluster 'containerInsights'`);
  }
  const dimensions = { ClusterName: tasks.clusterName, ServiceName: tasks.serviceName };
  return measuredMetric('ECS/ContainerInsights', metricName, dimensions, options);
}
