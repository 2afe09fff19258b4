import { createHash } from 'crypto';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration, Lazy, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ResolvedHealthCheck } from './resolve-health-check';
import type { ServiceRoute } from './service-route';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { keyOf } from '../ingress/route-priority';
import { fail } from '../private/fail';

/** What a service with routes hands over to its load balancer. */
export interface ServiceExposureProps {
  readonly cluster: IFargateCluster;
  readonly routes: ServiceRoute[];
  readonly port: number;
  readonly healthCheck: ResolvedHealthCheck;
  readonly maxRequestTime: Duration;
}

/** A service's place behind a shared load balancer: one target group, and a listener rule for each route. */
export class ServiceExposure {
  public readonly ingress: ISharedIngress;
  public readonly targetGroup: elbv2.CfnTargetGroup;
  private readonly rules: elbv2.CfnListenerRule[];

  constructor(private readonly scope: Construct, private readonly props: ServiceExposureProps) {
    this.ingress = props.routes[0]._bind().ingress(props.cluster);
    if (props.routes.some((route) => route._bind().ingress(props.cluster) !== this.ingress)) {
      fail(scope, "'routes' must lie on one load balancer; make two services of it");
    }
    this.ingress._allowRequestTime(props.maxRequestTime);
    this.targetGroup = this.createTargetGroup();
    this.rules = props.routes.map((route) => this.createRule(route));
  }

  /** How metrics of requests per task name this place: load balancer and target group. */
  public get requestLabel(): string {
    return `${this.ingress.loadBalancerFullName}/${this.targetGroup.attrTargetGroupFullName}`;
  }

  /** Registers the service's tasks. ECS refuses a target group that no rule has tied to a load balancer yet, hence the dependency. */
  public attach(service: ecs.CfnService, containerName: string): void {
    const ours = { containerName, containerPort: this.props.port, targetGroupArn: this.targetGroup.ref };
    const added = service.loadBalancers; // what users add through the L2, a network load balancer for instance
    service.loadBalancers = Lazy.any({ produce: () => [ours, ...Stack.of(this.scope).resolve(added) ?? []] });
    service.node.addDependency(...this.rules);
  }

  private createTargetGroup(): elbv2.CfnTargetGroup {
    const { cluster, healthCheck, maxRequestTime } = this.props;
    return new elbv2.CfnTargetGroup(this.scope, 'TargetGroup', {
      vpcId: cluster.vpc.vpcId,
      targetType: 'ip',
      protocol: 'HTTP',
      port: 80, // tasks register with their own port: this one is never used, and a change of it would replace the group
      healthCheckPath: healthCheck.path,
      healthCheckIntervalSeconds: healthCheck.interval.toSeconds(),
      healthCheckTimeoutSeconds: healthCheck.timeout.toSeconds(),
      healthyThresholdCount: healthCheck.healthyThreshold,
      unhealthyThresholdCount: healthCheck.unhealthyThreshold,
      targetGroupAttributes: [
        { key: 'deregistration_delay.timeout_seconds', value: Tokenization.stringifyNumber(maxRequestTime.toSeconds()) },
      ],
    });
  }

  private createRule(route: ServiceRoute): elbv2.CfnListenerRule {
    const { hosts, paths, priority: given } = route._bind();
    const known = { hosts: hosts.map((host) => this.literal(host)), paths: paths.map((path) => this.literal(path)) };
    const placed = this.ingress._routes.add({ ...known, priority: given, owner: this.scope.node.path });
    if ('problem' in placed) {
      return fail(this.scope, placed.problem);
    }
    return new elbv2.CfnListenerRule(this.scope, ruleId(known, given), {
      listenerArn: this.ingress.listenerArn,
      priority: placed.priority,
      conditions: conditions(hosts, paths),
      actions: [{ type: 'forward', targetGroupArn: this.targetGroup.ref }],
    });
  }

  /** A token as what it stands for in the template: the same in every synthesis, where the token's own text is not. */
  private literal(value: string): string {
    return Token.isUnresolved(value) ? JSON.stringify(Stack.of(this.scope).resolve(value)) : value;
  }
}

/**
 * A listener has one rule for each priority, and CloudFormation makes the new rule before it removes the old one. So a changed route that computes its
 * priority is a new rule with a new id, and a changed route that wrote its priority down keeps its id and is updated in place.
 */
function ruleId(route: { hosts: string[]; paths: string[] }, priority?: number): string {
  if (priority !== undefined && !Token.isUnresolved(priority)) return `Route${priority}`;
  return `Route${createHash('sha256').update(keyOf(route)).digest('hex').slice(0, 8)}`;
}

function conditions(hosts: string[], paths: string[]): elbv2.CfnListenerRule.RuleConditionProperty[] {
  const found = [
    ...hosts.length > 0 ? [{ field: 'host-header', hostHeaderConfig: { values: hosts } }] : [],
    ...paths.length > 0 ? [{ field: 'path-pattern', pathPatternConfig: { values: paths } }] : [],
  ];
  return found.length > 0 ? found : [{ field: 'path-pattern', pathPatternConfig: { values: ['/*'] } }];
}
