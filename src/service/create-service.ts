import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ServiceCapacityConfig } from './service-capacity-config';
import { ServiceDeployment } from './service-deployment';
import { CAPACITY_ATTRIBUTE } from '../cluster/auto-scaling-capacity';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { CapacityKind } from '../private/capacity-kind';
import { fail } from '../private/fail';

/** How many tasks a service has, as far as the service itself must know. */
export interface TaskCount {
  /** @internal */
  readonly _min: number;
  /** @internal Undefined where scaling decides. */
  readonly _desiredCount?: number;
  /** @internal Whether the instances decide. */
  readonly _isDaemon: boolean;
}

/** What an ECS service is made from. */
export interface CreateServiceProps {
  readonly cluster: IFargateCluster;
  readonly taskDefinition: ecs.TaskDefinition;
  readonly capacity: ServiceCapacityConfig;
  readonly scaling: TaskCount;
  readonly deployment?: ServiceDeployment;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly gracePeriod?: Duration;
}

/**
 * The ECS service on the capacity that was chosen.
 *
 * The same resource in each case, with the same logical id and the same unchangeable properties: so going from one capacity to another is an update. Only
 * to become a daemon, or to be one no longer, it is replaced: ECS knows no way between the two.
 */
export function createService(scope: Construct, props: CreateServiceProps): ecs.BaseService {
  const service = props.scaling._isDaemon ? createDaemon(scope, props) : createReplicas(scope, props);
  const resource = service.node.defaultChild as ecs.CfnService;
  resource.deploymentController = undefined; // the L2 writes out the default, and an empty list of alarms unless a feature flag is set
  (service as unknown as { deploymentAlarms?: object }).deploymentAlarms = undefined;
  return service;
}

function createReplicas(scope: Construct, props: CreateServiceProps): ecs.BaseService {
  const { capacity, scaling } = props;
  const common = {
    ...commonProps(props),
    desiredCount: scaling._desiredCount,
    capacityProviderStrategies: capacity.strategy,
    ...(props.deployment ?? ServiceDeployment.rolling())._bind(scope, scaling._min),
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
  };
  const service = capacity.kind === CapacityKind.EC2
    ? new ecs.Ec2Service(scope, 'Service', { ...common, cluster: viewWithInstances(scope, props.cluster) })
    : new ecs.FargateService(scope, 'Service', { ...common, assignPublicIp: props.cluster.assignPublicIp });
  // a changed strategy alone leaves the tasks where they are: only a new deployment moves them.
  service.forceNewDeployment(capacity.key);
  tolerateFailures(service, props.deployment?._failureThreshold);
  (service.node.defaultChild as ecs.CfnService).schedulingStrategy = undefined; // written out for EC2 only, it would replace a service that comes from Fargate
  return service;
}

/** The CloudFormation types of the oldest CDK that is supported do not know it yet. */
function tolerateFailures(service: ecs.BaseService, count: number | undefined): void {
  if (count === undefined) return;
  (service.node.defaultChild as ecs.CfnService)
    .addPropertyOverride('DeploymentConfiguration.DeploymentCircuitBreaker.ThresholdConfiguration', { Type: 'COUNT', Value: count });
}

/**
 * One task on each instance. ECS takes no strategy for it, only the launch type and a constraint on the instances.
 *
 * An instance has room for one such task, so the old one stops before the new one starts, on all instances at once: with any other percentage a cluster of
 * one instance could never be updated.
 */
function createDaemon(scope: Construct, props: CreateServiceProps): ecs.BaseService {
  const { capacity, deployment } = props;
  if (capacity.kind !== CapacityKind.EC2) {
    fail(scope, `'scaling' can be ServiceScaling.daemon() on instances of ClusterCapacity.ec2 only, got capacity of the kind ${capacity.kind}; `
      + "give 'capacity' such instances, or choose another scaling");
  }
  if (deployment !== undefined) {
    fail(scope, "'deployment' must not be given for ServiceScaling.daemon(): on each instance the old task stops before the new one starts; omit it");
  }
  const names = capacity.instances.map((instances) => instances.node.id);
  return new ecs.Ec2Service(scope, 'Service', {
    ...commonProps(props),
    cluster: viewWithInstances(scope, props.cluster),
    daemon: true,
    minHealthyPercent: 0,
    maxHealthyPercent: 100,
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.DISABLED,
    placementConstraints: [ecs.PlacementConstraint.memberOf(`attribute:${CAPACITY_ATTRIBUTE} in [${names.join(', ')}]`)],
  });
}

function commonProps({ cluster, taskDefinition, securityGroup, gracePeriod }: CreateServiceProps) {
  return {
    cluster: cluster.cluster,
    taskDefinition,
    circuitBreaker: { rollback: true },
    healthCheckGracePeriod: gracePeriod,
    securityGroups: [securityGroup],
    vpcSubnets: cluster.taskSubnets,
    enableECSManagedTags: true,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  };
}

/** The L2 looks for instances that were added through itself. */
function viewWithInstances(scope: Construct, { cluster, vpc }: IFargateCluster): ecs.ICluster {
  return ecs.Cluster.fromClusterAttributes(scope, 'ClusterView', {
    clusterName: cluster.clusterName, clusterArn: cluster.clusterArn, vpc, hasEc2Capacity: true,
  });
}
