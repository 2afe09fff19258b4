import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { EcsMicroserviceProps } from './ecs-microservice-props';
import { checkInteger, checkPattern, checkSeconds } from '../private/check';
import { fail } from '../private/fail';

/** What the props say, or the defaults. */
interface ResolvedProps {
  readonly port: number;
  readonly discoveryName: string;
  readonly maxRequestTime: Duration;
}

/** Rejects props that no service can have. */
export function validateService(scope: Construct, props: EcsMicroserviceProps, { port, discoveryName, maxRequestTime }: ResolvedProps): void {
  rejectPort(scope, props);
  checkPort(scope, props.port);
  checkSeconds(scope, 'maxRequestTime', maxRequestTime, 1, 120, 'a task has at most 120 seconds to stop in');
  checkDiscoveryName(scope, discoveryName);
  for (const [prop, names] of Object.entries({ environment: props.environment, secrets: props.secrets })) {
    if (names !== undefined && 'PORT' in names && props.protocol?._bind().listens !== false) {
      fail(scope, `'${prop}' must not set "PORT": it tells the application its port, which is ${port}; set the 'port' prop instead`);
    }
  }
}

/** What goes with a port only. */
function rejectPort(scope: Construct, { protocol, port, routes, healthCheck, discovery }: EcsMicroserviceProps): void {
  if (protocol === undefined || protocol._bind().listens) return;
  for (const [prop, value] of Object.entries({ port, routes, healthCheck, discovery })) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    fail(scope, `'${prop}' must not be given for a service with ServiceProtocol.noPort(), which listens on no port; omit it, or choose what the service speaks`);
  }
}

export function checkPort(scope: Construct, port?: number): void {
  checkInteger(scope, 'port', port, 1, 65535, 'give the port that the application listens on');
}

export function checkDiscoveryName(scope: Construct, discoveryName: string): void {
  checkPattern(scope, 'discoveryName', discoveryName, /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "a DNS label: up to 63 lower-case letters, digits and '-', a letter first", 'give one: discovery: ServiceDiscovery.serviceConnect({ name })');
}
