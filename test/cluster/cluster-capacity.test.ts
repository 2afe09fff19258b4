import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnParameter, Duration, Lazy, Size, Stack } from 'aws-cdk-lib/core';
import { ClusterCapacity, ClusterNetwork, ClusterProfile, EcsMicroservice, Ec2CapacityOptions, FargateCluster, ServiceCapacity } from '../../src';
import { createCluster, createStack, IMAGE, importedVpc } from '../util/fixtures';

const types = (...names: string[]) => names.map((name) => new ec2.InstanceType(name));
const M7I = types('m7i.large');

function createCapacity(capacity: ClusterCapacity, stack = createStack()) {
  const cluster = createCluster(stack);
  const added = cluster.addCapacity('General', capacity);
  return { stack, cluster, added, template: () => Template.fromStack(stack) };
}

const createEc2 = (options: Partial<Ec2CapacityOptions> = {}) => createCapacity(ClusterCapacity.ec2({ instanceTypes: M7I, max: 4, ...options }));

describe('ClusterCapacity.ec2', () => {
  test('starts hardened instances: IMDSv2 for the instance alone, an encrypted disk, no public address, the newest ECS image', () => {
    createEc2().template().hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        ImageId: 'resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
        MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 50, DeleteOnTermination: true } }],
        NetworkInterfaces: [Match.objectLike({ AssociatePublicIpAddress: false })],
        IamInstanceProfile: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PlatformGeneralInstanceProfile'), 'Arn'] } },
      },
    });
  });

  test('configures the agent: tasks reach neither credentials nor devices of the instance', () => {
    const [template] = Object.values(createEc2().template().findResources('AWS::EC2::LaunchTemplate'));
    const [first, cluster, last] = template.Properties.LaunchTemplateData.UserData['Fn::Base64']['Fn::Join'][1];
    expect([cluster.Ref, `${first}${last}`.split('\n')]).toEqual([expect.stringMatching(/^PlatformCluster/), [
      '#!/bin/bash',
      "cat >> /etc/ecs/ecs.config <<'END'",
      'ECS_CLUSTER=',
      'ECS_INSTANCE_ATTRIBUTES={"cdk-ecs-workloads.capacity":"General"}',
      'ECS_AWSVPC_BLOCK_IMDS=true',
      'ECS_DISABLE_PRIVILEGED=true',
      'ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true',
      'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true',
      'END',
    ]]);
  });

  test.each([['m7g.large', 'arm64/'], ['c7i.xlarge', ''], ['g6.xlarge', 'gpu/'], ['gr6.4xlarge', 'gpu/'], ['p5.48xlarge', 'gpu/']])(
    'takes the image that fits %s', (type, variant) => {
      createEc2({ instanceTypes: types(type) }).template().hasResourceProperties('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: { ImageId: `resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/${variant}recommended/image_id` },
      });
    });

  test('scales from none to the maximum in the private subnets, without a desired number that a deployment would set back', () => {
    createEc2().template().hasResource('AWS::AutoScaling::AutoScalingGroup', {
      Properties: {
        MinSize: '0',
        MaxSize: '4',
        DesiredCapacity: Match.absent(),
        MaxInstanceLifetime: 30 * 86400,
        NewInstancesProtectedFromScaleIn: Match.absent(),
        VPCZoneIdentifier: [{ Ref: Match.stringLikeRegexp('PrivateSubnet1') }, { Ref: Match.stringLikeRegexp('PrivateSubnet2') }],
        MixedInstancesPolicy: {
          LaunchTemplate: {
            LaunchTemplateSpecification: { Version: { 'Fn::GetAtt': [Match.stringLikeRegexp('LaunchTemplate'), 'LatestVersionNumber'] } },
            Overrides: [{ InstanceType: 'm7i.large' }],
          },
          InstancesDistribution: { OnDemandBaseCapacity: 0, OnDemandPercentageAboveBaseCapacity: 100, SpotAllocationStrategy: 'price-capacity-optimized' },
        },
        Tags: [
          { Key: 'AmazonECSManaged', Value: 'true', PropagateAtLaunch: true },
          { Key: 'Name', Value: 'Stack/Platform/General', PropagateAtLaunch: true },
        ],
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('PrivateSubnet1DefaultRoute')]),
    });
  });

  test('drains instances before they end, and does not protect them from it: the deletion of the stack would wait for ever', () => {
    createEc2({ targetPercent: 80 }).template().hasResourceProperties('AWS::ECS::CapacityProvider', {
      AutoScalingGroupProvider: {
        AutoScalingGroupArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PlatformGeneralGroup'), 'AutoScalingGroupARN'] },
        ManagedDraining: 'ENABLED',
        ManagedScaling: { Status: 'ENABLED', TargetCapacity: 80 },
        ManagedTerminationProtection: 'DISABLED',
      },
      Name: Match.absent(),
    });
  });

  test('takes bounds, a share of Spot, disk and lifetime', () => {
    const { template } = createEc2({
      instanceTypes: types('m7i.large', 'm6i.large'),
      min: 1,
      onDemandBase: 1,
      onDemandPercent: 25,
      diskSize: Size.gibibytes(100),
      maxInstanceLifetime: Duration.days(7),
    });
    template().hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      MinSize: '1',
      CapacityRebalance: true,
      MaxInstanceLifetime: 7 * 86400,
      MixedInstancesPolicy: {
        LaunchTemplate: { Overrides: [{ InstanceType: 'm7i.large' }, { InstanceType: 'm6i.large' }] },
        InstancesDistribution: { OnDemandBaseCapacity: 1, OnDemandPercentageAboveBaseCapacity: 25 },
      },
    });
    template().hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: Match.objectLike({ VolumeSize: 100 }) }] },
    });
  });

  test('gives the instances one role, which registers them with this cluster and no more, and lets nothing in', () => {
    const { template } = createEc2();
    const cluster = { 'Fn::GetAtt': [Match.stringLikeRegexp('^PlatformCluster'), 'Arn'] };
    template().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'ec2.amazonaws.com' } })] },
      ManagedPolicyArns: Match.absent(),
      Policies: [{
        PolicyDocument: {
          Statement: [
            Match.objectLike({ Action: Match.arrayWith(['ecs:RegisterContainerInstance']), Resource: cluster }),
            Match.objectLike({ Action: Match.arrayWith(['ecs:Poll']), Condition: { ArnEquals: { 'ecs:cluster': cluster } } }),
            Match.objectLike({ Action: 'ecs:DiscoverPollEndpoint', Resource: '*' }),
          ],
        },
      }],
    });
    template().hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Instances that run tasks', SecurityGroupIngress: Match.absent() });
  });

  test('names the provider where the name of the stack begins with a word that ECS keeps for itself', () => {
    createCapacity(ClusterCapacity.ec2({ instanceTypes: M7I, max: 1 }), createStack(undefined, 'EcsPlatform')).template()
      .hasResourceProperties('AWS::ECS::CapacityProvider', { Name: Match.stringLikeRegexp('^cp-EcsPlatform') });
  });

  test('takes tokens for its numbers', () => {
    const stack = createStack();
    const max = new CfnParameter(stack, 'Max', { type: 'Number' }).valueAsNumber;
    createCapacity(ClusterCapacity.ec2({ instanceTypes: M7I, min: max, max, targetPercent: max, diskSize: Size.gibibytes(max) }), stack).template()
      .hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { MaxSize: { Ref: 'Max' }, MinSize: { Ref: 'Max' } });
  });

  test.each<[string, Partial<Ec2CapacityOptions>, string]>([
    ['there is no instance type', { instanceTypes: [] },
      "'instanceTypes' must have one instance type or more, got none; give one, such as new ec2.InstanceType('m7g.large')"],
    ['the instance types have several architectures', { instanceTypes: types('m7i.large', 'm7g.large') },
      '\'instanceTypes\' must all have one CPU architecture, got ["m7i.large","m7g.large"]: they share a machine image; add one capacity for each kind'],
    ['some instance types have GPUs', { instanceTypes: types('g6.xlarge', 'm7i.xlarge') },
      '\'instanceTypes\' must all have GPUs or none at all, got ["g6.xlarge","m7i.xlarge"]: they share a machine image; add one capacity for each kind'],
    ['the accelerators are of another make', { instanceTypes: types('inf2.xlarge') },
      '\'instanceTypes\' must have no accelerators other than NVIDIA GPUs, got "inf2.xlarge"; choose a type of the P or G families, or one without'],
    ['the GPUs stand beside ARM CPUs', { instanceTypes: types('g5g.xlarge') },
      '\'instanceTypes\' with GPUs must have x86 CPUs, got ["g5g.xlarge"]: there is no ECS image for the others; choose another family'],
    ['an instance type is no type', { instanceTypes: types('large') },
      '\'instanceTypes\' must be known at synthesis, such as "m7g.large", got "large": the machine image follows from them; pass plain names'],
    ['max is 0', { max: 0 }, "'max' must be between 1 and 5000, got 0; it is a number of instances, and without any no task runs"],
    ['min is larger than max', { min: 5 }, "'min' must not be larger than 'max', got 5 and 4; swap them"],
    ['min is no number of instances', { min: -1 }, "'min' must be between 0 and 5000, got -1; it is a number of instances"],
    ['onDemandBase is negative', { onDemandBase: -1 }, "'onDemandBase' must be between 0 and 5000, got -1; it is a number of instances"],
    ['onDemandPercent is above 100', { onDemandPercent: 101 }, "'onDemandPercent' must be between 0 and 100, got 101; the others are Spot instances"],
    ['targetPercent is 0', { targetPercent: 0 }, "'targetPercent' must be between 1 and 100, got 0; 100 uses the instances to the full"],
    ['the disk is too small for the image', { diskSize: Size.gibibytes(20) },
      "'diskSize' must be between 30 and 16384, got 20; it is in GiB, and the image needs 30 of them"],
    ['an instance lives for an hour', { maxInstanceLifetime: Duration.hours(1) },
      "'maxInstanceLifetime' must be between 86400 and 31536000 seconds, got 3600 seconds; that is 1 to 365 days"],
  ])('fails when %s', (_, options, message) => {
    expect(() => createEc2(options)).toThrow(message);
  });

  test('fails when an instance type is known at deployment only: the image follows from it', () => {
    const instanceTypes = [new ec2.InstanceType(Lazy.string({ produce: () => 'm7i.large' }))];
    expect(() => createEc2({ instanceTypes })).toThrow(/'instanceTypes' must be known at synthesis, such as "m7g.large", got ".*": the machine image follows/);
  });
});

describe('ClusterCapacity.managedInstances', () => {
  test('lets ECS choose, in the private subnets, with a role for ECS and one for the instances', () => {
    const { template } = createCapacity(ClusterCapacity.managedInstances());
    template().hasResourceProperties('AWS::ECS::CapacityProvider', {
      ClusterName: { Ref: Match.stringLikeRegexp('^PlatformCluster') },
      AutoScalingGroupProvider: Match.absent(),
      ManagedInstancesProvider: {
        InfrastructureRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('InfrastructureRole'), 'Arn'] },
        PropagateTags: 'CAPACITY_PROVIDER',
        InfrastructureOptimization: Match.absent(),
        InstanceLaunchTemplate: {
          CapacityOptionType: 'ON_DEMAND',
          Ec2InstanceProfileArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('InstanceProfile'), 'Arn'] },
          InstanceRequirements: Match.absent(),
          NetworkConfiguration: { Subnets: [{ Ref: Match.stringLikeRegexp('PrivateSubnet1') }, { Ref: Match.stringLikeRegexp('PrivateSubnet2') }] },
          StorageConfiguration: { StorageSizeGiB: 80 },
        },
      },
    });
    template().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' } }],
      },
      Policies: [{
        PolicyDocument: {
          Statement: [{
            Action: 'iam:PassRole',
            Effect: 'Allow',
            Condition: { StringLike: { 'iam:PassedToService': 'ec2.*' } },
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('InstanceRole'), 'Arn'] },
          }],
        },
        PolicyName: 'Default',
      }],
    });
  });

  test('takes ranges, Spot, disk and how long an instance may be idle', () => {
    createCapacity(ClusterCapacity.managedInstances({
      minVcpus: 2,
      maxVcpus: 16,
      minMemory: Size.gibibytes(4),
      maxMemory: Size.gibibytes(64),
      spot: true,
      diskSize: Size.gibibytes(200),
      scaleInAfter: Duration.minutes(10),
    })).template().hasResourceProperties('AWS::ECS::CapacityProvider', {
      ManagedInstancesProvider: {
        InfrastructureOptimization: { ScaleInAfter: 600 },
        InstanceLaunchTemplate: {
          CapacityOptionType: 'SPOT',
          InstanceRequirements: {
            VCpuCount: { Min: 2, Max: 16 }, MemoryMiB: { Min: 4096, Max: 65536 }, AllowedInstanceTypes: Match.absent(), BareMetal: Match.absent(),
          },
          StorageConfiguration: { StorageSizeGiB: 200 },
        },
      },
    });
  });

  test('takes instance types', () => {
    createCapacity(ClusterCapacity.managedInstances({ instanceTypes: types('g6.xlarge', 'g5.xlarge') })).template().hasResourceProperties('AWS::ECS::CapacityProvider', {
      ManagedInstancesProvider: {
        InstanceLaunchTemplate: {
          InstanceRequirements: {
            AllowedInstanceTypes: ['g6.xlarge', 'g5.xlarge'], BareMetal: 'included', BurstablePerformance: 'included', VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1 },
          },
        },
      },
    });
  });

  test.each<[string, Parameters<typeof ClusterCapacity.managedInstances>[0], string]>([
    ['instance types stand beside ranges', { instanceTypes: M7I, minVcpus: 2 },
      "'instanceTypes' must have one instance type or more, and stand for itself: the ranges of vCPUs and memory choose among all types; give one of the two"],
    ['there is no instance type', { instanceTypes: [] }, "'instanceTypes' must have one instance type or more"],
    ['the instance types have several architectures', { instanceTypes: types('m7i.large', 'm7g.large') }, "'instanceTypes' must all have one CPU architecture"],
    ['minVcpus is larger than maxVcpus', { minVcpus: 8, maxVcpus: 2 }, "'minVcpus' must not be larger than 'maxVcpus', got 8 and 2; swap them"],
    ['minVcpus is 0', { minVcpus: 0 }, "'minVcpus' must be between 1 and 1024, got 0; it is the smallest number of vCPUs of an instance"],
    ['maxVcpus is 0', { maxVcpus: 0 }, "'maxVcpus' must be between 1 and 1024, got 0; it is the largest number of vCPUs of an instance"],
    ['minMemory is larger than maxMemory', { minMemory: Size.gibibytes(8), maxMemory: Size.gibibytes(2) },
      "'minMemory' must not be larger than 'maxMemory', got 8192 and 2048; swap them"],
    ['scaleInAfter is more than an hour', { scaleInAfter: Duration.hours(2) },
      "'scaleInAfter' must be between 0 and 3600 seconds, got 7200 seconds; omit it to let ECS decide"],
  ])('fails when %s', (_, options, message) => {
    expect(() => ClusterCapacity.managedInstances(options)).toThrow(message);
  });
});

describe('FargateCluster.addCapacity', () => {
  test('associates each group with the cluster; managed instances belong to it from their creation', () => {
    const stack = createStack();
    const cluster = createCluster(stack);
    cluster.addCapacity('OnDemand', ClusterCapacity.ec2({ instanceTypes: M7I, max: 2 }));
    cluster.addCapacity('Spot', ClusterCapacity.ec2({ instanceTypes: M7I, max: 2, onDemandPercent: 0 }));
    cluster.addCapacity('Managed', ClusterCapacity.managedInstances());
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::ClusterCapacityProviderAssociations', {
      CapacityProviders: [
        'FARGATE', 'FARGATE_SPOT', { Ref: Match.stringLikeRegexp('^PlatformOnDemandProvider') }, { Ref: Match.stringLikeRegexp('^PlatformSpotProvider') },
      ],
      DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
    });
  });

  test('gives an object with the name, the role and the connections of the instances', () => {
    const { stack, added } = createEc2();
    expect(stack.resolve(added.capacityProviderName)).toEqual({ Ref: expect.stringMatching(/^PlatformGeneralProvider/) });
    expect(stack.resolve(added.instanceRole.roleArn)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^PlatformGeneralInstanceRole/), 'Arn'] });
    expect(added.connections.securityGroups).toHaveLength(1);
  });

  test('serves several clusters with one value', () => {
    const stack = createStack();
    const capacity = ClusterCapacity.ec2({ instanceTypes: M7I, max: 2 });
    for (const id of ['One', 'Two']) new FargateCluster(stack, id, { network: ClusterNetwork.natGateways(1) }).addCapacity('General', capacity);
    Template.fromStack(stack).resourceCountIs('AWS::ECS::CapacityProvider', 2);
  });

  test('fails when tasks of the cluster live by a public address', () => {
    const stack = createStack();
    const network = ClusterNetwork.existing(importedVpc(stack), { taskSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
    const cluster = createCluster(stack, { network });
    expect(() => cluster.addCapacity('General', ClusterCapacity.ec2({ instanceTypes: M7I, max: 2 }))).toThrow(
      "'addCapacity' needs a cluster whose tasks run in private subnets: ECS gives no public address to tasks on instances, so they could not pull their "
      + "images; give the cluster a 'network' with private subnets, or use Fargate (at Stack/Platform/General)");
  });

  test('fails when the id cannot be an attribute of instances', () => {
    const cluster = createCluster(createStack());
    expect(() => cluster.addCapacity('a b', ClusterCapacity.managedInstances())).toThrow(
      "'id' must be 1 to 100 letters, digits, '.', '_' and '-', got \"a b\"; daemons find the instances by it; choose another id (at Stack/Platform/a b)");
  });
});

describe('the default capacity of a cluster', () => {
  function strategies(stack: Stack): unknown[] {
    const template = Template.fromStack(stack);
    const [association] = Object.values(template.findResources('AWS::ECS::ClusterCapacityProviderAssociations'));
    return [
      association.Properties.DefaultCapacityProviderStrategy,
      ...Object.values(template.findResources('AWS::ECS::Service')).map((service) => service.Properties.CapacityProviderStrategy),
    ];
  }

  test.each([[ClusterProfile.PRODUCTION, 'FARGATE'], [ClusterProfile.DEVELOPMENT, 'FARGATE_SPOT']])('in %s is %s', (profile, provider) => {
    const stack = createStack();
    new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack, { profile }), image: IMAGE });
    const [ofCluster, ofService] = strategies(stack) as { CapacityProvider: string }[][];
    expect(ofCluster.map((share) => share.CapacityProvider)).toEqual([provider]);
    expect(ofService).toEqual(ofCluster);
  });

  test('is what the prop says, and is copied into each service that says nothing', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { capacity: ServiceCapacity.fargate({ onDemandBase: 1, spotWeight: 4 }) });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    new EcsMicroservice(stack, 'Mail', { cluster, image: IMAGE, capacity: ServiceCapacity.fargateSpot() });
    const mixed = [{ CapacityProvider: 'FARGATE', Base: 1, Weight: 1 }, { CapacityProvider: 'FARGATE_SPOT', Weight: 4 }];
    expect(strategies(stack)).toEqual([mixed, mixed, [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }]]);
  });

  test('may be capacity that was added', () => {
    const { stack, cluster, added } = createEc2();
    cluster.useCapacityByDefault(ServiceCapacity.on(added));
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    const own = [{ CapacityProvider: { Ref: expect.stringMatching(/^PlatformGeneralProvider/) }, Weight: 1 }];
    expect(strategies(stack)).toEqual([own, own]);
  });

  test('fails when it comes after a workload that took the one before', () => {
    const { stack, cluster, added } = createEc2();
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    expect(() => cluster.useCapacityByDefault(ServiceCapacity.on(added))).toThrow(
      "'useCapacityByDefault' must be called before the first workload that takes the default, which is Stack/Orders; move the call up (at Stack/Platform)");
  });

  test('fails when it is capacity of another cluster', () => {
    const { stack, added } = createEc2();
    const other = new FargateCluster(stack, 'Other', { network: ClusterNetwork.existing(importedVpc(stack)) });
    expect(() => other.useCapacityByDefault(ServiceCapacity.on(added))).toThrow(
      "'capacity' must belong to the cluster Stack/Other, got Stack/Platform/General; add capacity to the cluster that the tasks run in (at Stack/Other)");
  });
});
