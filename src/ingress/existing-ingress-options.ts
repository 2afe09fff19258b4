import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Duration } from 'aws-cdk-lib/core';
import type { PriorityRange } from './priority-range';

/** Options of `ClusterIngress.existing`. */
export interface ExistingIngressOptions {
  /** The listener to put the rules on: of an Application Load Balancer in the cluster's VPC, and of the same account and Region. */
  readonly listenerArn: string;

  /** The security group of the load balancer. It must let out to the tasks on their ports; the tasks let it in. */
  readonly securityGroup: ec2.ISecurityGroup;

  /** Where callers reach the listener: scheme and domain name, such as `https://api.example.com`. */
  readonly url: string;

  /**
   * The idle time-out of the load balancer: no request may take longer.
   *
   * @default Duration.seconds(60)
   */
  readonly idleTimeout?: Duration;

  /**
   * The priorities that this app may give out. Choose a range in which nobody else has rules: others are not seen, and AWS refuses a number in use.
   *
   * @default - 5001 to 50000
   */
  readonly priorities?: PriorityRange;

  /**
   * How many rules the load balancer may have in this app: what others leave of the account's quota.
   *
   * @default 100
   */
  readonly ruleQuota?: number;
}
