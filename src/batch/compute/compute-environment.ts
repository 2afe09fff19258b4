import * as batch from 'aws-cdk-lib/aws-batch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { BatchCapacityConfig, InstancesConfig } from './batch-capacity-config';
import type { InstanceStart } from './launch-template';
import { shieldFromTags } from './tag-shield';
import type { IFargateCluster } from '../../cluster/ifargate-cluster';

/** What an environment is made of. */
export interface ComputeEnvironmentProps {
  readonly cluster: IFargateCluster;
  readonly capacity: BatchCapacityConfig;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly spot: boolean;
  /** How its instances start. Absent on Fargate. */
  readonly start?: InstanceStart;
  /** How long an update of the instances waits for jobs, in minutes. */
  readonly patience: number;
}

/**
 * A compute environment in the cluster's subnets.
 *
 * It has no name and no service role: a name would stand in the way of a replacement, and the service-linked role outlives the stack (an environment whose
 * role went first can never be deleted). On Fargate it has no update policy and nothing else that is for instances, which AWS refuses there.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/updating-compute-environments.html
 */
export function createComputeEnvironment(scope: Construct, id: string, props: ComputeEnvironmentProps): batch.CfnComputeEnvironment {
  const { cluster, capacity, securityGroup } = props;
  const network = { subnets: cluster.vpc.selectSubnets(cluster.taskSubnets).subnetIds, securityGroupIds: [securityGroup.securityGroupId] };
  if (capacity.instances === undefined) {
    return shieldFromTags(new batch.CfnComputeEnvironment(scope, id, {
      type: 'MANAGED',
      state: 'ENABLED',
      computeResources: { type: props.spot ? 'FARGATE_SPOT' : 'FARGATE', maxvCpus: capacity.maxVcpus, ...network },
    }));
  }
  return shieldFromTags(new batch.CfnComputeEnvironment(scope, id, {
    type: 'MANAGED',
    state: 'ENABLED',
    // updates in place: new instances are started beside the old ones, which end with their jobs, or after the patience.
    replaceComputeEnvironment: false,
    updatePolicy: { terminateJobsOnUpdate: false, jobExecutionTimeoutMinutes: props.patience },
    computeResources: { ...instanceResources(scope, props, capacity.instances, props.start!), maxvCpus: capacity.maxVcpus, ...network },
  }));
}

/** Both strategies allow updates in place. */
function instanceResources(
  scope: Construct, { spot }: ComputeEnvironmentProps, { instanceTypes, minVcpus, gpu, options }: InstancesConfig,
  { template, profile }: InstanceStart,
): Omit<batch.CfnComputeEnvironment.ComputeResourcesProperty, 'subnets' | 'maxvCpus'> {
  return {
    type: spot ? 'SPOT' : 'EC2',
    allocationStrategy: spot ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
    minvCpus: spot ? 0 : minVcpus,
    instanceTypes,
    instanceRole: profile.attrArn,
    ec2Configuration: [{ imageType: gpu ? 'ECS_AL2023_NVIDIA' : 'ECS_AL2023' }],
    // a number: with $Latest or $Default, instances would go on starting by what was before.
    launchTemplate: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber },
    updateToLatestImageVersion: true,
    scalingPolicy: options.keepWarm && { minScaleDownDelayMinutes: options.keepWarm.toMinutes() },
    tags: { Name: scope.node.path, ...options.instanceTags },
  };
}
