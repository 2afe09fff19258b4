import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Fn, Lazy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type JobTag, jobTag } from './job-tag';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';

/** A policy has room for at least so many definitions: 10,240 characters inline, 6,144 in a managed policy, up to 190 for each and 550 for the conditions. */
const DEFINITIONS_IN_POLICY = 28;

/** Beside the definitions and all else, the inline policies have room for so many results, up to 250 characters each. */
const INLINE_RESULTS = 6;

/** A managed policy for results has room for so many. */
const RESULTS_IN_POLICY = 20;

/** What the role is about. */
export interface StateMachineRoleProps {
  readonly jobQueueArn: string;
  /** The keys of all tags that jobs get beside the one of the pipeline, once they are known. */
  readonly tagKeys: () => string[];
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/**
 * The role with which a state machine submits jobs to the queues of its pipeline, waits for them, and stops them when the execution is aborted.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 */
export class StateMachineRole extends WorkloadRole {
  private readonly jobTag: JobTag;
  private readonly tagKeys: string[];
  private submission: iam.PolicyStatement;
  private readonly queues: iam.PolicyStatement;
  private definitions = 0;
  private reading?: iam.PolicyStatement;
  private readonly results = new Set<string>();

  constructor(scope: Construct, id: string, props: StateMachineRoleProps) {
    super(scope, id, { assumedBy: servicePrincipal(scope, 'states.amazonaws.com'), permissionsBoundary: props.permissionsBoundary });
    this.jobTag = jobTag(props.jobQueueArn);
    this.tagKeys = Lazy.list({ produce: () => [...new Set([...props.tagKeys(), this.jobTag.key])].sort() });
    this.submission = this.submissionOf([props.jobQueueArn]);
    this.queues = this.submission;
    this.addToPrincipalPolicy(this.submission);
    this.allowToFollowJobs(Stack.of(scope));
  }

  /** Allows all revisions: an execution under way submits the revision that it began with. */
  public allowToSubmit(jobDefinitionArn: string): void {
    this.makeRoom();
    const definitionName = Fn.select(5, Fn.split(':', jobDefinitionArn));
    this.submission.addResources(Stack.of(this).formatArn({
      service: 'batch',
      resource: `${definitionName}:*`,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    }));
    this.definitions++;
  }

  /** Allows a further queue, or a resource that jobs take of. Twice the same is once. */
  public allowUse(resourceArn: string): void {
    this.queues.addResources(resourceArn);
  }

  /**
   * Lets conditions read a result. To tell a missing object from a forbidden one, S3 asks for the right to list: the pipeline's own keys.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  public allowToReadResult(bucket: s3.IBucket, key: string, listed: string): void {
    if (this.results.has(key)) return;
    if (this.results.size === 0) {
      this.addToPrincipalPolicy(new iam.PolicyStatement({
        actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions: { StringLike: { 's3:prefix': listed } },
      }));
      bucket.encryptionKey?.grantDecrypt(this);
    }
    this.readingStatement().addResources(bucket.arnForObjects(key));
    this.results.add(key);
  }

  /**
   * Lets the state machine run distributed Maps, whose items are executions of its own, and redrive them.
   *
   * It names the state machine, which names the role: hence a policy of its own.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
   */
  public allowMaps(scope: Construct, stateMachine: sfn.IStateMachine): iam.Policy {
    const { stateMachineArn } = stateMachine;
    const name = Fn.select(6, Fn.split(':', stateMachineArn));
    const executions = [`${name}:*`, `${name}/*`].map((resourceName) => Stack.of(this).formatArn({
      service: 'states', resource: 'execution', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }));
    return new iam.Policy(scope, 'MapPolicy', {
      roles: [this],
      statements: [
        new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
        new iam.PolicyStatement({
          actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'], resources: executions,
        }),
      ],
    });
  }

  /**
   * Lets distributed Maps write down what has become of their items.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
   */
  public allowToWriteItems(bucket: s3.IBucket, keys: string): void {
    this.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'], resources: [bucket.arnForObjects(keys)],
    }));
    bucket.encryptionKey?.grantEncryptDecrypt(this);
  }

  /** Where the inline policy is full, managed policies go on. */
  private makeRoom(): void {
    if (this.definitions === 0 || this.definitions % DEFINITIONS_IN_POLICY !== 0) return;
    this.submission = this.submissionOf([]);
    new iam.ManagedPolicy(this, `Submission${this.definitions / DEFINITIONS_IN_POLICY}`, { roles: [this], statements: [this.submission] });
  }

  private readingStatement(): iam.PolicyStatement {
    const beyond = this.results.size - INLINE_RESULTS;
    const isFull = this.results.size === 0 || (beyond >= 0 && beyond % RESULTS_IN_POLICY === 0);
    if (!isFull && this.reading !== undefined) return this.reading;
    this.reading = new iam.PolicyStatement({ actions: ['s3:GetObject'] });
    if (beyond < 0) this.addToPrincipalPolicy(this.reading);
    else new iam.ManagedPolicy(this, `Results${beyond / RESULTS_IN_POLICY + 1}`, { roles: [this], statements: [this.reading] });
    return this.reading;
  }

  /** Only with the tag of the pipeline's jobs. AWS asks for the right to tag on the definition that is submitted, and on the job. */
  private submissionOf(resources: string[]): iam.PolicyStatement {
    return new iam.PolicyStatement({ actions: ['batch:SubmitJob', 'batch:TagResource'], resources, conditions: this.onlyWithTag() });
  }

  private onlyWithTag(): object {
    const { key, value } = this.jobTag;
    return { 'StringEquals': { [`aws:RequestTag/${key}`]: value }, 'ForAllValues:StringEquals': { 'aws:TagKeys': this.tagKeys } };
  }

  private allowToFollowJobs(stack: Stack): void {
    // jobs get their ids when they are submitted: their tag tells them from those of others.
    const jobs = [stack.formatArn({ service: 'batch', resource: 'job', resourceName: '*' })];
    const { key, value } = this.jobTag;
    this.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['batch:TerminateJob'], resources: jobs, conditions: { StringEquals: { [`aws:ResourceTag/${key}`]: value } },
    }));
    this.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['batch:TagResource'], resources: jobs, conditions: this.onlyWithTag() }));
    // AWS knows no resource for this action.
    this.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['batch:DescribeJobs'], resources: ['*'] }));
    // a rule that Step Functions keeps in each account, to hear of the jobs' ends.
    this.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
      resources: [stack.formatArn({ service: 'events', resource: 'rule', resourceName: 'StepFunctionsGetEventsForBatchJobsRule' })],
    }));
  }
}
