import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ClusterNetwork } from './cluster-network';
import type { ClusterProfile } from './cluster-profile';
import type { ClusterPublication } from './cluster-publication';
import type { ClusterIngress } from '../ingress/cluster-ingress';
import type { ServiceCapacity } from '../service/service-capacity';

/** Properties of `FargateCluster`. */
export interface FargateClusterProps {
  /**
   * The network that the workloads run in.
   *
   * @default - a new VPC with two zones and NAT gateways: `ClusterNetwork.natGateways()`
   */
  readonly network?: ClusterNetwork;

  /**
   * The load balancer that public routes share.
   *
   * Nothing is created before the first service has a public route.
   *
   * @default - a public Application Load Balancer; without a certificate or domain it speaks plain HTTP, and a warning says so
   */
  readonly ingress?: ClusterIngress;

  /**
   * The load balancer that routes from inside the network share.
   *
   * Nothing is created before the first service has such a route.
   *
   * @default - an internal Application Load Balancer that the VPC's own address range reaches over plain HTTP
   */
  readonly internalIngress?: ClusterIngress;

  /**
   * The set of defaults for the cluster and its workloads.
   *
   * Set it to `DEVELOPMENT` where cost counts more than availability. It sets defaults only: a prop that is given always wins.
   *
   * @default ClusterProfile.PRODUCTION
   */
  readonly profile?: ClusterProfile;

  /**
   * What workloads run on that say nothing: Fargate on demand, Fargate Spot or a mix. For instances, call `useCapacityByDefault` once they are added.
   *
   * Under the hood, this is the cluster's `DefaultCapacityProviderStrategy`, and a copy of it in each such workload.
   *
   * @default - Fargate on demand in production, Fargate Spot in development
   */
  readonly capacity?: ServiceCapacity;

  /**
   * What happens when an alarm of one of the workloads fires.
   *
   * @default - alarms change their state and notify nobody
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * Whether the SNS topics among `alarmActions` are told, in a message that can be read, what fails in the cluster, why, and what most likely helps: tasks that stop by
   * themselves (out of memory, image not found, secret missing, health check failed, an exit code), deployments that fail, tasks that find no place.
   *
   * One message an hour for the same failure of the same deployment, however often a task crashes. Creates a Lambda function and a state machine, with a role each, a
   * log group and an EventBridge rule, once for the cluster; they cost next to nothing. It tells of all services and tasks of the cluster, also those of
   * other apps. `true` without a topic is an error.
   *
   * @default - in production, if `alarmActions` has an SNS topic
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
   */
  readonly explainFailures?: boolean;

  /**
   * CloudWatch Container Insights: metrics of each task and container. They are charged as custom metrics.
   *
   * Under the hood, this is the cluster's `containerInsights` setting.
   *
   * @default - enhanced in production, disabled in development
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContainerInsights.html
   */
  readonly containerInsights?: ecs.ContainerInsights;

  /**
   * The name of the Cloud Map namespace in which services find each other.
   *
   * It must be unique in an account and Region, which AWS checks; 1 to 64 letters, digits, `-`, `_` and `.`. A change replaces the namespace.
   *
   * @default - a unique name from the construct's path
   */
  readonly namespaceName?: string;

  /**
   * The permissions boundary of every role that the cluster and its workloads make, in whatever stack.
   *
   * Set it where an account allows no role without one. It bounds what a role may do and grants nothing: what is granted and not in the boundary is denied.
   *
   * Under the hood, this is `PermissionsBoundary` of each role, also of the functions that the CDK adds to the cluster's stack.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * Publishes the cluster to other apps, which attach workloads to it by `FargateCluster.fromParameters`.
   *
   * Creates an SSM parameter for each fact (free of charge) and the load balancers that it lists. The routes of this app get their numbers from 1 to 5000
   * (band 0): set it from the beginning, because it gives the rules that exist already other numbers.
   *
   * @default - other apps cannot attach workloads by parameters
   */
  readonly publication?: ClusterPublication;

  /**
   * The key that the disks of tasks on Fargate are encrypted with. It is for the whole cluster.
   *
   * Its policy gets what Fargate needs, for clusters of this account. A key is charged by the month. Under the hood, this is
   * `FargateEphemeralStorageKmsKeyId` of the cluster's configuration.
   *
   * @default - a key that AWS owns
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-storage-encryption.html
   */
  readonly ephemeralStorageKey?: kms.IKey;
}
