import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { admit, type Caller } from './admit-caller';
import type { IEcsMicroservice } from './iecs-microservice';
import type { NetworkExposure } from './network-exposure';
import type { ServiceExposure } from './service-exposure';
import { IngressRole } from '../ingress/ingress-role';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { fail } from '../private/fail';

/** Where a service is called without a proxy of Service Connect: by its name in DNS, or behind a load balancer. */
export interface DirectAddress {
  readonly url: string;
  /** Lets a caller in. */
  readonly admit: (caller: Caller) => void;
}

/** The address behind an internal load balancer, if the service has a route there. */
export function addressOfRoutes(scheme: string, exposure?: ServiceExposure, network?: NetworkExposure): DirectAddress | undefined {
  const ingress = exposure?.places.find(({ role }) => role === IngressRole.INTERNAL)?.ingress;
  if (ingress !== undefined) return { url: ingress.url, admit: (caller) => admit(caller, ingress, ingress.securityGroup, portOf(ingress)) };
  const door = network?.internalDoor;
  return door && {
    url: `${scheme}://${door.domainName}:${door.number}`,
    admit: (caller) => admit(caller, door.listener, door.securityGroup, door.port),
  };
}

/**
 * Lets a job or a standalone task call a service. Returns the URL.
 *
 * @param workload whom errors are about
 * @param caller whose security group the calls come from
 */
export function callDirectly(workload: IConstruct, caller: Caller, called: IEcsMicroservice): string {
  const address = called._directAddress();
  if (address === undefined) {
    return fail(workload, `'connectTo' cannot reach ${called.node.path}: Service Connect serves services and queue workers only; `
      + 'give that service a route inside the network, ServiceRoute.insideVpc, or a name in DNS, discovery: ServiceDiscovery.dns');
  }
  address.admit(caller);
  return address.url;
}

/** An existing load balancer may listen on any port, which its URL says then. */
function portOf({ url, isHttps }: ISharedIngress): ec2.Port {
  const written = Token.isUnresolved(url) ? '' : new URL(url).port;
  return ec2.Port.tcp(written === '' ? (isHttps ? 443 : 80) : Number(written));
}
