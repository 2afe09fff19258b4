import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Duration, Stack, TimeZone, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { inputOf } from './container-overrides';
import { longestGap } from './longest-gap';
import { retryPolicyOf } from './start-checks';
import { createStartRole, startsTasks } from './start-role';
import { alarmOnMissingRuns, alarmOnSchedule } from './task-alarms';
import type { TaskScheduleOptions } from './task-trigger-options';
import type { TriggeredTask } from './triggered-task';
import { checkSeconds } from '../private/check';
import { fail } from '../private/fail';

/** A schedule in a group of its own: the metrics of EventBridge Scheduler are those of groups. */
export function runOnSchedule(scope: Construct, task: TriggeredTask, expression: scheduler.ScheduleExpression, options: TaskScheduleOptions): void {
  const group = new scheduler.CfnScheduleGroup(scope, 'Group');
  const role = createStartRole(scope, 'scheduler.amazonaws.com', task);
  const deadLetters = task.deadLetters();
  deadLetters.grantSendMessages(role);
  const schedule = new scheduler.CfnSchedule(scope, 'Schedule', {
    groupName: group.ref,
    scheduleExpression: expression.expressionString,
    scheduleExpressionTimezone: expression.timeZone?.timezoneName,
    flexibleTimeWindow: flexibleTimeWindow(scope, options.flexibleWindow),
    target: {
      ...targetOf(task),
      roleArn: role.roleArn,
      input: Stack.of(scope).toJsonString(inputOf(scope, task, options)),
      deadLetterConfig: { arn: deadLetters.queueArn },
      retryPolicy: retryPolicyOf(scope, options),
    },
  });
  startsTasks(schedule, task);
  watch(scope, task, group.ref, longestGapOf(expression, options.flexibleWindow));
}

function targetOf({ launch, machine }: TriggeredTask): Pick<scheduler.CfnSchedule.TargetProperty, 'arn' | 'ecsParameters'> {
  if (machine !== undefined) return { arn: machine.stateMachine.stateMachineArn };
  return { arn: launch.clusterArn, ecsParameters: launch.forScheduler() };
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

function watch(scope: Construct, { alarmActions, deadLetters }: TriggeredTask, groupName: string, gapMinutes?: number): void {
  if (alarmActions === undefined) return;
  alarmOnSchedule(scope, alarmActions, { groupName, deadLetters: deadLetters().queueName });
  if (gapMinutes !== undefined) alarmOnMissingRuns(scope, alarmActions, { groupName, gapMinutes });
}
