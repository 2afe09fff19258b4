import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Lazy, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { BacklogProps, backlogPerTask, MetricMath, unfinishedMessages, waitingForFirstTask } from './backlog-metrics';
import { renderDimensions, renderMetrics } from '../observability/alarm';

/** Scale out within minutes, but not twice for one and the same backlog, because the metrics are a minute late; scale in slowly. */
const SCALE_OUT_COOLDOWN = 120;
const SCALE_IN_COOLDOWN = 300;

/** Longer than a task takes to start and to be counted: or each minute without a running task would ask for one more. */
const WAKE_COOLDOWN = 180;

/** How many tasks start from zero at once where more than this many times a task's backlog waits. */
const BURST = { backlogs: 5, tasks: 5 };

/**
 * Holds the backlog of each task at its target.
 *
 * Through the CloudFormation resource: the L2 takes no metric math, and without it a function would have to write a metric of its own, minute by minute.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
 */
export function trackBacklog(scope: Construct, target: appscaling.CfnScalableTarget, props: BacklogProps, backlog: number): void {
  new appscaling.CfnScalingPolicy(scope, 'BacklogScaling', {
    policyName: 'BacklogScaling',
    policyType: 'TargetTrackingScaling',
    scalingTargetId: target.ref,
    targetTrackingScalingPolicyConfiguration: {
      customizedMetricSpecification: { metrics: Lazy.any({ produce: () => renderTracked(backlogPerTask(props, backlog)) }) },
      targetValue: backlog,
      scaleOutCooldown: SCALE_OUT_COOLDOWN,
      scaleInCooldown: SCALE_IN_COOLDOWN,
    },
  });
}

/** Application Auto Scaling always looks at minutes, so it takes no period. */
function renderTracked({ metrics, expression }: MetricMath): appscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty[] {
  return [
    { id: 'value', expression, returnData: true },
    ...Object.entries(metrics).map(([id, metric]) => ({
      id,
      returnData: false,
      metricStat: {
        stat: metric.statistic,
        metric: { namespace: metric.namespace, metricName: metric.name, dimensions: renderDimensions(metric) },
      },
    })),
  ];
}

/** What going to sleep and waking up rest on. */
export interface SleepProps extends BacklogProps {
  readonly target: appscaling.CfnScalableTarget;
  readonly backlog: number;
  readonly max: number;
  readonly idleMinutes: number;
}

/**
 * Takes the last task away when all queues are empty, and starts the first ones when something waits.
 *
 * By steps and alarms on the depth of the queues: what is counted for each task says nothing where there is none.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html
 */
export function sleepWhenEmpty(scope: Construct, props: SleepProps): void {
  const { backlog, max, target } = props;
  const wake = createSteps(scope, 'WakeScaling', target, 'ChangeInCapacity', WAKE_COOLDOWN, wakeSteps(backlog, max));
  createTrigger(scope, 'WakeTrigger', wake, () => waitingForFirstTask(props), {
    alarmDescription: 'Starts tasks: messages wait and no task runs. Not a fault.',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 0,
    evaluationPeriods: 1,
  });
  const sleep = createSteps(scope, 'SleepScaling', target, 'ExactCapacity', 0, [{ metricIntervalUpperBound: 0, scalingAdjustment: 0 }]);
  createTrigger(scope, 'SleepTrigger', sleep, () => unfinishedMessages(props), {
    alarmDescription: 'Stops all tasks: no message waits or is worked on. Not a fault.',
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    evaluationPeriods: props.idleMinutes,
  });
}

/** One task for a few messages, several for many. */
function wakeSteps(backlog: number, max: number): appscaling.CfnScalingPolicy.StepAdjustmentProperty[] {
  const many = BURST.backlogs * backlog;
  const burst = Math.min(BURST.tasks, max);
  if (Token.isUnresolved(backlog) || Token.isUnresolved(max) || burst === 1) return [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }];
  return [
    { metricIntervalLowerBound: 0, metricIntervalUpperBound: many, scalingAdjustment: 1 },
    { metricIntervalLowerBound: many, scalingAdjustment: burst },
  ];
}

function createSteps(
  scope: Construct, id: string, target: appscaling.CfnScalableTarget, adjustmentType: string, cooldown: number,
  stepAdjustments: appscaling.CfnScalingPolicy.StepAdjustmentProperty[],
): appscaling.CfnScalingPolicy {
  return new appscaling.CfnScalingPolicy(scope, id, {
    policyName: id,
    policyType: 'StepScaling',
    scalingTargetId: target.ref,
    stepScalingPolicyConfiguration: { adjustmentType, cooldown, metricAggregationType: 'Maximum', stepAdjustments },
  });
}

/** Not one of the alarms that tell somebody: it is in alarm whenever a worker sleeps. */
function createTrigger(
  scope: Construct, id: string, policy: appscaling.CfnScalingPolicy, math: () => MetricMath,
  props: Pick<cloudwatch.CfnAlarmProps, 'alarmDescription' | 'comparisonOperator' | 'threshold' | 'evaluationPeriods'>,
): void {
  new cloudwatch.CfnAlarm(scope, id, {
    ...props,
    metrics: Lazy.any({ produce: () => renderMetrics(math().metrics, math().expression) }),
    treatMissingData: 'notBreaching',
    alarmActions: [policy.ref],
  });
}
