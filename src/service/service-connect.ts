import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ProtocolConfig } from './protocol-config';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { fail } from '../private/fail';
import type { WorkloadTask } from '../task/workload-task';

/** How a service is known to others. */
export interface ServiceConnectProps {
  readonly cluster: IFargateCluster;
  readonly task: WorkloadTask;
  readonly discoveryName: string;
  readonly portName: string;
  readonly port: number;
  readonly maxRequestTime: Duration;
  readonly protocol: ProtocolConfig;
  /** Without a route, only callers by name make sense: it is known at once. */
  readonly isReachedByNameOnly: boolean;
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
    if (props.isReachedByNameOnly && props.protocol.transport === ecs.Protocol.TCP) connect.beServer();
    const added = service.serviceConnectConfiguration; // what users add through the L2
    service.serviceConnectConfiguration = Lazy.any({ produce: () => connect.render(added) });
    return connect;
  }

  private isServer = false;
  private isClient = false;
  /** Asked for at once: an imported cluster may have none, and says so. */
  private namespaceArn?: string;

  private constructor(private readonly scope: Construct, private readonly props: ServiceConnectProps) {
  }

  /** Others may call this service by its name, which nobody else in the cluster can have from here on. */
  public beServer(): void {
    if (this.isServer) return;
    rejectUdp(this.scope, this.props.protocol);
    claimName(this.scope, this.props);
    this.namespaceArn = this.props.cluster.namespace.namespaceArn;
    this.isServer = true;
  }

  /** This service calls others by their names. */
  public beClient(): void {
    this.namespaceArn = this.props.cluster.namespace.namespaceArn;
    this.isClient = true;
  }

  /** `added` is what users configured through the L2: it has room where this service takes no part by itself. */
  public render(added: unknown): ecs.CfnService.ServiceConnectConfigurationProperty | undefined {
    const given = Stack.of(this.scope).resolve(added);
    if (!this.isServer && !this.isClient) return given;
    if (given !== undefined) {
      fail(this.scope, "'enableServiceConnect' cannot be called on a service that takes part in Service Connect already; use 'connectTo' and 'discoveryName'");
    }
    return {
      enabled: true,
      namespace: this.namespaceArn,
      services: this.isServer ? [this.renderServer()] : undefined,
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': this.props.task.logGroup.logGroupName,
          'awslogs-region': Stack.of(this.scope).region,
          'awslogs-stream-prefix': 'service-connect',
        },
      },
    };
  }

  private renderServer(): ecs.CfnService.ServiceConnectServiceProperty {
    const { portName, discoveryName, port } = this.props;
    return {
      portName,
      discoveryName,
      clientAliases: [{ dnsName: discoveryName, port }],
      timeout: this.renderTimeout(),
    };
  }

  /** Without a time-out of its own, the proxy would end every request after 15 seconds. For bytes over TCP it has none. */
  private renderTimeout(): ecs.CfnService.TimeoutConfigurationProperty | undefined {
    const { protocol, maxRequestTime } = this.props;
    if (!protocol.isHttp) return undefined;
    if (protocol.idleTimeout === undefined) return { perRequestTimeoutSeconds: maxRequestTime.toSeconds() };
    return { idleTimeoutSeconds: protocol.idleTimeout.toSeconds(), perRequestTimeoutSeconds: 0 }; // 0: a connection may last
  }
}

/** Services that speak UDP are not called by name. */
export function rejectUdp(scope: Construct, protocol: ProtocolConfig): void {
  if (protocol.transport === ecs.Protocol.UDP) {
    fail(scope, "'connectTo' cannot reach a service that speaks UDP, which Service Connect does not know; give it a route: ServiceRoute.udp");
  }
}

/** A name belongs to one service of the cluster, as far as this app knows. */
export function claimName(scope: Construct, props: Pick<ServiceConnectProps, 'cluster' | 'discoveryName'>): void {
  const names = props.cluster._discoveryNames;
  const owner = names.get(props.discoveryName);
  if (owner !== undefined) {
    fail(scope, `'discoveryName' must be unique in a cluster, got "${props.discoveryName}", which ${owner} has; give one of them another 'discoveryName'`);
  }
  names.set(props.discoveryName, scope.node.path);
}
