import type * as batch from 'aws-cdk-lib/aws-batch';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { FailureReports } from './failure-reports';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { createAlarm } from '../observability/alarm';
import { defaultsOf } from '../private/profile-defaults';

/** Batch tells of a blocked queue when it finds it blocked, and not each minute. */
const BLOCKED_MINUTES = 60;

/** A pipeline, once it has what its alarms name. */
interface WatchedPipeline extends Construct {
  readonly jobQueue: batch.CfnJobQueue;
  readonly stateMachine: sfn.IStateMachine;
  readonly logGroup: logs.ILogGroup;
}

/** Makes the reports to topics, and the alarms that the profile wants. */
export function watchPipeline(pipeline: WatchedPipeline, cluster: IFargateCluster): FailureReports | undefined {
  const { alarmActions, profile, _permissionsBoundary: permissionsBoundary } = cluster;
  const { stateMachine: { stateMachineArn }, jobQueue: { attrJobQueueArn: jobQueueArn }, logGroup: { logGroupName } } = pipeline;
  const hasAlarms = defaultsOf(profile).alarms;
  if (!hasAlarms && alarmActions.length === 0) return undefined;
  const reports = new FailureReports(pipeline, 'Reports', {
    pipeline: pipeline.node.path, jobQueueArn, stateMachineArn, logGroupName, hasAlarms, alarmActions, permissionsBoundary,
  });
  if (hasAlarms && reports.blockedRule !== undefined) {
    alarmOnFailedExecutions(pipeline, alarmActions, stateMachineArn);
    alarmOnBlockedQueue(pipeline, alarmActions, reports.blockedRule);
  }
  return reports;
}

/** Executions that failed, took too long, or could not start; those that a person stops are no fault. */
function alarmOnFailedExecutions(scope: Construct, actions: cloudwatch.IAlarmAction[], stateMachineArn: string): void {
  const states = (name: string) => ({ namespace: 'AWS/States', name, statistic: 'Sum', dimensions: { StateMachineArn: stateMachineArn } });
  createAlarm(scope, 'FailedAlarm', actions, {
    description: 'An execution failed, because a job failed for good or could not be submitted. Look first at the last failed execution of the state machine, whose cause '
      + 'names the job and its log stream; mend it, then redrive the execution, which repeats nothing that has succeeded.',
    metrics: { failed: states('ExecutionsFailed'), late: states('ExecutionsTimedOut'), throttled: states('ExecutionThrottled') },
    expression: 'FILL(failed, 0) + FILL(late, 0) + FILL(throttled, 0)',
    threshold: 0,
    minutes: 1,
    of: 1,
  });
}

/**
 * A job that waits at the head of the queue and can never start, and all jobs behind it.
 *
 * Batch has an event for it and no metric; EventBridge counts what a rule matches. The rule hands the event to nobody by itself.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/batch-job-queue-blocked-events.html
 */
function alarmOnBlockedQueue(scope: Construct, actions: cloudwatch.IAlarmAction[], rule: events.CfnRule): void {
  createAlarm(scope, 'QueueBlockedAlarm', actions, {
    description: 'The first job in the queue cannot start, and those behind it wait, within the last hour. Look first at the status reason of that job in AWS Batch: it wants '
      + "more than 'maxVcpus' or than an instance has, there is no capacity, or the compute environment is invalid.",
    metrics: { blocked: { namespace: 'AWS/Events', name: 'MatchedEvents', statistic: 'Sum', dimensions: { RuleName: rule.ref } } },
    expression: 'FILL(blocked, 0)',
    threshold: 0,
    minutes: 1,
    of: BLOCKED_MINUTES,
  });
}
