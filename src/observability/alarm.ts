import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { tellOf, viewOf } from './told-alarms';

/** What differs from alarm to alarm. */
export interface AlarmProps {
  /** What it means and the first thing to look at. */
  readonly description: string;
  /** Metrics by id; `expression` refers to the ids. */
  readonly metrics: Record<string, AlarmMetric>;
  /** What is compared to the threshold. */
  readonly expression: string;
  readonly threshold: number;
  /** How many of the last `of` periods must be above the threshold. */
  readonly minutes: number;
  readonly of: number;
  /** In minutes; 1 where nothing is said. */
  readonly period?: number;
}

/** One metric of an alarm. */
export interface AlarmMetric {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: string;
  readonly dimensions: Record<string, string>;
}

/** The states of other alarms in one alarm. */
export interface CompositeAlarmProps {
  /** What it means and the first thing to look at. */
  readonly description: string;
  /** When it is in alarm, in the words of CloudWatch. */
  readonly rule: string;
}

/**
 * An alarm on a metric expression, in one resource, with the cluster's actions on both ways.
 *
 * No data is not an alarm: a service without traffic has no latency. Its description begins with the workload that it belongs to.
 */
export function createAlarm(scope: Construct, id: string, actions: cloudwatch.IAlarmAction[], props: AlarmProps): cloudwatch.CfnAlarm {
  const alarm = createSilentAlarm(scope, id, props);
  bindActions(alarm, actions);
  return alarm;
}

/** The same, but it tells nobody: for one that is a part of others. */
export function createSilentAlarm(scope: Construct, id: string, props: AlarmProps): cloudwatch.CfnAlarm {
  return new cloudwatch.CfnAlarm(scope, id, {
    alarmDescription: describe(scope, props),
    metrics: renderMetrics(props.metrics, props.expression, props.period),
    comparisonOperator: 'GreaterThanThreshold',
    threshold: props.threshold,
    datapointsToAlarm: props.minutes,
    evaluationPeriods: props.of,
    treatMissingData: 'notBreaching',
  });
}

/** An alarm on the states of others, with the cluster's actions on both ways. */
export function createCompositeAlarm(
  scope: Construct, id: string, actions: cloudwatch.IAlarmAction[], props: CompositeAlarmProps,
): cloudwatch.CfnCompositeAlarm {
  const alarm = new cloudwatch.CfnCompositeAlarm(scope, id, { alarmDescription: describe(scope, props), alarmRule: props.rule });
  bindActions(alarm, actions);
  return alarm;
}

/** An alarm on something that should happen again and again, and does not. */
export interface AbsenceAlarmProps {
  /** What it means and the first thing to look at. */
  readonly description: string;
  readonly metric: AlarmMetric;
  /** How long nothing may happen, up to a day. */
  readonly minutes: number;
}

/** Hours of this number of minutes are counted instead of shorter periods: CloudWatch looks back further with them. */
const HOUR = 60;

/**
 * An alarm on what does not happen: a schedule that does not fire tells of nothing, so that no data is what it means.
 *
 * It looks at whole periods, of which one more than the time has must pass: 5 minutes each, or an hour for what happens less often than every hour.
 */
export function createAbsenceAlarm(scope: Construct, id: string, actions: cloudwatch.IAlarmAction[], props: AbsenceAlarmProps): cloudwatch.CfnAlarm {
  const { metric, minutes } = props;
  const period = minutes <= HOUR ? 5 : HOUR;
  const alarm = new cloudwatch.CfnAlarm(scope, id, {
    alarmDescription: describe(scope, props),
    namespace: metric.namespace,
    metricName: metric.name,
    statistic: metric.statistic,
    dimensions: renderDimensions(metric),
    period: period * 60,
    evaluationPeriods: Math.ceil(minutes / period) + 1,
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    treatMissingData: 'breaching',
  });
  bindActions(alarm, actions);
  return alarm;
}

/** The metrics, and the expression over them that an alarm looks at, minute by minute or by longer periods. */
export function renderMetrics(
  metrics: Record<string, AlarmMetric>, expression: string, minutes = 1,
): cloudwatch.CfnAlarm.MetricDataQueryProperty[] {
  return [
    { id: 'value', expression, returnData: true },
    ...Object.entries(metrics).map(([id, metric]) => ({
      id,
      returnData: false,
      metricStat: {
        stat: metric.statistic,
        period: 60 * minutes,
        metric: { namespace: metric.namespace, metricName: metric.name, dimensions: renderDimensions(metric) },
      },
    })),
  ];
}

export function renderDimensions({ dimensions }: AlarmMetric): cloudwatch.CfnAlarm.DimensionProperty[] {
  return Object.entries(dimensions).map(([name, value]) => ({ name, value }));
}

/** Who is told by a message alone finds the workload in it. */
function describe(scope: Construct, { description }: { readonly description: string }): string {
  return `${scope.node.path}: ${description}`;
}

function bindActions(alarm: cloudwatch.CfnAlarm | cloudwatch.CfnCompositeAlarm, actions: cloudwatch.IAlarmAction[]): void {
  tellOf(alarm);
  if (actions.length === 0) return;
  const view = viewOf(alarm);
  const arns = actions.map((action) => action.bind(view, view).alarmActionArn);
  alarm.alarmActions = arns;
  alarm.okActions = arns;
}
