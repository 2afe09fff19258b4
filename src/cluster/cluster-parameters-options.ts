import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Duration } from 'aws-cdk-lib/core';
import type { ClusterProfile } from './cluster-profile';
import type { PriorityRange } from '../ingress/priority-range';
import type { ServiceCapacity } from '../service/service-capacity';

/** What an app must know at synthesis of a cluster whose parameters it reads at deploy time. */
export interface ClusterParametersOptions {
  /**
   * How many zones to use, 1 to 6: as many as the platform has published (its parameter `zones`), or fewer. The deployment fails if there are fewer.
   */
  readonly zones: number;

  /**
   * The numbers that this app may give to its rules on the load balancers, such as `RoutePriorities.band(2)`.
   *
   * @default - none: a route is an error
   */
  readonly priorities?: PriorityRange;

  /**
   * The set of defaults for the workloads of this app. It need not be the platform's.
   *
   * @default ClusterProfile.PRODUCTION
   */
  readonly profile?: ClusterProfile;

  /**
   * What happens when an alarm of one of the workloads fires.
   *
   * @default - alarms change their state and notify nobody
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * Whether the cluster has Container Insights. Only then can an alarm know how many tasks run; the deployment fails if it has not.
   *
   * @default - true in production, false in development
   */
  readonly containerInsights?: boolean;

  /**
   * Whether tasks run in public subnets, with a public address. The deployment fails if the platform says otherwise.
   *
   * @default false
   */
  readonly assignPublicIp?: boolean;

  /**
   * What workloads run on that say nothing.
   *
   * @default - Fargate on demand in production, Fargate Spot in development
   */
  readonly capacity?: ServiceCapacity;

  /**
   * The longest `maxRequestTime` of a service of this app that has a route: what the platform has published, at most.
   *
   * @default Duration.seconds(60)
   */
  readonly maxRequestTime?: Duration;
}
