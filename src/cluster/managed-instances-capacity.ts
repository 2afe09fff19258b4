import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Names, Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FargateCluster } from './fargate-cluster';
import type { ManagedInstancesOptions } from './instance-capacity-options';
import { CreatedCapacity, createInstanceRole, instancePrerequisites, providerName } from './instance-role';
import { createSecurityGroup } from '../private/security-group';
import { infrastructurePrincipal, WorkloadRole } from '../private/workload-role';

/** The capacity provider through which ECS manages instances by itself, with the two roles that it needs. */
export function createManagedInstancesCapacity(scope: Construct, cluster: FargateCluster, options: ManagedInstancesOptions): CreatedCapacity {
  const role = createInstanceRole(scope, cluster);
  const securityGroup = createSecurityGroup(scope, 'SecurityGroup', cluster.vpc, 'Instances that run tasks');
  const profile = new iam.CfnInstanceProfile(scope, 'InstanceProfile', { roles: [role.roleName] });
  const { subnetIds } = cluster.vpc.selectSubnets(cluster.taskSubnets);
  const provider = new ecs.CfnCapacityProvider(scope, 'Provider', {
    name: providerName(scope, Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })),
    clusterName: cluster.cluster.clusterName,
    managedInstancesProvider: {
      infrastructureRoleArn: createInfrastructureRole(scope, role, cluster._permissionsBoundary).roleArn,
      propagateTags: 'CAPACITY_PROVIDER',
      infrastructureOptimization: options.scaleInAfter && { scaleInAfter: options.scaleInAfter.toSeconds() },
      instanceLaunchTemplate: {
        ec2InstanceProfileArn: profile.attrArn,
        capacityOptionType: options.spot === true ? 'SPOT' : 'ON_DEMAND',
        networkConfiguration: { subnets: subnetIds, securityGroups: [securityGroup.securityGroupId] },
        storageConfiguration: { storageSizeGiB: (options.diskSize ?? Size.gibibytes(80)).toGibibytes() },
        instanceRequirements: renderRequirements(options),
      },
    },
  });
  provider.node.addDependency(...instancePrerequisites(scope, cluster));
  return { provider, role, securityGroup };
}

/**
 * The role with which ECS starts, watches and ends the instances.
 *
 * AWS's own policy lets it pass roles of one fixed name only; the one statement of our own names the role of these instances instead.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
 */
function createInfrastructureRole(scope: Construct, instanceRole: iam.IRole, permissionsBoundary?: iam.IManagedPolicy): iam.IRole {
  const role = new WorkloadRole(scope, 'InfrastructureRole', {
    assumedBy: infrastructurePrincipal(),
    permissionsBoundary,
  });
  role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonECSInfrastructureRolePolicyForManagedInstances'));
  role.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [instanceRole.roleArn],
    conditions: { StringLike: { 'iam:PassedToService': 'ec2.*' } },
  }));
  return role;
}

function renderRequirements(options: ManagedInstancesOptions): ecs.CfnCapacityProvider.InstanceRequirementsRequestProperty | undefined {
  const { instanceTypes, minVcpus, maxVcpus, minMemory, maxMemory } = options;
  if ([instanceTypes, minVcpus, maxVcpus, minMemory, maxMemory].every((value) => value === undefined)) return undefined;
  return {
    // AWS leaves these kinds out unless they are asked for: a type that was named is one that is wanted.
    ...instanceTypes !== undefined && { bareMetal: 'included', burstablePerformance: 'included' },
    vCpuCount: { min: minVcpus ?? 1, max: maxVcpus },
    memoryMiB: { min: minMemory?.toMebibytes() ?? 1, max: maxMemory?.toMebibytes() },
    allowedInstanceTypes: instanceTypes?.map((type) => type.toString()),
  };
}
