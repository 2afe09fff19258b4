import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Duration, Fn, Names, Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FargateCluster } from './fargate-cluster';
import type { Ec2CapacityOptions } from './instance-capacity-options';
import type { InstanceHardware } from './instance-hardware';
import { CreatedCapacity, createInstanceRole, instancePrerequisites, providerName } from './instance-role';
import { createSecurityGroup } from '../private/security-group';

/** The attribute by which a daemon finds the instances of a capacity: ECS does not let a placement constraint name a capacity provider. */
export const CAPACITY_ATTRIBUTE = 'cdk-ecs-workloads.capacity';

/**
 * An Auto Scaling group of hardened ECS instances, scaled by ECS.
 *
 * Instances are not protected from scale-in. ECS drains them before they end, and nobody takes the protection back when the capacity provider goes, so that
 * the deletion of the group, and of the stack with it, would wait for ever.
 */
export function createAutoScalingCapacity(
  scope: Construct, cluster: FargateCluster, hardware: InstanceHardware, options: Ec2CapacityOptions,
): CreatedCapacity {
  const role = createInstanceRole(scope, cluster);
  const securityGroup = createSecurityGroup(scope, 'SecurityGroup', cluster.vpc, 'Instances that run tasks');
  const template = createLaunchTemplate(scope, { cluster, hardware, role, securityGroup, diskSize: options.diskSize ?? Size.gibibytes(50) });
  const group = createGroup(scope, cluster, template, options);
  const provider = new ecs.CfnCapacityProvider(scope, 'Provider', {
    name: providerName(scope, Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })),
    autoScalingGroupProvider: {
      autoScalingGroupArn: group.attrAutoScalingGroupArn,
      managedScaling: { status: 'ENABLED', targetCapacity: options.targetPercent ?? 100 },
      managedDraining: 'ENABLED',
      managedTerminationProtection: 'DISABLED',
    },
  });
  return { provider, role, securityGroup };
}

interface LaunchTemplateProps {
  readonly cluster: FargateCluster;
  readonly hardware: InstanceHardware;
  readonly role: iam.IRole;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly diskSize: Size;
}

/** The image is looked up whenever an instance starts, so that each new one is patched; no deployment is needed for it. */
function createLaunchTemplate(scope: Construct, props: LaunchTemplateProps): ec2.CfnLaunchTemplate {
  const profile = new iam.CfnInstanceProfile(scope, 'InstanceProfile', { roles: [props.role.roleName] });
  return new ec2.CfnLaunchTemplate(scope, 'LaunchTemplate', {
    launchTemplateData: {
      imageId: `resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/${imageVariant(props.hardware)}recommended/image_id`,
      iamInstanceProfile: { arn: profile.attrArn },
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{
        deviceName: '/dev/xvda',
        ebs: { encrypted: true, volumeType: 'gp3', volumeSize: props.diskSize.toGibibytes(), deleteOnTermination: true },
      }],
      networkInterfaces: [{
        deviceIndex: 0, associatePublicIpAddress: false, deleteOnTermination: true, groups: [props.securityGroup.securityGroupId],
      }],
      userData: Fn.base64(userData(props.cluster.cluster.clusterName, scope.node.id)),
    },
  });
}

function imageVariant({ architecture, gpu }: InstanceHardware): string {
  if (gpu) return 'gpu/';
  return architecture === ec2.InstanceArchitecture.ARM_64 ? 'arm64/' : '';
}

/**
 * The configuration of the ECS agent. Tasks reach neither the instance's credentials nor its devices, and a Spot notice moves them.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
 */
function userData(clusterName: string, capacity: string): string {
  return [
    '#!/bin/bash',
    "cat >> /etc/ecs/ecs.config <<'END'",
    `ECS_CLUSTER=${clusterName}`,
    `ECS_INSTANCE_ATTRIBUTES={"${CAPACITY_ATTRIBUTE}":"${capacity}"}`,
    'ECS_AWSVPC_BLOCK_IMDS=true',
    'ECS_DISABLE_PRIVILEGED=true',
    'ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true',
    'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true',
    'END',
  ].join('\n');
}

/** No desired capacity: ECS sets it, and a deployment must not set it back. */
function createGroup(
  scope: Construct, cluster: FargateCluster, template: ec2.CfnLaunchTemplate, options: Ec2CapacityOptions,
): autoscaling.CfnAutoScalingGroup {
  const { subnetIds } = cluster.vpc.selectSubnets(cluster.taskSubnets);
  const onDemandPercent = options.onDemandPercent ?? 100;
  const group = new autoscaling.CfnAutoScalingGroup(scope, 'Group', {
    minSize: String(options.min ?? 0),
    maxSize: String(options.max),
    vpcZoneIdentifier: subnetIds,
    maxInstanceLifetime: (options.maxInstanceLifetime ?? Duration.days(30)).toSeconds(),
    capacityRebalance: onDemandPercent === 100 ? undefined : true,
    mixedInstancesPolicy: {
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber },
        overrides: options.instanceTypes.map((type) => ({ instanceType: type.toString() })),
      },
      instancesDistribution: {
        onDemandBaseCapacity: options.onDemandBase ?? 0,
        onDemandPercentageAboveBaseCapacity: onDemandPercent,
        spotAllocationStrategy: 'price-capacity-optimized',
      },
    },
    tags: [
      { key: 'Name', value: scope.node.path, propagateAtLaunch: true },
      // ECS adds this tag when it takes the group over, too late for the instances of a minimum above zero, which start with the group.
      { key: 'AmazonECSManaged', value: 'true', propagateAtLaunch: true },
    ],
  });
  group.node.addDependency(...instancePrerequisites(scope, cluster));
  return group;
}
