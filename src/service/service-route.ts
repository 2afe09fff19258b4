import { NetworkRouteConfig, tcpRoute, tlsRoute, udpRoute } from './network-route';
import type { NetworkRouteOptions, TcpRouteOptions, TlsRouteOptions } from './network-route-options';
import type { RouteAuthentication } from './route-authentication';
import type { RouteConfig } from './route-config';
import { checkBypassPaths, checkConditions } from '../ingress/check-conditions';
import { IngressRole } from '../ingress/ingress-role';
import type { RouteConditions } from '../ingress/route-conditions';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';

/**
 * Options of `ServiceRoute.internetFacing` and `ServiceRoute.insideVpc`: what a request must look like.
 *
 * A request must fit each prop that is given, and one value of it. `*` stands for any characters, `?` for one.
 *
 * A listener rule takes five values and five wildcards; a route with more takes several rules of the 100 that a load balancer has.
 */
export interface ServiceRouteOptions {
  /**
   * The paths, such as `/orders` and `/orders/*`, by upper and lower case.
   *
   * Each starts with `/` and has at most 128 characters. `/*` means the same as no path.
   *
   * @default - all paths
   */
  readonly paths?: string[];

  /**
   * The host names, such as `api.example.com` or `*.example.com`: at most 128 characters, with a dot.
   *
   * @default - all hosts
   */
  readonly hosts?: string[];

  /**
   * The request methods, such as `GET`, without wildcards. Whoever serves `GET` should serve `HEAD` too.
   *
   * @default - all methods
   */
  readonly methods?: string[];

  /**
   * The headers by name, with their values, such as `{ 'X-Beta': ['yes'] }`. A request must have each of them.
   *
   * A name has up to 40 characters and no wildcards, a value up to 128; neither is read by case. The host goes into `hosts`.
   *
   * @default - whatever headers
   */
  readonly headers?: { [name: string]: string[] };

  /**
   * The query parameters by key, with their values, such as `{ version: ['2', '2.*'] }`. A request must have each of them.
   *
   * Keys and values have up to 128 characters and are not read by case. A key has no wildcards.
   *
   * @default - whatever parameters
   */
  readonly query?: { [key: string]: string[] };

  /**
   * The address ranges that a request comes from, in CIDR notation, such as `203.0.113.0/24`.
   *
   * It is the address that connects to the load balancer: that of a proxy or content network, if there is one before it.
   *
   * @default - from anywhere
   */
  readonly sourceIps?: string[];

  /**
   * The priority of the listener rule, 1 to 50000: the lowest that matches a request gets it. A route of several rules takes the numbers that follow, too.
   *
   * Leave it out: it follows from what the route asks for and from the construct path of the service, so that of two routes that match a request the
   * more specific one is asked first. Write it down when an error asks for it: about two routes that came to one number, or about two that overlap and
   * whose numbers came out in the wrong order. A written priority is taken as it is, whatever order results, as long as each route is reached. Numbers up
   * to 5000 are never given out by themselves. Two services exchange written priorities in two deployments: a listener takes a number once. A number that only
   * the deployment knows is not checked, and another one changes the live rule in place: change it while no other rule has the new number.
   *
   * @default - worked out from the route and the service's construct path
   */
  readonly priority?: number;

  /**
   * Who may pass: users who sign in, or callers with a token. The load balancer must speak HTTPS.
   *
   * @default - whoever reaches the load balancer
   */
  readonly authentication?: RouteAuthentication;
}

/**
 * Which requests reach a service from outside its cluster. A service without a route is reached from inside only.
 *
 * A value holds no state: it may serve several services, as long as they do not share a load balancer.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export class ServiceRoute {
  /**
   * Requests from the internet, through the load balancer that the cluster's services share.
   *
   * Creates a target group and a listener rule; the first such route in a cluster creates the load balancer, which costs by the hour.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({ paths: ['/orders', '/orders/*'] })],
   * });
   */
  public static internetFacing(options: ServiceRouteOptions = {}): ServiceRoute {
    return new ServiceRoute(resolve(IngressRole.PUBLIC, options));
  }

  /**
   * Requests from inside the network, through the internal load balancer that the cluster's services share.
   *
   * Creates a target group and a listener rule; the first such route in a cluster creates the load balancer, which costs by the hour. A service may have
   * routes of both kinds: it then has a target group on each load balancer.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [
   *     ServiceRoute.internetFacing({ paths: ['/orders/*'], methods: ['GET', 'HEAD'] }),
   *     ServiceRoute.insideVpc({ paths: ['/orders/*'] }),
   *   ],
   * });
   */
  public static insideVpc(options: ServiceRouteOptions = {}): ServiceRoute {
    return new ServiceRoute(resolve(IngressRole.INTERNAL, options));
  }

  /**
   * Connections over TCP, through the Network Load Balancer that the cluster's services share.
   *
   * Creates a listener on the port, a target group and a rule of the load balancer's security group; the first such route in a cluster creates the load
   * balancer, which costs by the hour.
   *
   * @example
   * new EcsMicroservice(this, 'Broker', {
   *   cluster,
   *   image,
   *   port: 1883,
   *   protocol: ServiceProtocol.tcp(),
   *   routes: [ServiceRoute.tcp({ port: 1883 })],
   * });
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
   */
  public static tcp(options: TcpRouteOptions): ServiceRoute {
    return new ServiceRoute(undefined, tcpRoute(options));
  }

  /**
   * Datagrams over UDP, through the Network Load Balancer that the cluster's services share. The service speaks `ServiceProtocol.udp()`.
   *
   * Creates a listener on the port, a target group and a rule of the load balancer's security group; the first such route in a cluster creates the load
   * balancer, which costs by the hour.
   *
   * @example
   * new EcsMicroservice(this, 'Syslog', {
   *   cluster,
   *   image,
   *   port: 5514,
   *   protocol: ServiceProtocol.udp(),
   *   routes: [ServiceRoute.udp({ port: 514, healthCheckPort: 8080 })],
   * });
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
   */
  public static udp(options: NetworkRouteOptions): ServiceRoute {
    return new ServiceRoute(undefined, udpRoute(options));
  }

  /**
   * Connections over TLS, which the Network Load Balancer ends: the application gets plain bytes over TCP.
   *
   * Creates a listener on the port, a target group and a rule of the load balancer's security group; the first such route in a cluster creates the load
   * balancer, which costs by the hour.
   *
   * @example
   * declare const certificate: acm.ICertificate;
   * new EcsMicroservice(this, 'Broker', {
   *   cluster,
   *   image,
   *   port: 1883,
   *   protocol: ServiceProtocol.tcp(),
   *   routes: [ServiceRoute.tls({ port: 8883, internetFacing: true, certificates: [certificate] })],
   * });
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html
   */
  public static tls(options: TlsRouteOptions): ServiceRoute {
    return new ServiceRoute(undefined, tlsRoute(options));
  }

  private constructor(private readonly config: RouteConfig | undefined, private readonly network?: NetworkRouteConfig) {
  }

  /**
   * Undefined for a route through an Application Load Balancer.
   *
   * @internal
   */
  public get _network(): NetworkRouteConfig | undefined {
    return this.network;
  }

  /** @internal */
  public _bind(): RouteConfig {
    return this.config ?? fail(undefined, 'a route through a Network Load Balancer has no listener rules');
  }
}

function resolve(role: IngressRole, { priority, authentication, ...asked }: ServiceRouteOptions): RouteConfig {
  const conditions: RouteConditions = structuredClone(asked);
  checkConditions(conditions);
  checkInteger(undefined, 'priority', priority, 1, 50000, 'omit it to have it worked out');
  const bypassPaths = authentication?._bypassPaths ?? [];
  checkBypassPaths(bypassPaths, conditions.paths);
  const bypass = bypassPaths.length > 0 ? { ...conditions, paths: bypassPaths } : undefined;
  if (bypass !== undefined) checkConditions(bypass);
  return { role, conditions, bypass, priority, authentication };
}
