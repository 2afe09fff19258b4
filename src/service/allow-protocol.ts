import type { Construct } from 'constructs';
import type { ProtocolConfig } from './protocol-config';
import type { RouteConfig } from './route-config';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { fail } from '../private/fail';

/** Refuses a protocol that cannot pass an Application Load Balancer, and gives the load balancer the time that the protocol needs. */
export function allowProtocol(scope: Construct, ingress: ISharedIngress, protocol: ProtocolConfig, routes: RouteConfig[]): void {
  if (!protocol.isHttp) {
    fail(scope, `'protocol' must be one of HTTP for a route through an Application Load Balancer, got ${protocol.name}; `
      + `give ServiceRoute.${protocol.transport} as the route, or another protocol`);
  }
  if (protocol.version !== undefined && !ingress.isHttps) {
    fail(scope, `'protocol' ${protocol.name} needs a load balancer with HTTPS, and this one speaks HTTP; `
      + "give the ingress of the cluster a 'domainName' with its 'hostedZone', or 'certificates'");
  }
  if (protocol.version !== undefined && routes.some((route) => route.authentication !== undefined)) {
    fail(scope, `'authentication' of a route cannot stand before a service that speaks ${protocol.name}, to which a load balancer only forwards; `
      + 'let the application check a token, or speak HTTP/1.1');
  }
  if (protocol.idleTimeout !== undefined) ingress._allowRequestTime(protocol.idleTimeout, 'protocol.idleTimeout');
}
