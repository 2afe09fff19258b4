import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import { Lazy, Names } from 'aws-cdk-lib/core';
import { Construct, IDependable } from 'constructs';
import { CapacityAssociation } from './capacity-association';
import type { ClusterCapacity } from './cluster-capacity';
import type { ClusterEgress } from './cluster-egress';
import { factsFromAttributes } from './cluster-from-attributes';
import { factsFromParameters } from './cluster-from-parameters';
import { ClusterNetwork } from './cluster-network';
import { ClusterProfile } from './cluster-profile';
import { createExecLogging, renderExecConfiguration } from './create-exec-logging';
import type { ExecLogging } from './exec-logging';
import type { FargateClusterAttributes } from './fargate-cluster-attributes';
import type { FargateClusterProps } from './fargate-cluster-props';
import type { IFargateCluster } from './ifargate-cluster';
import { ImportedCluster } from './imported-cluster';
import { InstanceCapacity } from './instance-capacity';
import { publishCluster } from './publish-cluster';
import type { PublishedClusterProps } from './published-cluster-props';
import { OWNER_BAND, rangeOfBand } from '../ingress/app-bands';
import { ClusterIngress } from '../ingress/cluster-ingress';
import type { INetworkIngress } from '../ingress/inetwork-ingress';
import { IngressRole } from '../ingress/ingress-role';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { NetworkIngress } from '../ingress/network-ingress';
import type { PriorityRange } from '../ingress/priority-range';
import { createClusterDashboard } from '../observability/cluster-dashboard';
import { tellOfFailures } from '../observability/failure-messages';
import { boundProviders } from '../private/bound-providers';
import { checkPattern } from '../private/check';
import { defaultsOf } from '../private/profile-defaults';
import type { ServiceCapacity } from '../service/service-capacity';

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
   * fails at once if one is missing or if the platform is not as the props say. In an app of several stacks, call it in each of them.
   *
   * @param path the path that the platform publishes, such as `/platform`
   * @param props what must be known before the deployment
   *
   * @example
   * const platform = FargateCluster.fromParameters(this, 'Platform', '/platform', { zones: 2, priorities: RoutePriorities.band(2) });
   * new EcsMicroservice(this, 'Orders', { cluster: platform, image, routes: [ServiceRoute.internetFacing({ paths: ['/orders'] })] });
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
   */
  public static fromParameters(scope: Construct, id: string, path: string, props: PublishedClusterProps): IFargateCluster {
    return new ImportedCluster(scope, id, props, (cluster) => factsFromParameters(cluster, path, props));
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

  /** @internal */
  public readonly _egress: ClusterEgress;

  /** @internal */
  public readonly _permissionsBoundary?: iam.IManagedPolicy;

  private readonly actions: cloudwatch.IAlarmAction[];
  private readonly priorities?: PriorityRange;
  private readonly ingress: { readonly public: ClusterIngress; readonly internal: ClusterIngress };
  private readonly capacity: CapacityAssociation;
  private readonly shared: { public?: ISharedIngress; internal?: ISharedIngress } = {};
  private readonly network: { public?: INetworkIngress; internal?: INetworkIngress } = {};
  private exec?: ExecLogging;

  constructor(scope: Construct, id: string, props: FargateClusterProps = {}) {
    super(scope, id);
    checkPattern(this, 'namespaceName', props.namespaceName, /^[A-Za-z0-9._-]{1,64}$/,
      "1 to 64 letters, digits, '-', '_' and '.'", 'choose another name or omit it');

    this.profile = props.profile ?? ClusterProfile.PRODUCTION;
    this.ingress = { public: props.ingress ?? ClusterIngress.publicAlb(), internal: props.internalIngress ?? ClusterIngress.internalAlb() };
    this.actions = [...props.alarmActions ?? []];
    this._permissionsBoundary = props.permissionsBoundary;
    this.priorities = props.publication && rangeOfBand(OWNER_BAND); // other apps have the other bands

    const network = (props.network ?? ClusterNetwork.natGateways())._bind(this, this);
    boundProviders(this, this._permissionsBoundary);
    this.vpc = network.vpc;
    this.taskSubnets = network.taskSubnets;
    this.assignPublicIp = network.assignPublicIp;
    this._egress = network.egress;

    const containerInsights = props.containerInsights ?? defaultsOf(this.profile).containerInsights;
    this._hasContainerInsights = containerInsights !== ecs.ContainerInsights.DISABLED;
    this.cluster = this.createCluster(containerInsights, props.ephemeralStorageKey);
    this.capacity = new CapacityAssociation(this, { clusterName: this.cluster.clusterName, profile: this.profile, preferred: props.capacity });
    this._taskPrerequisites = [this.capacity.resource, ...network.prerequisites];
    this.namespace = this.createNamespace(props.namespaceName);
    this.createDashboard();
    this.tellOfFailures(props.explainFailures);
    if (props.publication !== undefined) publishCluster(this, props.publication);
  }

  public get alarmActions(): cloudwatch.IAlarmAction[] {
    return [...this.actions];
  }

  public publicIngress(): ISharedIngress {
    return this.shared.public ??= this.createIngress(this.ingress.public, IngressRole.PUBLIC);
  }

  public internalIngress(): ISharedIngress {
    return this.shared.internal ??= this.createIngress(this.ingress.internal, IngressRole.INTERNAL);
  }

  public internalNetworkIngress(): INetworkIngress {
    return this.network.internal ??= NetworkIngress._create(this, false);
  }

  public publicNetworkIngress(): INetworkIngress {
    return this.network.public ??= NetworkIngress._create(this, true);
  }

  public execLogging(): ExecLogging {
    this.exec ??= createExecLogging(this, this.profile);
    return this.exec;
  }

  /**
   * Adds instances to the cluster, beside Fargate. A cluster may have several capacities.
   *
   * Workloads run on them by `ServiceCapacity.on`. Before a capacity can be removed, the services on it must run elsewhere: that takes a deployment of its own.
   *
   * @param id the construct id of the capacity
   *
   * @example
   * const gpu = cluster.addCapacity('Gpu', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('g6.xlarge')], max: 4 }));
   */
  public addCapacity(id: string, capacity: ClusterCapacity): InstanceCapacity {
    const added = InstanceCapacity._create(this, id, capacity);
    this.capacity.add(added);
    return added;
  }

  /**
   * What workloads run on that say nothing: for capacity that was added, which the prop `capacity` cannot name yet.
   *
   * Call it before the first such workload. Under the hood, this is the cluster's `DefaultCapacityProviderStrategy`, and a copy of it in each of them.
   *
   * @example
   * const general = cluster.addCapacity('General', ClusterCapacity.managedInstances());
   * cluster.useCapacityByDefault(ServiceCapacity.on(general));
   */
  public useCapacityByDefault(capacity: ServiceCapacity): void {
    this.capacity.prefer(capacity);
  }

  /** @internal */
  public _defaultCapacity(workload: Construct): ServiceCapacity {
    return this.capacity.takeDefault(workload);
  }

  private createIngress(choice: ClusterIngress, role: IngressRole): ISharedIngress {
    const ingress = choice._bind(this, role, this.priorities);
    boundProviders(this, this._permissionsBoundary);
    return ingress;
  }

  private createCluster(containerInsightsV2: ecs.ContainerInsights, fargateEphemeralStorageKmsKey?: kms.IKey): ecs.ICluster {
    const managedStorageConfiguration = fargateEphemeralStorageKmsKey && { fargateEphemeralStorageKmsKey };
    const cluster = new ecs.Cluster(this, 'Cluster', { vpc: this.vpc, containerInsightsV2, managedStorageConfiguration });
    const resource = cluster.node.defaultChild as ecs.CfnCluster;
    const storage = resource.configuration as ecs.CfnCluster.ClusterConfigurationProperty | undefined;
    resource.configuration = Lazy.any({ produce: () => this.exec ? { ...storage, ...renderExecConfiguration(this.exec) } : storage });
    return cluster;
  }

  private createNamespace(name?: string): servicediscovery.INamespace {
    return new servicediscovery.HttpNamespace(this, 'Namespace', {
      name: name ?? Names.uniqueResourceName(this, { maxLength: 64, separator: '-' }),
      description: `Names of the services of ${this.node.path}`,
    });
  }

  private tellOfFailures(asked?: boolean): void {
    tellOfFailures(this, asked, {
      clusterName: this.cluster.clusterName,
      clusterArn: this.cluster.clusterArn,
      profile: this.profile,
      permissionsBoundary: this._permissionsBoundary,
      alarmActions: this.actions,
    });
  }

  private createDashboard(): void {
    if (!defaultsOf(this.profile).dashboard) return;
    createClusterDashboard(this, {
      clusterName: this.cluster.clusterName,
      hasContainerInsights: this._hasContainerInsights,
      loadBalancers: () => ({ public: this.shared.public?.loadBalancerFullName, internal: this.shared.internal?.loadBalancerFullName }),
    });
  }
}
