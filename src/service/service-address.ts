import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { ProtocolConfig } from './protocol-config';
import type { ServiceProtocol } from './service-protocol';
import { fail } from '../private/fail';

/** Where a service of a name is reached in its cluster. */
export function endpointOf(protocol: ServiceProtocol, discoveryName: string, port: number): string {
  return `${protocol._bind().scheme}://${discoveryName}:${port}`;
}

/** What to open for callers; nothing where nobody listens. */
export function portOf(protocol: ServiceProtocol, port: number): ec2.Port | undefined {
  const { listens, transport } = protocol._bind();
  if (!listens) return undefined;
  return transport === ecs.Protocol.UDP ? ec2.Port.udp(port) : ec2.Port.tcp(port);
}

/** A service that listens on no port has no address. */
export function rejectSilent(scope: Construct, asked: string, { listens }: ProtocolConfig): void {
  if (listens) return;
  fail(scope, `'${asked}' goes with a service that listens, got one with ServiceProtocol.noPort(); choose what it speaks by 'protocol'`);
}
