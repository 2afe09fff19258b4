import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { LAMBDA_PERMISSION_LOGICAL_ID_FOR_LAMBDA_ACTION } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';

/** What differs from alarm to alarm. The period is one minute. */
export interface AlarmProps {
  /** What it means and the first thing to look at. */
  readonly description: string;
  /** Metrics by id; `expression` refers to the ids. */
  readonly metrics: Record<string, AlarmMetric>;
  /** What is compared to the threshold. */
  readonly expression: string;
  readonly threshold: number;
  /** How many of the last `of` minutes must be above the threshold. */
  readonly minutes: number;
  readonly of: number;
}

/** One metric of an alarm. */
export interface AlarmMetric {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: string;
  readonly dimensions: Record<string, string>;
}

/**
 * An alarm on a metric expression, in one resource, with the cluster's actions on both ways.
 *
 * No data is not an alarm: a service without traffic has no latency.
 */
export function createAlarm(scope: Construct, id: string, actions: cloudwatch.IAlarmAction[], props: AlarmProps): cloudwatch.CfnAlarm {
  const alarm = new cloudwatch.CfnAlarm(scope, id, {
    alarmDescription: props.description,
    metrics: renderMetrics(props.metrics, props.expression),
    comparisonOperator: 'GreaterThanThreshold',
    threshold: props.threshold,
    datapointsToAlarm: props.minutes,
    evaluationPeriods: props.of,
    treatMissingData: 'notBreaching',
  });
  bindActions(scope, id, alarm, actions);
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
  const { metric, minutes, description } = props;
  const period = minutes <= HOUR ? 5 : HOUR;
  const alarm = new cloudwatch.CfnAlarm(scope, id, {
    alarmDescription: description,
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
  bindActions(scope, id, alarm, actions);
  return alarm;
}

/** The metrics, and the expression over them that an alarm looks at, minute by minute. */
export function renderMetrics(metrics: Record<string, AlarmMetric>, expression: string): cloudwatch.CfnAlarm.MetricDataQueryProperty[] {
  return [
    { id: 'value', expression, returnData: true },
    ...Object.entries(metrics).map(([id, metric]) => ({
      id,
      returnData: false,
      metricStat: {
        stat: metric.statistic,
        period: 60,
        metric: { namespace: metric.namespace, metricName: metric.name, dimensions: renderDimensions(metric) },
      },
    })),
  ];
}

export function renderDimensions({ dimensions }: AlarmMetric): cloudwatch.CfnAlarm.DimensionProperty[] {
  return Object.entries(dimensions).map(([name, value]) => ({ name, value }));
}

function bindActions(scope: Construct, id: string, alarm: cloudwatch.CfnAlarm, actions: cloudwatch.IAlarmAction[]): void {
  if (actions.length === 0) return;
  // the Lambda action names its permission after the view's id alone, so that the id must be unique beyond this scope.
  const view = cloudwatch.Alarm.fromAlarmArn(scope, `${id}View${scope.node.addr.slice(-8)}`, alarm.attrArn);
  // in apps without this flag of the CDK it names all permissions of a function alike, and the second alarm fails.
  view.node.setContext(LAMBDA_PERMISSION_LOGICAL_ID_FOR_LAMBDA_ACTION, true);
  const arns = actions.map((action) => action.bind(view as cloudwatch.IAlarm & Construct, view).alarmActionArn);
  alarm.alarmActions = arns;
  alarm.okActions = arns;
}
