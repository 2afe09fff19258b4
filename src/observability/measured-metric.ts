import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';

/** A metric of one minute, unless the options say otherwise. What names its subject cannot be changed by them. */
export function measuredMetric(
  namespace: string, metricName: string, dimensionsMap: Record<string, string>, options: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  const { dimensionsMap: further, ...rest } = options;
  return new cloudwatch.Metric({ period: Duration.minutes(1), ...rest, namespace, metricName, dimensionsMap: { ...further, ...dimensionsMap } });
}
