import type { Duration } from 'aws-cdk-lib/core';
import type { PriorityRange } from './priority-range';

/** An Application Load Balancer that exists already: made by this library in another app, or by anybody else. */
export interface IngressAttributes {
  /** The ARN of the listener that the rules are added to: the HTTPS one, where there are two. */
  readonly listenerArn: string;

  /** The id of the load balancer's security group. The tasks of services with a route let it in. */
  readonly securityGroupId: string;

  /** Where the services are reached: scheme and domain name, such as `https://api.example.com`. */
  readonly url: string;

  /** The numbers that this app may give to its rules on the listener: none of another app. */
  readonly priorities: PriorityRange;

  /**
   * The name of the load balancer in metrics: `app/name/0123456789abcdef`.
   *
   * @default - taken from the ARN of the listener
   */
  readonly loadBalancerFullName?: string;

  /**
   * The idle time-out of the load balancer: the longest that it waits for an answer. A service whose `maxRequestTime` is longer is an error.
   *
   * @default Duration.seconds(60)
   */
  readonly idleTimeout?: Duration;

  /**
   * How many rules the load balancer may have in this app: what others leave of the account's quota. AWS gives 100 to a load balancer, of all apps together.
   *
   * @default 100
   */
  readonly ruleQuota?: number;
}
