import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { allowProtocol } from './allow-protocol';
import { shiftTraffic } from './deployment/shift-traffic';
import { createShiftedPlace, ShiftedPlace } from './deployment/shifted-place';
import { createListenerRules } from './listener-rules';
import type { ResolvedHealthCheck } from './resolve-health-check';
import { ingressOf, RouteConfig } from './route-config';
import type { ServiceDeployment } from './service-deployment';
import type { ServiceProtocol } from './service-protocol';
import type { ServiceRoute } from './service-route';
import { createTargetGroup } from './target-group';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { IngressRole } from '../ingress/ingress-role';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { fail } from '../private/fail';

/** What a service with routes hands over to its load balancers. */
export interface ServiceExposureProps {
  readonly cluster: IFargateCluster;
  readonly routes: ServiceRoute[];
  readonly port: number;
  readonly healthCheck: ResolvedHealthCheck;
  readonly maxRequestTime: Duration;
  readonly protocol: ServiceProtocol;
  readonly deployment?: ServiceDeployment;
}

/** A service's place behind one shared load balancer: a target group, and the listener rules of its routes. */
export interface IngressPlace {
  readonly role: IngressRole;
  readonly ingress: ISharedIngress;
  readonly targetGroup: elbv2.CfnTargetGroup;
  readonly rules: elbv2.CfnListenerRule[];
  /** Where requests are shifted between two groups. */
  readonly shifted?: ShiftedPlace;
}

/** A service's places behind the shared load balancers that its routes ask for: the public one, the internal one, or both. */
export class ServiceExposure {
  public readonly places: IngressPlace[];

  constructor(private readonly scope: Construct, private readonly props: ServiceExposureProps) {
    this.places = Object.values(IngressRole)
      .map((role) => ({ role, routes: props.routes.map((route) => route._bind()).filter((route) => route.role === role) }))
      .filter(({ routes }) => routes.length > 0)
      .map(({ role, routes }) => {
        const ingress = ingressOf(props.cluster, role);
        ingress._allowRequestTime(props.maxRequestTime, 'maxRequestTime');
        allowProtocol(scope, ingress, props.protocol._bind(), routes);
        return this.createPlace(role, ingress, routes);
      });
  }

  private createPlace(role: IngressRole, ingress: ISharedIngress, routes: RouteConfig[]): IngressPlace {
    const { scope, props } = this;
    const targetGroup = createTargetGroup(scope, ingress, props);
    const strategy = props.deployment?._shift;
    if (strategy === undefined) return { role, ingress, targetGroup, rules: createListenerRules(scope, ingress, targetGroup, routes) };
    const alternate = createTargetGroup(scope, ingress, props, 'Alternate');
    const shifted = createShiftedPlace(scope, { ingress, groups: [targetGroup, alternate], routes, strategy });
    return { role, ingress, targetGroup, rules: shifted.rules, shifted };
  }

  /** The target group on one of the load balancers. */
  public targetGroupOf(role: IngressRole): elbv2.CfnTargetGroup | undefined {
    return this.places.find((place) => place.role === role)?.targetGroup;
  }

  /** How metrics of requests per task name a place, load balancer and target group: the public one, if there is one. */
  public get requestLabel(): string {
    const [{ ingress, targetGroup, shifted }] = this.places;
    if (shifted !== undefined) {
      fail(this.scope, `'requestsPerTask' cannot be used with ServiceDeployment.${this.props.deployment!._shift!.name}: it counts the requests of one target group, and each `
        + 'deployment moves them to the other one; scale on CPU, or use ServiceDeployment.rolling');
    }
    return `${ingress.loadBalancerFullName}/${targetGroup.attrTargetGroupFullName}`;
  }

  /** Registers the service's tasks. ECS refuses a target group that no rule has tied to a load balancer yet, hence the dependency. */
  public attach(service: ecs.CfnService, containerName: string): void {
    const strategy = this.props.deployment?._shift;
    const advanced = strategy && shiftTraffic(this.scope, { cluster: this.props.cluster, service, strategy, places: this.places });
    const ours = this.places.map(({ targetGroup }, index) => (
      { containerName, containerPort: this.props.port, targetGroupArn: targetGroup.ref, advancedConfiguration: advanced?.[index] }));
    const added = service.loadBalancers; // what users add through the L2, a network load balancer for instance
    service.loadBalancers = Lazy.any({ produce: () => [...ours, ...Stack.of(this.scope).resolve(added) ?? []] });
    service.node.addDependency(...this.places.flatMap(({ rules }) => rules));
  }
}
