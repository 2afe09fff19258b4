import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { TriggeredTask } from './triggered-task';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';

/** The role with which a trigger starts a task: its state machine if it has one, else the task itself. */
export function createStartRole(scope: Construct, service: string, { cluster, launch, machine }: TriggeredTask): iam.IRole {
  const role = new WorkloadRole(scope, 'Role', { assumedBy: servicePrincipal(scope, service), permissionsBoundary: cluster._permissionsBoundary });
  if (machine === undefined) launch.runStatements.forEach((statement) => role.addToPrincipalPolicy(statement));
  else role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachine.stateMachineArn] }));
  return role;
}

/** A trigger that fires before all is there would fail. */
export function startsTasks(resource: Construct, { launch, machine }: TriggeredTask): void {
  if (machine === undefined) launch.startedBy(resource);
  else resource.node.addDependency(...machine.prerequisites);
}
