import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Token } from 'aws-cdk-lib/core';
import { admitCaller } from './admit-caller';
import type { IEcsMicroservice } from './iecs-microservice';
import type { ServiceConnect } from './service-connect';
import { fail } from '../private/fail';
import { upperSnakeCase } from '../private/naming';
import type { WorkloadTask } from '../task/workload-task';

/** What of the caller changes. */
interface Caller {
  readonly task: WorkloadTask;
  readonly service: ecs.CfnService;
  readonly connect: ServiceConnect;
}

/** Lets one service call another one by its name: in Service Connect, in the environment, in the order of deployment, in the security groups. */
export function connectServices(scope: IEcsMicroservice & ec2.IConnectable, other: IEcsMicroservice, { task, service, connect }: Caller): void {
  if (other._reaches(scope)) {
    fail(scope, `'connectTo' cannot connect ${scope.node.path} to ${other.node.path}, which waits for it already; `
      + 'one direction must do without: call it through a route, or by its name without waiting');
  }
  const awaited = other._beCalledBy(scope);
  connect.beClient();
  const name = Token.isUnresolved(other.discoveryName) ? other.node.id : other.discoveryName;
  task.addDefaultEnvironment(`${upperSnakeCase(name)}_URL`, other.endpoint);
  if (awaited !== undefined) service.node.addDependency(awaited);
  admitCaller(scope, other);
}
