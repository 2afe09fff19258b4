import type { RouteAuthentication } from './route-authentication';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { IngressRole } from '../ingress/ingress-role';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import type { RouteConditions } from '../ingress/route-conditions';

/** What a route asks for, and of which load balancer. */
export interface RouteConfig {
  readonly role: IngressRole;
  readonly conditions: RouteConditions;
  /** The same for the paths that need no sign-in. */
  readonly bypass?: RouteConditions;
  readonly priority?: number;
  readonly authentication?: RouteAuthentication;
}

/** Asks the cluster for the load balancer that a route is for: it is made when the first route needs it. */
export function ingressOf(cluster: IFargateCluster, role: IngressRole): ISharedIngress {
  return role === IngressRole.PUBLIC ? cluster.publicIngress() : cluster.internalIngress();
}
