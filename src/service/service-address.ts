import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ServiceProtocol } from './service-protocol';

/** Where a service of a name is reached in its cluster. */
export function endpointOf(protocol: ServiceProtocol, discoveryName: string, port: number): string {
  return `${protocol._bind().scheme}://${discoveryName}:${port}`;
}

export function portOf(protocol: ServiceProtocol, port: number): ec2.Port {
  return protocol._bind().transport === ecs.Protocol.UDP ? ec2.Port.udp(port) : ec2.Port.tcp(port);
}
