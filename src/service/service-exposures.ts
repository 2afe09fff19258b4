import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { checkShift } from './deployment/shift-checks';
import { addressOfRoutes, type DirectAddress } from './direct-address';
import { NetworkExposure } from './network-exposure';
import { IngressPlace, ServiceExposure, ServiceExposureProps } from './service-exposure';
import type { ServiceRoute } from './service-route';
import type { IngressRole } from '../ingress/ingress-role';
import { createSecurityGroup } from '../private/security-group';

/** How requests from outside the cluster reach a service: through load balancers for requests, for connections, both or none. */
export class ServiceExposures {
  private readonly requests?: ServiceExposure;
  private readonly connections?: NetworkExposure;

  constructor(private readonly scope: Construct, routes: ServiceRoute[], private readonly props: Omit<ServiceExposureProps, 'routes'>) {
    checkShift(scope, routes, props.deployment);
    const application = routes.filter((route) => route._network === undefined);
    if (application.length > 0) this.requests = new ServiceExposure(scope, { ...props, routes: application });
    const network = routes.flatMap((route) => route._network ?? []);
    const others = { otherTargetGroups: this.places.length, protocol: props.protocol._bind() };
    if (network.length > 0) this.connections = new NetworkExposure(scope, { ...props, ...others, routes: network });
  }

  public get isEmpty(): boolean {
    return this.requests === undefined && this.connections === undefined;
  }

  /** The places behind Application Load Balancers. */
  public get places(): IngressPlace[] {
    return this.requests?.places ?? [];
  }

  /** How metrics of requests per task name the service; an error where deployments shift requests. */
  public get requestLabel(): (() => string) | undefined {
    const { requests } = this;
    return requests && (() => requests.requestLabel);
  }

  /** Where callers inside the network go. */
  public get directAddress(): DirectAddress | undefined {
    return addressOfRoutes(this.props.protocol._bind().scheme, this.requests, this.connections);
  }

  /** The target group on one of the Application Load Balancers. */
  public targetGroupOf(role: IngressRole): elbv2.CfnTargetGroup | undefined {
    return this.requests?.targetGroupOf(role);
  }

  /** The security group of the tasks, which lets in what the load balancers send. */
  public createTaskSecurityGroup(vpc: ec2.IVpc): ec2.ISecurityGroup {
    const places = this.places.map((place) => ({ from: place.ingress.securityGroup, port: this.props.port }));
    return createSecurityGroup(this.scope, 'SecurityGroup', vpc, 'Tasks', [...places, ...this.connections?.sources ?? []]);
  }

  /** Registers the service's tasks. */
  public attach(service: ecs.CfnService, containerName: string): void {
    this.requests?.attach(service, containerName);
    this.connections?.attach(service, containerName);
  }
}
