import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Token } from 'aws-cdk-lib/core';
import type { NetworkRouteOptions, TcpRouteOptions, TlsRouteOptions } from './network-route-options';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';

/** What a route asks of a Network Load Balancer. */
export interface NetworkRouteConfig {
  readonly listenerProtocol: 'TCP' | 'UDP' | 'TLS';
  readonly transport: ecs.Protocol;
  readonly port: number;
  readonly internetFacing: boolean;
  readonly allowedSources?: ec2.IPeer[];
  readonly healthCheckPort?: number;
  readonly preserveClientIp: boolean;
  readonly certificates: acm.ICertificate[];
}

/** A load balancer takes 25 certificates, the default one not counted. */
const MAX_CERTIFICATES = 26;

export function tcpRoute(options: TcpRouteOptions): NetworkRouteConfig {
  return { ...checked(options), listenerProtocol: 'TCP', transport: ecs.Protocol.TCP, preserveClientIp: options.preserveClientIp ?? false, certificates: [] };
}

export function udpRoute(options: NetworkRouteOptions): NetworkRouteConfig {
  return { ...checked(options), listenerProtocol: 'UDP', transport: ecs.Protocol.UDP, preserveClientIp: true, certificates: [] };
}

/** The load balancer ends TLS and passes plain bytes on: the target group is one of TCP. */
export function tlsRoute(options: TlsRouteOptions): NetworkRouteConfig {
  const { length } = options.certificates;
  if (length === 0 || length > MAX_CERTIFICATES) {
    fail(undefined, `'certificates' must be 1 to ${MAX_CERTIFICATES}, got ${length}; the first is the default one, and one with a wildcard serves many names`);
  }
  return { ...tcpRoute(options), listenerProtocol: 'TLS', certificates: [...options.certificates] };
}

function checked(options: NetworkRouteOptions): Pick<NetworkRouteConfig, 'port' | 'internetFacing' | 'allowedSources' | 'healthCheckPort'> {
  if (Token.isUnresolved(options.port)) {
    fail(undefined, "'port' of a route must be known at synthesis, because it decides which service has it; give a number");
  }
  checkInteger(undefined, 'port', options.port, 1, 65535, 'give the port that clients connect to');
  checkInteger(undefined, 'healthCheckPort', options.healthCheckPort, 1, 65535, 'give a port on which the application listens by TCP');
  if (options.allowedSources?.length === 0) {
    fail(undefined, "'allowedSources' must have one peer at least, got none; omit it to let in everybody whom the load balancer is for");
  }
  return {
    port: options.port,
    internetFacing: options.internetFacing ?? false,
    allowedSources: options.allowedSources && [...options.allowedSources],
    healthCheckPort: options.healthCheckPort,
  };
}
