import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import { Construct, IDependable } from 'constructs';
import type { ClusterEgress } from './cluster-egress';
import { ClusterProfile } from './cluster-profile';
import type { ExecLogging } from './exec-logging';
import type { IFargateCluster } from './ifargate-cluster';
import type { INetworkIngress } from '../ingress/inetwork-ingress';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { fail } from '../private/fail';
import { oncePerApp } from '../private/once-per-app';
import { ServiceCapacity } from '../service/service-capacity';

/** What is the same wherever the facts of a cluster come from. */
export interface ImportedClusterDefaults {
  readonly profile?: ClusterProfile;
  readonly alarmActions?: cloudwatch.IAlarmAction[];
  readonly containerInsights?: boolean;
  readonly capacity?: ServiceCapacity;
  readonly permissionsBoundary?: iam.IManagedPolicy;
  readonly execLogging?: ExecLogging;
}

/** The facts of a cluster that another app made. */
export interface ImportedClusterFacts {
  readonly cluster: ecs.ICluster;
  readonly vpc: ec2.IVpc;
  readonly taskSubnets: ec2.SubnetSelection;
  readonly assignPublicIp: boolean;
  readonly egress: ClusterEgress;
  readonly namespace?: servicediscovery.INamespace;
  /** What tells this cluster from others in the app. */
  readonly identity: string;
  readonly publicIngress: () => ISharedIngress;
  readonly internalIngress: () => ISharedIngress;
}

/** A cluster of another app: makes nothing, so workloads have nothing to wait for. */
export class ImportedCluster extends Construct implements IFargateCluster {
  public readonly vpc: ec2.IVpc;
  public readonly cluster: ecs.ICluster;
  public readonly profile: ClusterProfile;
  public readonly taskSubnets: ec2.SubnetSelection;
  public readonly assignPublicIp: boolean;

  /** @internal */
  public readonly _taskPrerequisites: IDependable[] = [];

  /** @internal */
  public readonly _discoveryNames: Map<string, string>;

  /** @internal */
  public readonly _hasContainerInsights: boolean;

  /** @internal */
  public readonly _egress: ClusterEgress;

  /** @internal */
  public readonly _permissionsBoundary?: iam.IManagedPolicy;

  private readonly facts: ImportedClusterFacts;
  private readonly exec?: ExecLogging;
  private readonly actions: cloudwatch.IAlarmAction[];
  private readonly capacity: ServiceCapacity;
  private readonly ingresses: { public?: ISharedIngress; internal?: ISharedIngress } = {};

  constructor(scope: Construct, id: string, defaults: ImportedClusterDefaults, read: (cluster: ImportedCluster) => ImportedClusterFacts) {
    super(scope, id);
    this.profile = defaults.profile ?? ClusterProfile.PRODUCTION;
    this.actions = [...defaults.alarmActions ?? []];
    this._hasContainerInsights = defaults.containerInsights ?? this.profile !== ClusterProfile.DEVELOPMENT;
    this.capacity = defaults.capacity ?? ServiceCapacity._default(this.profile);
    this._permissionsBoundary = defaults.permissionsBoundary;
    this.exec = defaults.execLogging;
    this.facts = read(this);
    this.vpc = this.facts.vpc;
    this.cluster = this.facts.cluster;
    this.taskSubnets = this.facts.taskSubnets;
    this.assignPublicIp = this.facts.assignPublicIp;
    this._egress = this.facts.egress;
    this._discoveryNames = oncePerApp(this, `names ${this.facts.identity}`, () => new Map<string, string>());
  }

  public get alarmActions(): cloudwatch.IAlarmAction[] {
    return [...this.actions];
  }

  public get namespace(): servicediscovery.INamespace {
    return this.facts.namespace ?? fail(this, "'namespace' was not given where this cluster is imported, so its services cannot find each other by name; "
      + "give it, or give each service a route and do without 'connectTo'");
  }

  public publicIngress(): ISharedIngress {
    return this.ingresses.public ??= this.facts.publicIngress();
  }

  public internalIngress(): ISharedIngress {
    return this.ingresses.internal ??= this.facts.internalIngress();
  }

  public internalNetworkIngress(): INetworkIngress {
    return this.rejectNetworkIngress();
  }

  public publicNetworkIngress(): INetworkIngress {
    return this.rejectNetworkIngress();
  }

  public execLogging(): ExecLogging {
    return this.exec ?? fail(this, "'execLogging' was not given where this cluster is imported, so ECS Exec sessions would not be logged; "
      + "give it where the cluster is imported, or do without 'enableExec'");
  }

  private rejectNetworkIngress(): never {
    return fail(this, "'routes' by TCP, UDP or TLS need a Network Load Balancer of the app that made the cluster, which this one imports; "
      + 'put such a service into that app, or give this app a FargateCluster of its own');
  }

  /** @internal */
  public _defaultCapacity(): ServiceCapacity {
    return this.capacity;
  }
}
