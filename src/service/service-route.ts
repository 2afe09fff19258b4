import { Token } from 'aws-cdk-lib/core';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { checkInteger } from '../private/check';
import { fail, show } from '../private/fail';

/** Options of `ServiceRoute.internetFacing` and `ServiceRoute.insideVpc`. */
export interface ServiceRouteOptions {
  /**
   * The paths of the requests that the service gets, such as `/orders` and `/orders/*`.
   *
   * Each starts with `/` and has at most 128 characters; `*` stands for any characters, `?` for one. Hosts and paths together: at most five values
   * with at most five wildcards. `/*` means the same as no path.
   *
   * @default - all paths
   */
  readonly paths?: string[];

  /**
   * The host names of the requests that the service gets, such as `api.example.com` or `*.example.com`.
   *
   * @default - all hosts
   */
  readonly hosts?: string[];

  /**
   * The priority of the listener rule, 1 to 50000: the lowest that matches a request gets it.
   *
   * Leave it out: it follows from hosts, paths and the construct path of the service, so that of two routes that match a request the more specific one
   * is asked first. Write it down when an error asks for it: about two routes that came to one number, or about two that overlap and whose numbers came
   * out in the wrong order. A written priority is taken as it is, whatever order results. Numbers up to 5000 are never given out by themselves.
   *
   * @default - worked out from hosts, paths and the service's construct path
   */
  readonly priority?: number;
}

/** What a route asks for, and of which load balancer. */
interface RouteConfig {
  readonly hosts: string[];
  readonly paths: string[];
  readonly priority?: number;
  readonly ingress: (cluster: IFargateCluster) => ISharedIngress;
}

/** The most condition values that one listener rule may have. */
const MAX_VALUES = 5;
/** The most wildcards that one listener rule may have over all its condition values. */
const MAX_WILDCARDS = 5;

/**
 * Which requests reach a service from outside its cluster. A service without a route is reached from inside only.
 *
 * A value holds no state: it may serve several services, as long as they do not share a load balancer.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
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
    return ServiceRoute.of(options, (cluster) => cluster.publicIngress());
  }

  /**
   * Requests from inside the network, through the internal load balancer that the cluster's services share.
   *
   * Creates a target group and a listener rule; the first such route in a cluster creates the load balancer, which costs by the hour.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.insideVpc({ paths: ['/orders', '/orders/*'] })],
   * });
   */
  public static insideVpc(options: ServiceRouteOptions = {}): ServiceRoute {
    return ServiceRoute.of(options, (cluster) => cluster.internalIngress());
  }

  private static of(options: ServiceRouteOptions, ingress: RouteConfig['ingress']): ServiceRoute {
    const hosts = [...options.hosts ?? []];
    const paths = [...options.paths ?? []];
    hosts.forEach(checkHost);
    paths.forEach(checkPath);
    if (hosts.length + paths.length > MAX_VALUES) {
      fail(undefined, `'hosts' and 'paths' of a route must be ${MAX_VALUES} together at most, got ${hosts.length + paths.length}; split it into several routes`);
    }
    checkWildcards([...hosts, ...paths]);
    checkInteger(undefined, 'priority', options.priority, 1, 50000, 'omit it to have it worked out');
    return new ServiceRoute({ hosts, paths, priority: options.priority, ingress });
  }

  private constructor(private readonly config: RouteConfig) {
  }

  /** @internal */
  public _bind(): RouteConfig {
    return this.config;
  }
}

function checkWildcards(values: string[]): void {
  const wildcards = values.filter((value) => !Token.isUnresolved(value)).join('').replace(/[^*?]/g, '').length;
  if (wildcards > MAX_WILDCARDS) {
    fail(undefined, `'hosts' and 'paths' of a route must have ${MAX_WILDCARDS} wildcards ('*', '?') together at most, got ${wildcards}; split it into several routes`);
  }
}

function checkPath(path: string): void {
  if (Token.isUnresolved(path)) return;
  if (!/^\/[A-Za-z0-9_\-.$/~"'@:+&*?]{0,127}$/.test(path)) {
    fail(undefined, `'paths' must start with '/' and have up to 128 letters, digits, '*', '?' and any of _-.$/~"'@:+&, got ${show(path)}; write '/orders/*', not 'orders'`);
  }
}

function checkHost(host: string): void {
  if (Token.isUnresolved(host)) return;
  if (!/^(?=.{1,128}$)[A-Za-z0-9*?-]+(\.[A-Za-z0-9*?-]+)+$/.test(host)) {
    fail(undefined, `'hosts' must be names of up to 128 characters with at least one dot, got ${show(host)}; write 'api.example.com' or '*.example.com'`);
  }
}
