import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Fn, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';

/** A policy has room for at least so many definitions: 10,240 characters inline, 6,144 in a managed policy, up to 190 for each. */
const DEFINITIONS_IN_POLICY = 30;

/** What the role is about. */
export interface StateMachineRoleProps {
  readonly jobQueueArn: string;
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/**
 * The role with which a state machine submits jobs to one queue, waits for them, and stops them when the execution is aborted.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 */
export class StateMachineRole extends WorkloadRole {
  private submission: iam.PolicyStatement;
  private definitions = 0;

  constructor(scope: Construct, id: string, props: StateMachineRoleProps) {
    super(scope, id, { assumedBy: servicePrincipal(scope, 'states.amazonaws.com'), permissionsBoundary: props.permissionsBoundary });
    this.submission = new iam.PolicyStatement({ actions: ['batch:SubmitJob'], resources: [props.jobQueueArn] });
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

  /** Where the inline policy is full, managed policies go on. */
  private makeRoom(): void {
    if (this.definitions === 0 || this.definitions % DEFINITIONS_IN_POLICY !== 0) return;
    this.submission = new iam.PolicyStatement({ actions: ['batch:SubmitJob'] });
    new iam.ManagedPolicy(this, `Submission${this.definitions / DEFINITIONS_IN_POLICY}`, { roles: [this], statements: [this.submission] });
  }

  private allowToFollowJobs(stack: Stack): void {
    // jobs get their ids when they are submitted, and AWS cannot narrow this action to a queue.
    this.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['batch:TerminateJob'],
      resources: [stack.formatArn({ service: 'batch', resource: 'job', resourceName: '*' })],
    }));
    // AWS knows no resource for this action.
    this.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['batch:DescribeJobs'], resources: ['*'] }));
    // a rule that Step Functions keeps in each account, to hear of the jobs' ends.
    this.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
      resources: [stack.formatArn({ service: 'events', resource: 'rule', resourceName: 'StepFunctionsGetEventsForBatchJobsRule' })],
    }));
  }
}
