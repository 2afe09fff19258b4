import type { ServiceProtocol } from './service-protocol';
import type { IFargateCluster } from '../cluster/ifargate-cluster';

/** An `EcsMicroservice` of another app or stack, as others call and watch it: for `EcsMicroservice.fromAttributes`. */
export interface EcsMicroserviceAttributes {
  /** The cluster that the service runs in, and its callers: its namespace is where the name is known. */
  readonly cluster: IFargateCluster;

  /** The name of the ECS service: `service.serviceName` in the app that made it. */
  readonly serviceName: string;

  /** The name by which it is called: its `discoveryName`. Its own app must have made it known: by a service there that calls it, or since it has no route. */
  readonly discoveryName: string;

  /**
   * The private domain of its name, where it is found in DNS: its own app says `ServiceDiscovery.dns`.
   *
   * @default - none: it is called by Service Connect
   */
  readonly discoveryDomain?: string;

  /**
   * Where jobs and standalone tasks call it: the URL of its load balancer inside the network, which must let them in.
   *
   * @default - its name in DNS, if it has a `discoveryDomain`; else they cannot call it
   */
  readonly internalUrl?: string;

  /** The id of the security group of its tasks. Callers open it for themselves, by a rule in their own stack. */
  readonly securityGroupId: string;

  /**
   * The port that the application listens on.
   *
   * @default 8080
   */
  readonly port?: number;

  /**
   * What the application speaks on its port.
   *
   * @default ServiceProtocol.http1()
   */
  readonly protocol?: ServiceProtocol;

  /**
   * The load balancer behind which it is, as metrics name it: `app/name/0123456789abcdef`. It goes with `targetGroupFullName`.
   *
   * @default - none: metrics of requests are an error
   */
  readonly loadBalancerFullName?: string;

  /**
   * The target group of its tasks, as metrics name it: `targetgroup/name/0123456789abcdef`. It goes with `loadBalancerFullName`.
   *
   * @default - none: metrics of requests are an error
   */
  readonly targetGroupFullName?: string;
}
