import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import type { PortTable } from './port-table';

/** A Network Load Balancer that many services share, each with ports of its own: what a service needs to know of it. */
export interface INetworkIngress extends IConstruct {
  /** The load balancer on which services make their listeners. */
  readonly loadBalancerArn: string;

  /** The name of the load balancer in metrics: `net/name/0123456789abcdef`. */
  readonly loadBalancerFullName: string;

  /** The security group of the load balancer. */
  readonly securityGroup: ec2.ISecurityGroup;

  /** The DNS name under which the ports are reached. */
  readonly domainName: string;

  /**
   * The ports that this app has given away.
   *
   * @internal
   */
  readonly _ports: PortTable;
}
