import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ON_DEMAND, ON_LOSS_PARAMETER, PIPELINE_PARAMETER } from './compute/job-parameters';
import { LOSSES, NO_CAPACITY } from './compute/spot-escalation';
import { consoleLink, logLink } from './console-links';
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

/** A queue that jobs of the pipeline fail in. */
interface WatchedQueue {
  readonly jobQueueArn: string;
  /** Which words tell of lost capacity. */
  readonly platform: string;
  readonly spot: boolean;
  /** Whether other pipelines use it too. */
  readonly shared: boolean;
  /** Whether jobs whose capacity is taken away go on elsewhere. */
  readonly escalates: boolean;
}

/** A field of the event, by its path. */
const field = (path: string) => events.EventField.fromPath(path);

/**
 * Tells the SNS topics of the cluster's alarm actions which job failed and why, which one blocks a queue, and which execution ended without success and how to
 * redrive it.
 *
 * The reports come from events, so that nothing in the state machine catches an error: a caught one could not be redriven. Some rules and a role; events
 * that AWS services send cost nothing. The rule on the blocked queue is there without topics too where the profile has alarms: one of them counts what it matches.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html
 */
export class FailureReports extends Construct {
  private readonly topics: string[];
  private readonly role?: iam.IRole;
  private readonly queues: WatchedQueue[] = [];

  constructor(scope: Construct, id: string, private readonly props: FailureReportsProps) {
    super(scope, id);
    this.topics = alarmTopics(this, props.alarmActions, props.stateMachineArn);
    this.queues.push({ jobQueueArn: props.jobQueueArn, platform: 'FARGATE', spot: false, shared: false, escalates: false });
    const blocked = blockedPattern(this.arns(() => true));
    if (this.topics.length > 0) {
      this.role = this.createRole();
      this.report('JobFailed', jobPattern({ jobQueue: this.arns(isPlain) }), this.jobText(props));
      this.report('QueueBlocked', blocked, this.blockedText(props));
      this.report('ExecutionFailed', executionPattern(props), this.executionText(props));
    } else if (props.hasAlarms) {
      new events.Rule(this, 'QueueBlocked', { eventPattern: blocked });
    }
  }

  /** What tells of a blocked queue, where there is somebody to tell, or an alarm that counts. */
  public get blockedRule(): events.CfnRule | undefined {
    return this.node.tryFindChild('QueueBlocked')?.node.defaultChild as events.CfnRule | undefined;
  }

  /** Hears of a further queue. Twice the same is once. */
  public watch(queue: WatchedQueue): void {
    this.queues.push(queue);
    if (this.role === undefined) return;
    const parameters = { [PIPELINE_PARAMETER]: [this.props.pipeline] };
    if (queue.escalates) {
      this.reportOnce('SpotJobFailed', () => jobPattern({
        jobQueue: this.arns((other) => other.escalates),
        parameters: { ...parameters, [ON_LOSS_PARAMETER]: [ON_DEMAND] },
        statusReason: events.Match.anythingButPrefix(...Object.values(LOSSES).flat(), NO_CAPACITY),
      }));
    } else if (!isPlain(queue)) {
      this.reportOnce('OtherJobFailed', () => jobPattern({
        jobQueue: this.arns((other) => !isPlain(other) && !other.escalates),
        parameters: { ...parameters, [ON_LOSS_PARAMETER]: events.Match.doesNotExist() },
      }));
    }
  }

  private createRole(): iam.IRole {
    const role = new iam.Role(this, 'Role', {
      assumedBy: servicePrincipal(this, 'events.amazonaws.com'), permissionsBoundary: this.props.permissionsBoundary,
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: this.topics }));
    return role;
  }

  /** Those that are known when the template is written. */
  private arns(wanted: (queue: WatchedQueue) => boolean): string[] {
    return Lazy.list({ produce: () => [...new Set(this.queues.filter(wanted).map((queue) => queue.jobQueueArn))] });
  }

  private reportOnce(id: string, pattern: () => events.EventPattern): void {
    if (this.node.tryFindChild(id) === undefined) this.report(id, pattern(), this.jobText(this.props));
  }

  private report(id: string, eventPattern: events.EventPattern, text: string): void {
    const { role, topics } = this;
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

  private blockedText({ pipeline }: FailureReportsProps): string {
    const { region } = Stack.of(this);
    return `Pipeline ${pipeline}: job ${field('$.detail.jobName')} cannot start, and those behind it in the queue wait: ${field('$.detail.statusReason')}; `
      + `${consoleLink(region, 'batch', `jobs/detail/${field('$.detail.jobId')}`)}`;
  }

  private executionText({ pipeline }: FailureReportsProps): string {
    const { region } = Stack.of(this);
    const arn = field('$.detail.executionArn');
    return `Pipeline ${pipeline}: execution ${field('$.detail.name')} ended as ${field('$.detail.status')}; `
      + `redrive it with: aws stepfunctions redrive-execution --execution-arn ${arn}; `
      + `${consoleLink(region, 'states', `/v2/executions/details/${arn}`)}`;
  }
}

/** Whose jobs are all the pipeline's own, and whose failures are all final. */
function isPlain({ spot, shared }: WatchedQueue): boolean {
  return !spot && !shared;
}

/** An array tells of itself, its items do not: one report a job. */
function jobPattern(detail: object): events.EventPattern {
  return {
    source: ['aws.batch'],
    detailType: ['Batch Job State Change'],
    detail: { status: ['FAILED'], arrayProperties: { index: events.Match.doesNotExist() }, ...detail },
  };
}

/** @see https://docs.aws.amazon.com/batch/latest/userguide/batch-job-queue-blocked-events.html */
function blockedPattern(jobQueue: string[]): events.EventPattern {
  return { source: ['aws.batch'], detailType: ['Batch Job Queue Blocked'], detail: { jobQueue } };
}

function executionPattern({ stateMachineArn }: FailureReportsProps): events.EventPattern {
  return {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [stateMachineArn] },
  };
}
