import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import type { Construct, IConstruct, IDependable } from 'constructs';
import type { ClusterProfile } from './cluster-profile';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import type { ServiceCapacity } from '../service/service-capacity';

/** A place where ECS tasks and Batch jobs run: what workloads need to know of a cluster. */
export interface IFargateCluster extends IConstruct {
  /** The network that tasks run in. */
  readonly vpc: ec2.IVpc;

  /** The ECS cluster. */
  readonly cluster: ecs.ICluster;

  /** The Cloud Map namespace in which services find each other by Service Connect. */
  readonly namespace: servicediscovery.INamespace;

  /** The set of defaults for the workloads of this cluster. */
  readonly profile: ClusterProfile;

  /** What happens when an alarm of one of the workloads fires. A copy. */
  readonly alarmActions: cloudwatch.IAlarmAction[];

  /** The subnets that tasks and jobs run in. */
  readonly taskSubnets: ec2.SubnetSelection;

  /** Whether tasks and jobs get a public address. */
  readonly assignPublicIp: boolean;

  /**
   * What must be there before a task can start: capacity to run on, and a way to the image registry.
   *
   * @internal
   */
  readonly _taskPrerequisites: IDependable[];

  /**
   * The Service Connect names that are taken in this app, with the path of who has them.
   *
   * @internal
   */
  readonly _discoveryNames: Map<string, string>;

  /**
   * Whether CloudWatch has the number of running tasks.
   *
   * @internal
   */
  readonly _hasContainerInsights: boolean;

  /**
   * What a workload runs on that says nothing. Absent where the profile decides.
   *
   * @internal
   */
  _defaultCapacity?(workload: Construct): ServiceCapacity;

  /** The public load balancer that the services of this cluster share. It is made when it is asked for the first time. */
  publicIngress(): ISharedIngress;

  /** The load balancer for callers inside the network that the services of this cluster share. It is made when it is asked for the first time. */
  internalIngress(): ISharedIngress;
}
