import type * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Stack } from 'aws-cdk-lib/core';
import { Construct, IDependable } from 'constructs';
import { runDefinition } from './run-definition';
import type { TaskLaunch } from './task-launch';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';
import { allowListing } from '../task/overlap-policy';
import type { OverlapGuard } from '../task/run-overlap';

/** What the state machine of a task adds to its start. */
interface RunMachineProps {
  readonly launch: TaskLaunch;
  readonly guard?: OverlapGuard;
  readonly timeoutSeconds?: number;
  readonly retries: number;
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/** A Step Functions state machine of which each execution is one run of a task. */
export class RunMachine extends Construct {
  public readonly stateMachine: sfn.StateMachine;
  /** What whoever starts executions waits for. */
  public readonly prerequisites: IDependable[];

  constructor(scope: Construct, id: string, props: RunMachineProps) {
    super(scope, id);
    const role = this.createRole(props);
    const { partition } = Stack.of(this);
    const { launch, guard, timeoutSeconds, retries } = props;
    const definition = runDefinition({
      partition, runTask: launch.forStates(), clusterArn: launch.clusterArn, family: launch.family, guard, timeoutSeconds, retries,
    });
    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      role,
      definitionBody: sfn.DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
    });
    const resource = this.stateMachine.node.defaultChild as sfn.CfnStateMachine;
    launch.startedBy(resource);
    this.prerequisites = guard === undefined ? [resource] : [resource, allowListing(this, role, this.stateMachine.stateMachineArn)];
  }

  private createRole({ launch, permissionsBoundary }: RunMachineProps): iam.IRole {
    const role = new WorkloadRole(this, 'Role', { assumedBy: servicePrincipal(this, 'states.amazonaws.com'), permissionsBoundary });
    launch.followStatements.forEach((statement) => role.addToPrincipalPolicy(statement));
    return role;
  }
}
