import * as iam from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Duration, Stack, TimeZone, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { longestGap } from './longest-gap';
import { alarmOnMissingRuns, alarmOnSchedule } from './start-alarms';
import { retryPolicyOf } from './start-checks';
import { createStartRole } from './start-role';
import type { SchedulePolicy, StartTarget } from './start-target';
import { checkSeconds } from '../private/check';
import { fail } from '../private/fail';

/** A schedule in a group of its own: the metrics of EventBridge Scheduler are those of groups. */
export function startOnSchedule(
  scope: Construct, target: StartTarget, expression: scheduler.ScheduleExpression, input: object, policy: SchedulePolicy,
): void {
  const group = new scheduler.CfnScheduleGroup(scope, 'Group');
  const role = createStartRole(scope, 'scheduler.amazonaws.com', target, { StringEquals: { 'aws:SourceArn': group.attrArn } });
  const deadLetters = target.deadLetters();
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }));
  const schedule = new scheduler.CfnSchedule(scope, 'Schedule', {
    groupName: group.ref,
    scheduleExpression: expression.expressionString,
    scheduleExpressionTimezone: expression.timeZone?.timezoneName,
    flexibleTimeWindow: flexibleTimeWindow(scope, policy.flexibleWindow),
    target: {
      arn: target.arn,
      ecsParameters: target.ecsParameters?.forScheduler,
      roleArn: role.roleArn,
      input: Stack.of(scope).toJsonString(input),
      deadLetterConfig: { arn: deadLetters.queueArn },
      retryPolicy: retryPolicyOf(scope, policy),
    },
  });
  target.startedBy(schedule);
  alarmOnSchedule(scope, target, { groupName: group.ref, deadLetters: deadLetters.queueName });
  alarmOnMissingRuns(scope, target, group.ref, longestGapOf(expression, policy.flexibleWindow));
}

function flexibleTimeWindow(scope: Construct, window?: Duration): scheduler.CfnSchedule.FlexibleTimeWindowProperty {
  if (window === undefined) return { mode: 'OFF' };
  checkSeconds(scope, 'flexibleWindow', window, 60, 86_400, 'omit it to start at the time');
  if (!window.isUnresolved() && window.toSeconds() % 60 !== 0) {
    fail(scope, `'flexibleWindow' must be a whole number of minutes, got ${window.toSeconds()} seconds; round it`);
  }
  return { mode: 'FLEXIBLE', maximumWindowInMinutes: window.toMinutes() };
}

/** The longest time between two starts, in minutes; undefined where it is not known, or longer than a day. */
function longestGapOf({ expressionString, timeZone }: scheduler.ScheduleExpression, window = Duration.seconds(0)): number | undefined {
  if (Token.isUnresolved(expressionString) || window.isUnresolved()) return undefined;
  const gap = longestGap(expressionString);
  const endsSummerTime = expressionString.startsWith('cron') && timeZone !== undefined && timeZone.timezoneName !== TimeZone.ETC_UTC.timezoneName;
  return gap === undefined ? undefined : gap + (endsSummerTime ? 60 : 0) + window.toMinutes();
}
