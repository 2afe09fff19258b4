import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { NetworkExposure } from './network-exposure';
import { ServiceExposure, ServiceExposureProps } from './service-exposure';
import type { ServiceRoute } from './service-route';
import { createSecurityGroup } from '../private/security-group';

/** How requests from outside the cluster reach a service: through load balancers for requests, for connections, both or none. */
interface Exposures {
  readonly exposure?: ServiceExposure;
  readonly network?: NetworkExposure;
}

export function createExposures(scope: Construct, routes: ServiceRoute[], props: Omit<ServiceExposureProps, 'routes'>): Exposures {
  const application = routes.filter((route) => route._network === undefined);
  const exposure = application.length === 0 ? undefined : new ServiceExposure(scope, { ...props, routes: application });
  const network = routes.flatMap((route) => route._network ?? []);
  const others = { otherTargetGroups: exposure?.places.length ?? 0, protocol: props.protocol._bind() };
  return { exposure, network: network.length === 0 ? undefined : new NetworkExposure(scope, { ...props, ...others, routes: network }) };
}

/** Lets in what the exposures send. */
export function createTaskSecurityGroup(
  scope: Construct, { vpc, port, exposure, network }: Exposures & { readonly vpc: ec2.IVpc; readonly port: number },
): ec2.ISecurityGroup {
  const places = exposure?.places.map((place) => ({ from: place.ingress.securityGroup, port }));
  return createSecurityGroup(scope, 'SecurityGroup', vpc, 'Tasks', [...places ?? [], ...network?.sources ?? []]);
}
