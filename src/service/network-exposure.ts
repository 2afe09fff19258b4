import { createHash } from 'crypto';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration, Lazy, Stack, Tokenization } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { createNetworkListener } from './network-listener';
import type { NetworkRouteConfig } from './network-route';
import type { ProtocolConfig } from './protocol-config';
import type { ResolvedHealthCheck } from './resolve-health-check';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { INetworkIngress } from '../ingress/inetwork-ingress';
import { createAlarm } from '../observability/alarm';
import { fail } from '../private/fail';
import { defaultsOf } from '../private/profile-defaults';
import type { IngressRule } from '../private/security-group';

/** What a service with routes of this kind hands over to its Network Load Balancers. */
export interface NetworkExposureProps {
  readonly cluster: IFargateCluster;
  readonly routes: NetworkRouteConfig[];
  readonly port: number;
  readonly protocol: ProtocolConfig;
  readonly healthCheck: ResolvedHealthCheck;
  readonly maxRequestTime: Duration;
  /** How many target groups the service has behind Application Load Balancers. */
  readonly otherTargetGroups: number;
}

interface Place {
  readonly ingress: INetworkIngress;
  readonly route: NetworkRouteConfig;
  readonly targetGroup: elbv2.CfnTargetGroup;
  readonly listener: elbv2.CfnListener;
}

/** A listener on an internal load balancer. */
interface InternalDoor {
  readonly domainName: string;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly listener: IConstruct;
  readonly port: ec2.Port;
  readonly number: number;
}

/** ECS registers a task with this many target groups at most. */
const MAX_TARGET_GROUPS = 5;

/** A service's places behind shared Network Load Balancers: a listener, and a target group of its own, for each route. */
export class NetworkExposure {
  private readonly places: Place[];

  constructor(private readonly scope: Construct, private readonly props: NetworkExposureProps) {
    const targetGroups = props.routes.length + props.otherTargetGroups;
    if (targetGroups > MAX_TARGET_GROUPS) {
      fail(scope, `'routes' of one service must come to ${MAX_TARGET_GROUPS} target groups at most, one for each Application Load Balancer and one for each `
        + `route by TCP, UDP or TLS, got ${targetGroups}; make two services of it`);
    }
    this.places = props.routes.map((route) => this.createPlace(route));
  }

  /** What must reach the tasks: the load balancers, with connections and with health checks. */
  public get sources(): IngressRule[] {
    const rules = this.places.flatMap(({ ingress: { securityGroup: from }, route }) => [
      { from, port: this.props.port, protocol: route.transport },
      { from, port: route.healthCheckPort ?? this.props.port, protocol: ecs.Protocol.TCP },
    ]);
    return rules.filter((rule, index) => index === rules.findIndex((other) => (
      other.from === rule.from && other.port === rule.port && other.protocol === rule.protocol)));
  }

  /** Where callers inside the network connect to; undefined: nowhere. */
  public get internalDoor(): InternalDoor | undefined {
    const place = this.places.find(({ route }) => !route.internetFacing);
    if (place === undefined) return undefined;
    const { ingress: { domainName, securityGroup }, route: { port: number, transport }, listener } = place;
    return { domainName, securityGroup, listener, number, port: transport === ecs.Protocol.UDP ? ec2.Port.udp(number) : ec2.Port.tcp(number) };
  }

  /** Registers the service's tasks. ECS refuses a target group that no listener has tied to a load balancer yet, hence the dependency. */
  public attach(service: ecs.CfnService, containerName: string): void {
    const ours = this.places.map(({ targetGroup }) => ({ containerName, containerPort: this.props.port, targetGroupArn: targetGroup.ref }));
    const added = service.loadBalancers;
    service.loadBalancers = Lazy.any({ produce: () => [...Stack.of(this.scope).resolve(added) ?? [], ...ours] });
    service.node.addDependency(...this.places.map(({ listener }) => listener));
  }

  private createPlace(route: NetworkRouteConfig): Place {
    const { cluster, protocol } = this.props;
    if (route.transport !== protocol.transport) {
      const wanted = route.transport === ecs.Protocol.UDP ? 'ServiceProtocol.udp()' : 'ServiceProtocol.tcp() or one of HTTP';
      fail(this.scope, `'protocol' must be ${wanted} for a ${route.listenerProtocol} route, got ${protocol.name}; change one of the two`);
    }
    const ingress = route.internetFacing ? cluster.publicNetworkIngress() : cluster.internalNetworkIngress();
    const problem = ingress._ports.claim(route.port, this.scope.node.path, route.allowedSources?.length ?? 1);
    if (problem !== undefined) fail(this.scope, problem);
    const scope = new Construct(this.scope, `${route.internetFacing ? 'Public' : 'Internal'}Port${route.port}`);
    const targetGroup = this.createTargetGroup(scope, ingress, route);
    const place = { ingress, route, targetGroup, listener: createNetworkListener(this.scope, ingress, cluster, route, targetGroup) };
    if (defaultsOf(cluster.profile).alarms) this.createAlarm(scope, place);
    return place;
  }

  /** A target group belongs to one load balancer for life, so what names the load balancer is part of its id. */
  private createTargetGroup(scope: Construct, ingress: INetworkIngress, route: NetworkRouteConfig): elbv2.CfnTargetGroup {
    const { cluster, maxRequestTime } = this.props;
    const identity = createHash('sha256').update(ingress.node.path).digest('hex').slice(0, 8);
    return new elbv2.CfnTargetGroup(scope, `TargetGroup${identity}`, {
      vpcId: cluster.vpc.vpcId,
      targetType: 'ip',
      protocol: route.transport.toUpperCase(),
      port: 80, // tasks register with their own port: this one is never used, and a change of it would replace the group
      ...this.healthCheck(route),
      targetGroupAttributes: [
        { key: 'deregistration_delay.timeout_seconds', value: Tokenization.stringifyNumber(maxRequestTime.toSeconds()) },
        // a connection without an end would be cut off in the middle, when its task stops, and not when its time is over
        { key: 'deregistration_delay.connection_termination.enabled', value: 'true' },
        { key: 'preserve_client_ip.enabled', value: String(route.preserveClientIp) },
      ],
    });
  }

  /** What speaks HTTP/1.1 is asked by HTTP; of all else the load balancer sees whether it takes connections. */
  private healthCheck(route: NetworkRouteConfig): Partial<elbv2.CfnTargetGroupProps> {
    const { healthCheck, protocol } = this.props;
    const http = protocol.isHttp && protocol.version === undefined;
    return {
      healthCheckProtocol: http ? 'HTTP' : 'TCP',
      healthCheckPath: http ? healthCheck.path : undefined,
      matcher: http ? { httpCode: protocol.successCodes ?? '200' } : undefined,
      healthCheckPort: route.healthCheckPort === undefined ? undefined : Tokenization.stringifyNumber(route.healthCheckPort),
      healthCheckIntervalSeconds: healthCheck.interval.toSeconds(),
      healthCheckTimeoutSeconds: healthCheck.timeout.toSeconds(),
      healthyThresholdCount: healthCheck.healthyThreshold,
      unhealthyThresholdCount: healthCheck.unhealthyThreshold,
    };
  }

  private createAlarm(scope: Construct, { ingress, targetGroup }: Place): void {
    createAlarm(scope, 'UnhealthyHostsAlarm', this.props.cluster.alarmActions, {
      description: 'The network load balancer finds tasks unhealthy, for five minutes. Look at the log of the tasks first: do they listen on the port?',
      metrics: {
        unhealthy: {
          namespace: 'AWS/NetworkELB',
          name: 'UnHealthyHostCount',
          statistic: 'Maximum',
          dimensions: { LoadBalancer: ingress.loadBalancerFullName, TargetGroup: targetGroup.attrTargetGroupFullName },
        },
      },
      expression: 'unhealthy',
      threshold: 0,
      minutes: 5,
      of: 5,
    });
  }
}
