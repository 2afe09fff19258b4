import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Duration } from 'aws-cdk-lib/core';
import type { ClusterProfile } from './cluster-profile';
import type { ExecLogging } from './exec-logging';
import type { NetworkEndpoint } from './network-endpoint';
import type { PriorityRange } from '../ingress/priority-range';
import type { ServiceCapacity } from '../service/service-capacity';

/** What an app must know at synthesis of a cluster whose parameters it reads at deploy time. */
export interface PublishedClusterProps {
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

  /**
   * The VPC endpoints that the subnets of the tasks have, where nothing else leads out of them: those that every task needs, and those that workloads call.
   *
   * With it, an image that no endpoint leads to is an error at synthesis, and so is a call for which the list has no endpoint.
   *
   * @default - there is a way to the internet: nothing is checked
   */
  readonly endpoints?: NetworkEndpoint[];

  /**
   * The permissions boundary of every role that a workload of this app makes.
   *
   * @default - none
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * Where the cluster keeps ECS Exec sessions: what `execLogging()` gives in the app that made it. It must be the cluster's own configuration.
   *
   * @default - none: `enableExec` is an error
   */
  readonly execLogging?: ExecLogging;

  /**
   * How many rules the load balancer may have in this app: what others leave of the account's quota. AWS gives 100 to a load balancer, of all apps together.
   *
   * @default 100
   */
  readonly ruleQuota?: number;
}
