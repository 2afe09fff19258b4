import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import { Names } from 'aws-cdk-lib/core';
import { Construct, IDependable } from 'constructs';
import { factsFromAttributes } from './cluster-from-attributes';
import { factsFromParameters } from './cluster-from-parameters';
import { ClusterNetwork } from './cluster-network';
import type { ClusterParametersOptions } from './cluster-parameters-options';
import { ClusterProfile } from './cluster-profile';
import type { FargateClusterAttributes } from './fargate-cluster-attributes';
import type { FargateClusterProps } from './fargate-cluster-props';
import type { IFargateCluster } from './ifargate-cluster';
import { ImportedCluster } from './imported-cluster';
import { publishCluster } from './publish-cluster';
import { OWNER_BAND, rangeOfBand } from '../ingress/app-bands';
import { ClusterIngress } from '../ingress/cluster-ingress';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import type { PriorityRange } from '../ingress/priority-range';
import { createClusterDashboard } from '../observability/cluster-dashboard';
import { checkPattern } from '../private/check';
import { defaultsOf } from '../private/profile-defaults';

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
  /**
   * A cluster that exists already: any ECS cluster, with any listener of an Application Load Balancer.
   *
   * Creates nothing. What the workloads need beside, target groups, listener rules and security group rules, they make in their own stacks.
   *
   * @example
   * declare const vpc: ec2.IVpc;
   * FargateCluster.fromAttributes(this, 'Platform', {
   *   clusterName: 'platform',
   *   vpc,
   *   publicIngress: {
   *     listenerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shared/0123456789abcdef/fedcba9876543210',
   *     securityGroupId: 'sg-0123456789abcdef0',
   *     url: 'https://api.example.com',
   *     priorities: { first: 20000, last: 29999 },
   *   },
   * });
   */
  public static fromAttributes(scope: Construct, id: string, attributes: FargateClusterAttributes): IFargateCluster {
    return new ImportedCluster(scope, id, attributes, (cluster) => factsFromAttributes(cluster, attributes));
  }

  /**
   * A cluster of another app of the same account and Region, which has published it by its prop `publication`.
   *
   * Creates nothing. The SSM parameters below `path` are read when the stack is deployed, each time; they become parameters of its template. The deployment
   * fails at once if one is missing or if the platform is not as the options say. In an app of several stacks, call it in each of them.
   *
   * @param path the path that the platform publishes, such as `/platform`
   * @param options what must be known before the deployment
   *
   * @example
   * const platform = FargateCluster.fromParameters(this, 'Platform', '/platform', { zones: 2, priorities: RoutePriorities.band(2) });
   * new EcsMicroservice(this, 'Orders', { cluster: platform, image, routes: [ServiceRoute.internetFacing({ paths: ['/orders'] })] });
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
   */
  public static fromParameters(scope: Construct, id: string, path: string, options: ClusterParametersOptions): IFargateCluster {
    return new ImportedCluster(scope, id, options, (cluster) => factsFromParameters(cluster, path, options));
  }

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
  private readonly priorities?: PriorityRange;
  private readonly ingress: { readonly public: ClusterIngress; readonly internal: ClusterIngress };
  private readonly shared: { public?: ISharedIngress; internal?: ISharedIngress } = {};

  constructor(scope: Construct, id: string, props: FargateClusterProps = {}) {
    super(scope, id);
    checkPattern(this, 'namespaceName', props.namespaceName, /^[A-Za-z0-9._-]{1,64}$/,
      "1 to 64 letters, digits, '-', '_' and '.'", 'choose another name or omit it');

    this.profile = props.profile ?? ClusterProfile.PRODUCTION;
    this.ingress = { public: props.ingress ?? ClusterIngress.publicAlb(), internal: props.internalIngress ?? ClusterIngress.internalAlb() };
    this.actions = [...props.alarmActions ?? []];
    this.priorities = props.publication && rangeOfBand(OWNER_BAND); // other apps have the other bands

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
    if (props.publication !== undefined) publishCluster(this, props.publication);
  }

  public get alarmActions(): cloudwatch.IAlarmAction[] {
    return [...this.actions];
  }

  public publicIngress(): ISharedIngress {
    return this.shared.public ??= this.ingress.public._bind(this, this.priorities);
  }

  public internalIngress(): ISharedIngress {
    return this.shared.internal ??= this.ingress.internal._bind(this, this.priorities);
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
      loadBalancer: () => this.shared.public?.loadBalancerFullName,
    });
  }
}
