import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { admitCaller, type Caller } from './admit-caller';
import type { IEcsMicroservice } from './iecs-microservice';
import type { ServiceConnect } from './service-connect';
import { fail } from '../private/fail';
import { upperSnakeCase } from '../private/naming';
import type { WorkloadTask } from '../task/workload-task';

/** What a service or worker needs for calling others. */
interface OutgoingCallsProps {
  readonly task: WorkloadTask;
  readonly connect: ServiceConnect;
  readonly service: ecs.CfnService;
}

/** The services that a service or a queue worker calls. */
export class OutgoingCalls {
  private readonly called = new Set<IEcsMicroservice>();

  constructor(private readonly caller: Caller, private readonly props: OutgoingCallsProps) {
  }

  public add(other: IEcsMicroservice): void {
    const { caller, props } = this;
    if (other._reaches(caller)) {
      fail(caller, `'connectTo' cannot connect ${caller.node.path} to ${other.node.path}, which waits for it already; `
        + 'one direction must do without: call it through a route, or by its name without waiting');
    }
    if (this.called.has(other)) return;
    const awaited = other._beCalledBy(caller);
    this.called.add(other);
    if (other._isBehindProxy) props.connect.beClient();
    props.task.addDefaultEnvironment(urlVariable(other), other.endpoint);
    if (awaited !== undefined) props.service.node.addDependency(awaited);
    admitCaller(caller, other);
  }

  /** Whether the caller waits for `other`, by whatever way. */
  public reaches(other: IConstruct): boolean {
    return [...this.called].some((called) => called._reaches(other));
  }
}

/** The environment variable in which callers find a service. */
export function urlVariable(called: IEcsMicroservice): string {
  return `${upperSnakeCase(Token.isUnresolved(called.discoveryName) ? called.node.id : called.discoveryName)}_URL`;
}
