import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { createAlarm } from '../observability/alarm';

/** For runs that a state machine follows to their end. */
export function alarmOnFailedRuns(scope: Construct, actions: cloudwatch.IAlarmAction[], stateMachineArn: string): void {
  const states = (name: string) => ({ namespace: 'AWS/States', name, statistic: 'Sum', dimensions: { StateMachineArn: stateMachineArn } });
  createAlarm(scope, 'FailedAlarm', actions, {
    description: 'A run failed: an exit code other than 0, a time-out, or no start. '
      + 'Look first at the last failed execution of its state machine, whose cause has the exit code, then at the log of the task.',
    metrics: { failed: states('ExecutionsFailed'), throttled: states('ExecutionThrottled') },
    expression: 'FILL(failed, 0) + FILL(throttled, 0)',
    threshold: 0,
    minutes: 1,
    of: 1,
  });
}
