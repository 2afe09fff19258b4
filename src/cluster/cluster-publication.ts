import type { Duration } from 'aws-cdk-lib/core';

/** What a cluster publishes to other apps of the same account and Region, as SSM parameters. */
export interface ClusterPublication {
  /**
   * The path of the parameters, such as `/platform`. The version of the set follows it: `/platform/v1/cluster-name`.
   *
   * Letters, digits, `_`, `.`, `-` and `/`; not below `/aws` or `/ssm`. A change replaces the parameters: apps that read the old ones can no longer be deployed.
   */
  readonly path: string;

  /**
   * Whether other apps may put routes on the public load balancer. Makes it, whether or not a service of this app has such a route; it costs by the hour.
   *
   * @default false
   */
  readonly publicIngress?: boolean;

  /**
   * Whether other apps may put routes on the internal load balancer. Makes it, whether or not a service of this app has such a route; it costs by the hour.
   *
   * @default false
   */
  readonly internalIngress?: boolean;

  /**
   * The longest `maxRequestTime` of services in other apps: the load balancers wait so long for an answer.
   *
   * @default - 60 seconds, or more where a service of this app needs it
   */
  readonly maxRequestTime?: Duration;
}
