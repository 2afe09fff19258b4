/* eslint-disable @typescript-eslint/no-explicit-any */
import type { Template } from 'aws-cdk-lib/assertions';

/** A metric, in the words of CloudWatch, and where its value comes from. */
export interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly namespace?: string;
  readonly metric?: string;
  readonly stat?: string;
}

/** A target tracking policy. */
export interface Tracking {
  readonly queries: Query[];
  readonly target: number;
  readonly outCooldown: number;
  readonly inCooldown: number;
}

/** A step policy with the alarm that starts it. */
export interface Stepping {
  readonly queries: Query[];
  readonly threshold: number;
  readonly comparison: string;
  readonly periods: number;
  readonly missing: string;
  readonly adjustment: string;
  readonly cooldown: number;
  readonly steps: { lower: number; upper: number; change: number }[];
}

/** What the template says about one worker. */
export interface Deployed {
  readonly min: number;
  readonly max: number;
  readonly tracking: Tracking[];
  readonly stepping: Stepping[];
  readonly visibility: number;
  readonly deliveries: number;
  readonly stopTimeout: number;
}

const resources = (template: Template, type: string): any[] => (
  Object.values(template.findResources(type)).map((resource: any) => resource.Properties)
);

function queriesOf(metrics: any[]): Query[] {
  return metrics.map(({ Id, Expression, MetricStat }) => ({
    id: Id, expression: Expression, namespace: MetricStat?.Metric.Namespace, metric: MetricStat?.Metric.MetricName, stat: MetricStat?.Stat,
  }));
}

/** Reads the one worker of a template. */
export function read(template: Template): Deployed {
  const [{ MinCapacity: min, MaxCapacity: max }] = resources(template, 'AWS::ApplicationAutoScaling::ScalableTarget');
  const policies = Object.entries(template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy'));
  const alarms = resources(template, 'AWS::CloudWatch::Alarm');
  const tracking = policies.flatMap(([, { Properties }]: [string, any]) => {
    const config = Properties.TargetTrackingScalingPolicyConfiguration;
    return config === undefined ? [] : [{
      queries: queriesOf(config.CustomizedMetricSpecification.Metrics),
      target: config.TargetValue,
      outCooldown: config.ScaleOutCooldown,
      inCooldown: config.ScaleInCooldown,
    }];
  });
  const stepping = policies.flatMap(([id, { Properties }]: [string, any]) => {
    const config = Properties.StepScalingPolicyConfiguration;
    if (config === undefined) return [];
    const alarm = alarms.find(({ AlarmActions }) => AlarmActions?.some((action: any) => action.Ref === id));
    return [{
      queries: queriesOf(alarm.Metrics),
      threshold: alarm.Threshold,
      comparison: alarm.ComparisonOperator,
      periods: alarm.EvaluationPeriods,
      missing: alarm.TreatMissingData,
      adjustment: config.AdjustmentType,
      cooldown: config.Cooldown,
      steps: config.StepAdjustments.map((step: any) => ({
        lower: step.MetricIntervalLowerBound ?? -Infinity, upper: step.MetricIntervalUpperBound ?? Infinity, change: step.ScalingAdjustment,
      })),
    }];
  });
  const [queue] = resources(template, 'AWS::SQS::Queue').filter(({ RedrivePolicy }) => RedrivePolicy !== undefined);
  const [{ ContainerDefinitions: [container] }] = resources(template, 'AWS::ECS::TaskDefinition');
  return {
    min,
    max,
    tracking,
    stepping,
    visibility: queue.VisibilityTimeout,
    deliveries: queue.RedrivePolicy.maxReceiveCount,
    stopTimeout: container.StopTimeout,
  };
}
