import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { alarmTopics } from '../observability/alarm-topics';
import { servicePrincipal } from '../private/workload-role';

/** What reports tell of. */
interface FailureReportsProps {
  readonly pipeline: string;
  readonly jobQueueArn: string;
  readonly stateMachineArn: string;
  readonly logGroupName: string;
  /** Whether the profile has alarms. */
  readonly hasAlarms: boolean;
  /** Those that are SNS topics get the reports; the others understand alarms only. */
  readonly alarmActions: cloudwatch.IAlarmAction[];
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/** A field of the event, by its path. */
const field = (path: string) => events.EventField.fromPath(path);

/**
 * Tells the SNS topics of the cluster's alarm actions which job failed and why, which one blocks the queue, and which execution ended without success and how to
 * redrive it.
 *
 * The reports come from events, so that nothing in the state machine catches an error: a caught one could not be redriven. Three rules and a role; events
 * that AWS services send cost nothing. The rule on the blocked queue is there without topics too where the profile has alarms: one of them counts what it matches.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html
 */
export class FailureReports extends Construct {
  constructor(scope: Construct, id: string, props: FailureReportsProps) {
    super(scope, id);
    const topics = alarmTopics(this, props.alarmActions, props.stateMachineArn);
    if (topics.length > 0) this.createReports(topics, props);
    else if (props.hasAlarms) new events.Rule(this, 'QueueBlocked', { eventPattern: blockedPattern(props) });
  }

  private createReports(topics: string[], props: FailureReportsProps): void {
    const role = new iam.Role(this, 'Role', {
      assumedBy: servicePrincipal(this, 'events.amazonaws.com'), permissionsBoundary: props.permissionsBoundary,
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: topics }));
    this.report('JobFailed', topics, role, jobPattern(props), this.jobText(props));
    this.report('QueueBlocked', topics, role, blockedPattern(props), this.blockedText(props));
    this.report('ExecutionFailed', topics, role, executionPattern(props), this.executionText(props));
  }

  /** What tells of a blocked queue, where there is somebody to tell, or an alarm that counts. */
  public get blockedRule(): events.CfnRule | undefined {
    return this.node.tryFindChild('QueueBlocked')?.node.defaultChild as events.CfnRule | undefined;
  }

  private report(id: string, topics: string[], role: iam.IRole, eventPattern: events.EventPattern, text: string): void {
    const input = events.RuleTargetInput.fromText(text);
    new events.Rule(this, id, { eventPattern, targets: topics.map((arn) => ({ bind: () => ({ arn, role, input }) })) });
  }

  private jobText({ pipeline, logGroupName }: FailureReportsProps): string {
    const { region } = Stack.of(this);
    return `Job ${field('$.detail.jobName')} of pipeline ${pipeline} failed: ${field('$.detail.statusReason')}; `
      + `exit code ${field('$.detail.container.exitCode')} (${field('$.detail.container.reason')}), `
      + `attempts of ${field('$.detail.retryStrategy.attempts')} used up or not worth another; `
      + `log ${logGroupName} ${field('$.detail.container.logStreamName')}; `
      + `https://${region}.console.aws.amazon.com/batch/home?region=${region}#jobs/detail/${field('$.detail.jobId')}`;
  }

  private blockedText({ pipeline }: FailureReportsProps): string {
    const { region } = Stack.of(this);
    return `Pipeline ${pipeline}: job ${field('$.detail.jobName')} cannot start, and those behind it in the queue wait: ${field('$.detail.statusReason')}; `
      + `https://${region}.console.aws.amazon.com/batch/home?region=${region}#jobs/detail/${field('$.detail.jobId')}`;
  }

  private executionText({ pipeline }: FailureReportsProps): string {
    const { region } = Stack.of(this);
    const arn = field('$.detail.executionArn');
    return `Pipeline ${pipeline}: execution ${field('$.detail.name')} ended as ${field('$.detail.status')}; `
      + `redrive it with: aws stepfunctions redrive-execution --execution-arn ${arn}; `
      + `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${arn}`;
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

/** @see https://docs.aws.amazon.com/batch/latest/userguide/batch-job-queue-blocked-events.html */
function blockedPattern({ jobQueueArn }: FailureReportsProps): events.EventPattern {
  return { source: ['aws.batch'], detailType: ['Batch Job Queue Blocked'], detail: { jobQueue: [jobQueueArn] } };
}

function executionPattern({ stateMachineArn }: FailureReportsProps): events.EventPattern {
  return {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [stateMachineArn] },
  };
}
