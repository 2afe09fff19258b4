import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { AlarmMetric, createAbsenceAlarm, createAlarm } from '../observability/alarm';

/** A schedule in its group, and the queue of its dead letters. */
interface WatchedSchedule {
  readonly groupName: string;
  readonly deadLetters: string;
}

/** A rule, and the queue of its dead letters. */
interface WatchedRule {
  readonly ruleName: string;
  readonly deadLetters: string;
}

/** For runs that a state machine follows to their end. */
export function alarmOnFailedRuns(scope: Construct, actions: cloudwatch.IAlarmAction[], stateMachineArn: string): void {
  const states = (name: string) => ({ namespace: 'AWS/States', name, statistic: 'Sum', dimensions: { StateMachineArn: stateMachineArn } });
  createAlarm(scope, 'FailedAlarm', actions, {
    description: 'A run failed: an exit code other than 0, a time-out, or a task that could not start. '
      + 'Look first at the last failed execution of its state machine, whose cause has the exit code and the reason, then at the log of the task.',
    metrics: { failed: states('ExecutionsFailed'), throttled: states('ExecutionThrottled') },
    expression: 'FILL(failed, 0) + FILL(throttled, 0)',
    threshold: 0,
    minutes: 1,
    of: 1,
  });
}

/** A schedule that could not start its task, again and again. */
export function alarmOnSchedule(scope: Construct, actions: cloudwatch.IAlarmAction[], { groupName, deadLetters }: WatchedSchedule): void {
  const ofGroup = (name: string) => ({ namespace: 'AWS/Scheduler', name, statistic: 'Sum', dimensions: { ScheduleGroup: groupName } });
  alarmOnStarts(scope, actions, { errors: ofGroup('TargetErrorCount'), dropped: ofGroup('InvocationDroppedCount') }, deadLetters);
}

/** A rule that could not start its task, again and again. */
export function alarmOnRule(scope: Construct, actions: cloudwatch.IAlarmAction[], { ruleName, deadLetters }: WatchedRule): void {
  const ofRule = (name: string) => ({ namespace: 'AWS/Events', name, statistic: 'Sum', dimensions: { RuleName: ruleName } });
  alarmOnStarts(scope, actions, { errors: ofRule('FailedInvocations'), dropped: ofRule('InvocationsFailedToBeSentToDlq') }, deadLetters);
}

/** Two minutes in a row: an error that the next try mends wakes nobody. What lies in the dead-letter queue keeps the alarm on. */
function alarmOnStarts(scope: Construct, actions: cloudwatch.IAlarmAction[], metrics: Record<'errors' | 'dropped', AlarmMetric>, queueName: string): void {
  createAlarm(scope, 'StartAlarm', actions, {
    description: 'The task could not be started. '
      + 'Look first at the messages in its dead-letter queue, whose attributes have the error; empty the queue once the cause is mended.',
    metrics: {
      ...metrics,
      dead: { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum', dimensions: { QueueName: queueName } },
    },
    expression: 'FILL(errors, 0) + FILL(dropped, 0) + FILL(dead, 0)',
    threshold: 0,
    minutes: 2,
    of: 2,
  });
}

/** A schedule that has not fired for longer than it ever should. */
export function alarmOnMissingRuns(
  scope: Construct, actions: cloudwatch.IAlarmAction[], { groupName, gapMinutes }: Omit<WatchedSchedule, 'deadLetters'> & { readonly gapMinutes: number },
): void {
  createAbsenceAlarm(scope, 'MissingAlarm', actions, {
    description: `The task was not started for ${gapMinutes} minutes and more, as it should have. `
      + 'Look first whether the schedule is there and enabled, and whether its role may still start the task. Before the first run it is in alarm too.',
    metric: { namespace: 'AWS/Scheduler', name: 'InvocationAttemptCount', statistic: 'Sum', dimensions: { ScheduleGroup: groupName } },
    minutes: gapMinutes,
  });
}
