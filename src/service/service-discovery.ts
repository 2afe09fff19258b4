import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { NamespaceType } from 'aws-cdk-lib/aws-servicediscovery';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ServerProps, ServiceConnect, ServiceConnectProps } from './service-connect';
import type { DnsDiscoveryOptions, ServiceConnectOptions } from './service-discovery-options';
import { checkSeconds } from '../private/check';
import { fail, show } from '../private/fail';

/** A service, as far as its discovery is concerned. */
interface DiscoveredService extends Pick<ServiceConnectProps, 'cluster' | 'logGroup'> {
  readonly server: Omit<ServerProps, 'options'>;
}

/** ECS keeps time-outs as whole numbers of 32 bits. */
const LONGEST_TIMEOUT = 2_147_483_647;

/**
 * How others inside the network find a service: by the proxies of ECS Service Connect, or by a name in DNS.
 *
 * A value holds no state: it may serve several services, each of which has a name of its own then.
 */
export class ServiceDiscovery {
  /**
   * Other services of the cluster call this one by a short name, through a proxy beside each of their tasks.
   *
   * The proxies spread requests over the tasks, leave out those that fail, and measure. They need some CPU and memory of each task that takes part.
   * Service Connect is for services and queue workers: jobs and standalone tasks need an internal route, or DNS.
   *
   * @example
   * new EcsMicroservice(this, 'OrdersApi', {
   *   cluster,
   *   image,
   *   discovery: ServiceDiscovery.serviceConnect({ name: 'orders', accessLogs: ecs.ServiceConnectAccessLogFormat.JSON }),
   * });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
   */
  public static serviceConnect(options: ServiceConnectOptions = {}): ServiceDiscovery {
    const remedy = 'give whole seconds, 0 for no limit';
    checkSeconds(undefined, 'idleTimeout', options.idleTimeout, 0, LONGEST_TIMEOUT, remedy);
    checkSeconds(undefined, 'requestTimeout', options.requestTimeout, 0, LONGEST_TIMEOUT, remedy);
    if (options.logQueries !== undefined && options.accessLogs === undefined) {
      fail(undefined, `'logQueries' goes with 'accessLogs', got only ${show(options.logQueries)}; give both or none`);
    }
    return new ServiceDiscovery({ ...options }, undefined);
  }

  /**
   * Everybody in the VPC calls the service by a name in DNS, which stands for the addresses of its tasks: services, tasks, jobs and what is no container.
   *
   * Creates a Cloud Map service, whose A records follow the tasks. There is no proxy: callers pick one of up to eight addresses themselves, and meet tasks
   * that have just gone until they ask again. Who calls must be admitted by `connectTo` or by a security group rule.
   *
   * @example
   * const namespace = new servicediscovery.PrivateDnsNamespace(this, 'Domain', { vpc: cluster.vpc, name: 'shop.internal' });
   * new EcsMicroservice(this, 'Orders', { cluster, image, discovery: ServiceDiscovery.dns({ namespace }) }); // http://orders.shop.internal:8080
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
   */
  public static dns(options: DnsDiscoveryOptions): ServiceDiscovery {
    const { namespace, timeToLive = Duration.seconds(10) } = options;
    if (namespace.type !== NamespaceType.DNS_PRIVATE) {
      fail(undefined, `'namespace' must be a private domain, got one of type ${show(namespace.type)}; make a servicediscovery.PrivateDnsNamespace in the cluster's VPC`);
    }
    checkSeconds(undefined, 'timeToLive', timeToLive, 1, 3600, 'addresses of tasks change with each deployment');
    return new ServiceDiscovery(undefined, { ...options, timeToLive });
  }

  private constructor(
    /** @internal */
    public readonly _serviceConnect: ServiceConnectOptions | undefined,
    /** @internal */
    public readonly _dns: DnsDiscoveryOptions & { readonly timeToLive: Duration } | undefined,
  ) {
  }

  /** @internal The name, if one was given. */
  public get _name(): string | undefined {
    return (this._serviceConnect ?? this._dns)!.name;
  }

  /** @internal Makes the service known in DNS, or ready to be known in Service Connect. In either case it may call others by Service Connect. */
  public _bind(scope: Construct, service: ecs.BaseService, props: DiscoveredService): ServiceConnect {
    const { server, ...client } = props;
    if (this._dns !== undefined) {
      const { namespace: cloudMapNamespace, timeToLive: dnsTtl } = this._dns;
      service.enableCloudMap({ cloudMapNamespace, name: server.discoveryName, dnsTtl });
    }
    const options = this._serviceConnect;
    return ServiceConnect.join(scope, service.node.defaultChild as ecs.CfnService, { ...client, server: options && { ...server, options } });
  }

  /** @internal The name with the domain, if there is one: what callers connect to. */
  public _hostOf(name: string): string {
    return this._dns === undefined ? name : `${name}.${this._dns.namespace.namespaceName}`;
  }
}
