import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { allowProtocol } from './allow-protocol';
import { createListenerRules } from './listener-rules';
import type { ResolvedHealthCheck } from './resolve-health-check';
import { ingressOf } from './route-config';
import type { ServiceProtocol } from './service-protocol';
import type { ServiceRoute } from './service-route';
import { createTargetGroup } from './target-group';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { IngressRole } from '../ingress/ingress-role';
import type { ISharedIngress } from '../ingress/ishared-ingress';

/** What a service with routes hands over to its load balancers. */
export interface ServiceExposureProps {
  readonly cluster: IFargateCluster;
  readonly routes: ServiceRoute[];
  readonly port: number;
  readonly healthCheck: ResolvedHealthCheck;
  readonly maxRequestTime: Duration;
  readonly protocol: ServiceProtocol;
}

/** A service's place behind one shared load balancer: a target group, and the listener rules of its routes. */
export interface IngressPlace {
  readonly role: IngressRole;
  readonly ingress: ISharedIngress;
  readonly targetGroup: elbv2.CfnTargetGroup;
  readonly rules: elbv2.CfnListenerRule[];
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
        const targetGroup = createTargetGroup(scope, ingress, props);
        return { role, ingress, targetGroup, rules: createListenerRules(scope, ingress, targetGroup, routes) };
      });
  }

  /** The target group on one of the load balancers. */
  public targetGroupOf(role: IngressRole): elbv2.CfnTargetGroup | undefined {
    return this.places.find((place) => place.role === role)?.targetGroup;
  }

  /** How metrics of requests per task name a place, load balancer and target group: the public one, if there is one. */
  public get requestLabel(): string {
    const [{ ingress, targetGroup }] = this.places;
    return `${ingress.loadBalancerFullName}/${targetGroup.attrTargetGroupFullName}`;
  }

  /** Registers the service's tasks. ECS refuses a target group that no rule has tied to a load balancer yet, hence the dependency. */
  public attach(service: ecs.CfnService, containerName: string): void {
    const ours = this.places.map(({ targetGroup }) => ({ containerName, containerPort: this.props.port, targetGroupArn: targetGroup.ref }));
    const added = service.loadBalancers; // what users add through the L2, a network load balancer for instance
    service.loadBalancers = Lazy.any({ produce: () => [...ours, ...Stack.of(this.scope).resolve(added) ?? []] });
    service.node.addDependency(...this.places.flatMap(({ rules }) => rules));
  }
}
