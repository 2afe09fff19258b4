import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { consoleLink, logLink } from './console-links';
import { alarmTopics } from '../observability/alarm-topics';
import { servicePrincipal } from '../private/workload-role';

/** What reports tell of. */
interface FailureReportsProps {
  readonly pipeline: string;
  readonly jobQueueArn: string;
  readonly stateMachineArn: string;
  readonly logGroupName: string;
  /** Those that are SNS topics get the reports; the others understand alarms only. */
  readonly alarmActions: cloudwatch.IAlarmAction[];
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/** A field of the event, by its path. */
const field = (path: string) => events.EventField.fromPath(path);

/**
 * Tells the SNS topics of the cluster's alarm actions which job failed and why, and which execution ended without success and how to redrive it.
 *
 * The reports come from events, so that nothing in the state machine catches an error: a caught one could not be redriven. Two rules and a role; events
 * that AWS services send cost nothing.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html
 */
export class FailureReports extends Construct {
  constructor(scope: Construct, id: string, props: FailureReportsProps) {
    super(scope, id);
    const topics = alarmTopics(this, props.alarmActions, props.stateMachineArn);
    if (topics.length === 0) return;
    const role = new iam.Role(this, 'Role', {
      assumedBy: servicePrincipal(this, 'events.amazonaws.com'), permissionsBoundary: props.permissionsBoundary,
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: topics }));
    this.report('JobFailed', topics, role, jobPattern(props), this.jobText(props));
    this.report('ExecutionFailed', topics, role, executionPattern(props), this.executionText(props));
  }

  private report(id: string, topics: string[], role: iam.IRole, eventPattern: events.EventPattern, text: string): void {
    const input = events.RuleTargetInput.fromText(text);
    new events.Rule(this, id, { eventPattern, targets: topics.map((arn) => ({ bind: () => ({ arn, role, input }) })) });
  }

  private jobText({ pipeline, logGroupName }: FailureReportsProps): string {
    const { region } = Stack.of(this);
    const stream = field('$.detail.container.logStreamName');
    return `Job ${field('$.detail.jobName')} of pipeline ${pipeline} failed: ${field('$.detail.statusReason')}; `
      + `exit code ${field('$.detail.container.exitCode')} (${field('$.detail.container.reason')}), `
      + `attempts of ${field('$.detail.retryStrategy.attempts')} used up or not worth another; `
      + `log ${logGroupName} ${stream}: ${logLink(region, logGroupName, stream)} ; `
      + `job: ${consoleLink(region, 'batch', `jobs/detail/${field('$.detail.jobId')}`)} ; `
      + `its attempts, the first one first: ${field('$.detail.attempts')}`;
  }

  private executionText({ pipeline }: FailureReportsProps): string {
    const { region } = Stack.of(this);
    const arn = field('$.detail.executionArn');
    return `Pipeline ${pipeline}: execution ${field('$.detail.name')} ended as ${field('$.detail.status')}; `
      + `redrive it with: aws stepfunctions redrive-execution --execution-arn ${arn}; `
      + `${consoleLink(region, 'states', `/v2/executions/details/${arn}`)}`;
  }
}

/** An array tells of itself, its items do not: one report a job. */
function jobPattern({ jobQueueArn }: FailureReportsProps): events.EventPattern {
  return {
    source: ['aws.batch'],
    detailType: ['Batch Job State Change'],
    detail: { status: ['FAILED'], jobQueue: [jobQueueArn], arrayProperties: { index: events.Match.doesNotExist() } },
  };
}

function executionPattern({ stateMachineArn }: FailureReportsProps): events.EventPattern {
  return {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [stateMachineArn] },
  };
}
