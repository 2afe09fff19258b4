import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import type { ClusterProfile } from './cluster-profile';
import type { ExecLogging } from './exec-logging';
import type { NetworkEndpoint } from './network-endpoint';
import type { IngressAttributes } from '../ingress/ingress-attributes';
import type { ServiceCapacity } from '../service/service-capacity';

/** An ECS cluster that exists already, of whatever origin, with what surrounds it: for `FargateCluster.fromAttributes`. */
export interface FargateClusterAttributes {
  /**
   * The ECS cluster, as an L2. It must have the capacity providers `FARGATE` and `FARGATE_SPOT` for workloads that run on them.
   *
   * @default - the one that `clusterName` or `clusterArn` names; one of the three is needed
   */
  readonly cluster?: ecs.ICluster;

  /**
   * The name of the ECS cluster, in the account and Region of the stack.
   *
   * @default - taken from `cluster` or `clusterArn`
   */
  readonly clusterName?: string;

  /**
   * The ARN of the ECS cluster.
   *
   * @default - taken from `cluster` or `clusterName`
   */
  readonly clusterArn?: string;

  /**
   * The VPC that tasks run in.
   *
   * @default - the VPC of `cluster`; needed without it
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets that tasks and jobs run in. They must have a way to the image registry. In public ones tasks get a public address.
   *
   * @default - the private subnets with a route out; with `endpoints`, the isolated ones
   */
  readonly taskSubnets?: ec2.SubnetSelection;

  /**
   * The VPC endpoints that the subnets of the tasks have, where nothing else leads out of them: those that every task needs, and those that workloads call.
   *
   * With it, an image that no endpoint leads to is an error at synthesis, and so is a call for which the list has no endpoint.
   *
   * @default - there is a way to the internet: isolated subnets are an error
   */
  readonly endpoints?: NetworkEndpoint[];

  /**
   * The Cloud Map namespace in which services find each other.
   *
   * @default - none: services need a route, and `connectTo` is an error
   */
  readonly namespace?: servicediscovery.INamespace;

  /**
   * The set of defaults for the workloads.
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
   * Whether the cluster has Container Insights. Only then can an alarm know how many tasks run.
   *
   * @default - true in production, false in development
   */
  readonly containerInsights?: boolean;

  /**
   * What workloads run on that say nothing.
   *
   * @default - Fargate on demand in production, Fargate Spot in development
   */
  readonly capacity?: ServiceCapacity;

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
   * The load balancer of routes from the internet.
   *
   * @default - none: such a route is an error
   */
  readonly publicIngress?: IngressAttributes;

  /**
   * The load balancer of routes from inside the network.
   *
   * @default - none: such a route is an error
   */
  readonly internalIngress?: IngressAttributes;
}
