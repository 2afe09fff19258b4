import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { EcsMicroserviceProps } from './ecs-microservice-props';
import type { ServiceCapacityConfig } from './service-capacity-config';
import type { ServiceProtocol } from './service-protocol';
import { contradiction } from './time-outs';
import { fail } from '../private/fail';
import { TaskSize } from '../task/task-size';
import { WorkloadTask } from '../task/workload-task';

/** What the task definition calls the port of the main container. */
export const PORT_NAME = 'app';

/**
 * Longer than a load balancer can be told to keep an idle connection (4000 seconds): where the application closes it first, the request that is on its way
 * just then ends as a 502. One number for all, so that a slow service behind the same load balancer never changes the tasks of another.
 */
const KEEP_ALIVE_SECONDS = '4005';

/** What the props say, or the defaults. */
interface ResolvedProps {
  readonly port: number;
  readonly capacity: ServiceCapacityConfig;
  readonly maxRequestTime: Duration;
  readonly protocol: ServiceProtocol;
}

/** The task definition of a service, with all that belongs to it. */
export function createServiceTask(scope: Construct, props: EcsMicroserviceProps, resolved: ResolvedProps): WorkloadTask {
  const { port, capacity, maxRequestTime, protocol } = resolved;
  const { appProtocol, transport, listens } = protocol._bind();
  const task = new WorkloadTask(scope, {
    cluster: props.cluster,
    capacity: { kind: capacity.kind, hardware: capacity.hardware },
    image: props.image,
    size: props.size ?? TaskSize.of(256, 512),
    environment: listens ? { KEEP_ALIVE_TIMEOUT: KEEP_ALIVE_SECONDS, ...props.environment, PORT: String(port) } : { ...props.environment },
    secrets: props.secrets ?? {},
    container: props.container ?? {},
    stopTimeout: maxRequestTime,
    port: listens ? port : undefined,
    portName: PORT_NAME,
    appProtocol,
    transport,
  });
  rejectContradiction(scope, maxRequestTime, props.container?.stopTimeout);
  return task;
}

function rejectContradiction(scope: Construct, maxRequestTime: Duration, stopTimeout?: Duration): void {
  if (stopTimeout === undefined || stopTimeout.isUnresolved() || maxRequestTime.isUnresolved()) return;
  const problem = contradiction({ maxRequestTime: maxRequestTime.toSeconds(), stopTimeout: stopTimeout.toSeconds() });
  if (problem !== undefined) fail(scope, problem);
}
