import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import type { Construct, IConstruct, IDependable } from 'constructs';
import type { ClusterEgress } from './cluster-egress';
import type { ClusterProfile } from './cluster-profile';
import type { ExecLogging } from './exec-logging';
import type { INetworkIngress } from '../ingress/inetwork-ingress';
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
   * The way of tasks to AWS and to the image registry: each workload says what it needs of it.
   *
   * @internal
   */
  readonly _egress: ClusterEgress;

  /**
   * The permissions boundary of every role that a workload makes.
   *
   * @internal
   */
  readonly _permissionsBoundary?: iam.IManagedPolicy;

  /**
   * Where everything that is typed and shown in ECS Exec sessions is kept. It is made when it is asked for the first time.
   *
   * Services with `enableExec` ask for it; ask for it yourself where services of other apps shall have it. Creates a KMS key with rotation (charged by the
   * month) and an encrypted log group.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   */
  execLogging(): ExecLogging;

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

  /** The internal Network Load Balancer that the services of this cluster share, for TCP, UDP and TLS. It is made when it is asked for the first time. */
  internalNetworkIngress(): INetworkIngress;

  /** The public Network Load Balancer that the services of this cluster share, for TCP, UDP and TLS. It is made when it is asked for the first time. */
  publicNetworkIngress(): INetworkIngress;
}
