import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ProtocolConfig } from './protocol-config';
import { proxyTimeout } from './proxy-timeout';
import { rejectSilent } from './service-address';
import { createTls } from './service-connect-tls';
import type { ServiceConnectOptions } from './service-discovery-options';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { fail } from '../private/fail';

/** How others call a service through its proxy. */
export interface ServerProps {
  readonly discoveryName: string;
  readonly portName: string;
  readonly port: number;
  readonly maxRequestTime: Duration;
  readonly protocol: ProtocolConfig;
  readonly options: ServiceConnectOptions;
  /** Without a route, only callers by name make sense: it is known at once. */
  readonly isReachedByNameOnly: boolean;
}

/** A service or worker that may take part. */
export interface ServiceConnectProps {
  readonly cluster: IFargateCluster;
  readonly logGroup: logs.ILogGroup;
  /** None for who calls others and is not called in this way. */
  readonly server?: ServerProps;
}

/**
 * A service's part in Service Connect: a client that reaches others by name, or also a server that others reach.
 *
 * Which of the two is known only when all connections are declared, so the configuration is rendered at synthesis.
 */
export class ServiceConnect {
  /** Takes part from the first connection on, and configures the service accordingly in the end. */
  public static join(scope: Construct, service: ecs.CfnService, props: ServiceConnectProps): ServiceConnect {
    const connect = new ServiceConnect(scope, props);
    if (props.server?.isReachedByNameOnly && canBeCalled(props.server.protocol)) connect.beServer();
    const added = service.serviceConnectConfiguration; // what users add through the L2
    service.serviceConnectConfiguration = Lazy.any({ produce: () => connect.render(added) });
    return connect;
  }

  private readonly declared?: ecs.CfnService.ServiceConnectServiceProperty;
  private isServer = false;
  private isClient = false;
  /** Asked for at once: an imported cluster may have none, and says so. */
  private namespaceArn?: string;

  private constructor(private readonly scope: Construct, private readonly props: ServiceConnectProps) {
    this.declared = props.server && this.declare(props.server);
  }

  /** Others may call this service by its name, which nobody else in the cluster can have from here on. */
  public beServer(): void {
    const { cluster, server } = this.props;
    if (this.isServer || server === undefined) return;
    rejectUncallable(this.scope, server.protocol);
    claimName(this.scope, { cluster, discoveryName: server.discoveryName });
    this.namespaceArn = cluster.namespace.namespaceArn;
    this.isServer = true;
  }

  /** This service calls others by their names. */
  public beClient(): void {
    this.namespaceArn = this.props.cluster.namespace.namespaceArn;
    this.isClient = true;
  }

  /** `added` is what users configured through the L2: it has room where this service takes no part by itself. */
  private render(added: unknown): ecs.CfnService.ServiceConnectConfigurationProperty | undefined {
    const given = Stack.of(this.scope).resolve(added);
    if (!this.isServer && !this.isClient) return given;
    if (given !== undefined) {
      fail(this.scope, "'enableServiceConnect' cannot be called on a service that takes part in Service Connect already; use 'connectTo' and 'discovery'");
    }
    return {
      enabled: true,
      namespace: this.namespaceArn,
      services: this.isServer ? [this.declared!] : undefined,
      accessLogConfiguration: this.renderAccessLogs(),
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': this.props.logGroup.logGroupName,
          'awslogs-region': Stack.of(this.scope).region,
          'awslogs-stream-prefix': 'service-connect',
        },
      },
    };
  }

  private declare(server: ServerProps): ecs.CfnService.ServiceConnectServiceProperty {
    const { portName, discoveryName, port, options } = server;
    return {
      portName,
      discoveryName,
      clientAliases: [{ dnsName: discoveryName, port }],
      timeout: proxyTimeout(this.scope, server),
      tls: options.tls && createTls(this.scope, options.tls, this.props.cluster._permissionsBoundary),
    };
  }

  private renderAccessLogs(): ecs.CfnService.ServiceConnectAccessLogConfigurationProperty | undefined {
    const { accessLogs, logQueries = false } = this.props.server?.options ?? {};
    return accessLogs && { format: accessLogs, includeQueryParameters: logQueries ? 'ENABLED' : 'DISABLED' };
  }
}

function canBeCalled({ listens, transport }: ProtocolConfig): boolean {
  return listens && transport === ecs.Protocol.TCP;
}

/** Services that speak UDP are not called by the name that Service Connect has for them. */
export function rejectUncallable(scope: Construct, protocol: ProtocolConfig): void {
  rejectSilent(scope, 'connectTo', protocol);
  if (protocol.transport === ecs.Protocol.UDP) {
    fail(scope, "'connectTo' cannot reach a service that speaks UDP, which Service Connect does not know; give it a route, ServiceRoute.udp, "
      + 'or a name in DNS: discovery: ServiceDiscovery.dns');
  }
}

/** A name belongs to one service of the cluster, as far as this app knows. */
export function claimName(scope: Construct, { cluster, discoveryName }: { readonly cluster: IFargateCluster; readonly discoveryName: string }): void {
  const names = cluster._discoveryNames;
  const owner = names.get(discoveryName);
  if (owner !== undefined) {
    fail(scope, `'discoveryName' must be unique in a cluster, got "${discoveryName}", which ${owner} has; `
      + 'give one of them another: discovery: ServiceDiscovery.serviceConnect({ name })');
  }
  names.set(discoveryName, scope.node.path);
}
