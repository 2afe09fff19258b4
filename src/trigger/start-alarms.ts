import type { Construct } from 'constructs';
import type { StartTarget } from './start-target';
import { type AlarmMetric, createAbsenceAlarm, createAlarm } from '../observability/alarm';

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

/** A schedule that could not start its target, again and again. */
export function alarmOnSchedule(scope: Construct, target: StartTarget, { groupName, deadLetters }: WatchedSchedule): void {
  const ofGroup = (name: string) => ({ namespace: 'AWS/Scheduler', name, statistic: 'Sum', dimensions: { ScheduleGroup: groupName } });
  alarmOnStarts(scope, target, { errors: ofGroup('TargetErrorCount'), dropped: ofGroup('InvocationDroppedCount') }, deadLetters);
}

/** A rule that could not start its target, again and again. */
export function alarmOnRule(scope: Construct, target: StartTarget, { ruleName, deadLetters }: WatchedRule): void {
  const ofRule = (name: string) => ({ namespace: 'AWS/Events', name, statistic: 'Sum', dimensions: { RuleName: ruleName } });
  alarmOnStarts(scope, target, { errors: ofRule('FailedInvocations'), dropped: ofRule('InvocationsFailedToBeSentToDlq') }, deadLetters);
}

/** Two minutes in a row: an error that the next try mends wakes nobody. What lies in the dead-letter queue keeps the alarm on. */
function alarmOnStarts(scope: Construct, { noun, alarmActions }: StartTarget, metrics: Record<'errors' | 'dropped', AlarmMetric>, queueName: string): void {
  if (alarmActions === undefined) return;
  createAlarm(scope, 'StartAlarm', alarmActions, {
    description: `The ${noun} could not be started. `
      + 'Look first at the attributes of the messages in its dead-letter queue. Empty it once the cause is mended.',
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

/** A schedule that has not fired for longer than it ever should, where that is known. */
export function alarmOnMissingRuns(scope: Construct, { noun, alarmActions }: StartTarget, groupName: string, gapMinutes?: number): void {
  if (alarmActions === undefined || gapMinutes === undefined) return;
  createAbsenceAlarm(scope, 'MissingAlarm', alarmActions, {
    description: `The ${noun} was not started for ${gapMinutes} minutes. `
      + 'Look first whether its schedule is enabled, and its role may still start it. In alarm before the first run too.',
    metric: { namespace: 'AWS/Scheduler', name: 'InvocationAttemptCount', statistic: 'Sum', dimensions: { ScheduleGroup: groupName } },
    minutes: gapMinutes,
  });
}
