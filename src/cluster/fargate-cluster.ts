import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import { Names } from 'aws-cdk-lib/core';
import { Construct, IConstruct, IDependable } from 'constructs';
import { ClusterNetwork } from './cluster-network';
import { ClusterProfile } from './cluster-profile';
import { ClusterIngress } from '../ingress/cluster-ingress';
import type { SharedIngress } from '../ingress/shared-ingress';
import { createClusterDashboard } from '../observability/cluster-dashboard';
import { checkPattern } from '../private/check';
import { defaultsOf } from '../private/profile-defaults';

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

  /** The public load balancer that the services of this cluster share. It is made when it is asked for the first time. */
  publicIngress(): SharedIngress;
}

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
   * The set of defaults for the cluster and its workloads.
   *
   * Set it to `DEVELOPMENT` where cost counts more than availability. It sets defaults only: a prop that is given always wins.
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
}

/**
 * A logical grouping of compute capacity where tasks run: network, ECS cluster, shared load balancer and discovery namespace.
 *
 * Creates an ECS cluster with Fargate and Fargate Spot and an HTTP namespace in AWS Cloud Map, both free of charge, in production a CloudWatch dashboard
 * of all its services (charged by the month), and, unless one is given, a VPC (NAT gateways cost by the hour). The shared load balancer is created when
 * the first service asks for a public route.
 *
 * @example
 * const platform = new FargateCluster(this, 'Platform');
 * new EcsMicroservice(this, 'Orders', {
 *   cluster: platform,
 *   image: ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.29'),
 * });
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/clusters.html
 */
export class FargateCluster extends Construct implements IFargateCluster {
  public readonly vpc: ec2.IVpc;
  public readonly cluster: ecs.ICluster;
  public readonly namespace: servicediscovery.INamespace;
  public readonly profile: ClusterProfile;
  public readonly taskSubnets: ec2.SubnetSelection;
  public readonly assignPublicIp: boolean;

  /** @internal */
  public readonly _taskPrerequisites: IDependable[];

  /** @internal */
  public readonly _discoveryNames = new Map<string, string>();

  /** @internal */
  public readonly _hasContainerInsights: boolean;

  private readonly actions: cloudwatch.IAlarmAction[];
  private readonly ingress: ClusterIngress;
  private shared?: SharedIngress;

  constructor(scope: Construct, id: string, props: FargateClusterProps = {}) {
    super(scope, id);
    checkPattern(this, 'namespaceName', props.namespaceName, /^[A-Za-z0-9._-]{1,64}$/,
      "1 to 64 letters, digits, '-', '_' and '.'", 'choose another name or omit it');

    this.profile = props.profile ?? ClusterProfile.PRODUCTION;
    this.ingress = props.ingress ?? ClusterIngress.publicAlb();
    this.actions = [...props.alarmActions ?? []];

    const network = (props.network ?? ClusterNetwork.natGateways())._bind(this, this.profile);
    this.vpc = network.vpc;
    this.taskSubnets = network.taskSubnets;
    this.assignPublicIp = network.assignPublicIp;

    const containerInsights = props.containerInsights ?? defaultsOf(this.profile).containerInsights;
    this._hasContainerInsights = containerInsights !== ecs.ContainerInsights.DISABLED;
    this.cluster = this.createCluster(containerInsights);
    this._taskPrerequisites = [this.createCapacity(), this.vpc.selectSubnets(this.taskSubnets).internetConnectivityEstablished];
    this.namespace = this.createNamespace(props.namespaceName);
    this.createDashboard();
  }

  public get alarmActions(): cloudwatch.IAlarmAction[] {
    return [...this.actions];
  }

  public publicIngress(): SharedIngress {
    this.shared ??= this.ingress._bind(this);
    return this.shared;
  }

  private createCluster(containerInsightsV2: ecs.ContainerInsights): ecs.ICluster {
    return new ecs.Cluster(this, 'Cluster', {
      vpc: this.vpc,
      containerInsightsV2,
    });
  }

  /**
   * Fargate and Fargate Spot, for services and for tasks run by hand.
   *
   * Made here and not by the L2, which makes it while the app is synthesised: services must wait for it, and it must outlive them.
   */
  private createCapacity(): ecs.CfnClusterCapacityProviderAssociations {
    return new ecs.CfnClusterCapacityProviderAssociations(this, 'Capacity', {
      cluster: this.cluster.clusterName,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [{ capacityProvider: defaultsOf(this.profile).spot ? 'FARGATE_SPOT' : 'FARGATE', weight: 1 }],
    });
  }

  private createNamespace(name?: string): servicediscovery.INamespace {
    return new servicediscovery.HttpNamespace(this, 'Namespace', {
      name: name ?? Names.uniqueResourceName(this, { maxLength: 64, separator: '-' }),
      description: `Names of the services of ${this.node.path}`,
    });
  }

  private createDashboard(): void {
    if (!defaultsOf(this.profile).dashboard) return;
    createClusterDashboard(this, {
      clusterName: this.cluster.clusterName,
      loadBalancer: () => this.shared?.loadBalancer.loadBalancerFullName,
    });
  }
}
