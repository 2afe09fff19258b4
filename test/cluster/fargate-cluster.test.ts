import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnParameter, Lazy } from 'aws-cdk-lib/core';
import { ClusterNetwork, ClusterProfile, EcsMicroservice, FargateCluster } from '../../src';
import { createCluster, createStack, ENV, IMAGE, importedVpc } from '../util/fixtures';

describe('FargateCluster', () => {
  describe('network', () => {
    test('is a new VPC with two zones, a NAT gateway in each, an S3 endpoint and a flow log of rejected traffic', () => {
      const stack = createStack();
      createCluster(stack);
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::EC2::NatGateway', 2);
      template.resourceCountIs('AWS::EC2::Subnet', 4);
      template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
      template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
      template.hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', TrafficType: 'REJECT' });
      template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Retain' });
    });

    test('has one NAT gateway in development, and keeps logs a week and not beyond the stack', () => {
      const stack = createStack();
      createCluster(stack, { profile: ClusterProfile.DEVELOPMENT });
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::EC2::NatGateway', 1);
      template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 7 }, DeletionPolicy: 'Delete' });
    });

    test('an explicit number of NAT gateways wins over the profile', () => {
      const stack = createStack();
      createCluster(stack, { network: ClusterNetwork.natGateways(1) });
      Template.fromStack(stack).resourceCountIs('AWS::EC2::NatGateway', 1);
    });

    test('one value serves two clusters', () => {
      const stack = createStack();
      const network = ClusterNetwork.natGateways(1);
      new FargateCluster(stack, 'A', { network });
      new FargateCluster(stack, 'B', { network });
      Template.fromStack(stack).resourceCountIs('AWS::EC2::VPC', 2);
    });

    test('can be an existing VPC: its private subnets, and nothing is made', () => {
      const stack = createStack();
      const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)) });
      new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::EC2::VPC', 0);
      template.hasResourceProperties('AWS::ECS::Service', {
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-c', 'subnet-d'], AssignPublicIp: 'DISABLED' } },
      });
    });

    test('takes chosen subnets of an existing VPC', () => {
      const stack = createStack();
      const vpc = importedVpc(stack);
      const cluster = createCluster(stack, { network: ClusterNetwork.existing(vpc, { taskSubnets: { subnets: [vpc.privateSubnets[0]] } }) });
      new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
      Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-c'] } },
      });
    });

    test('takes an imported VPC whose subnets are tokens', () => {
      const stack = createStack();
      const subnets = new CfnParameter(stack, 'Subnets', { type: 'List<AWS::EC2::Subnet::Id>' });
      const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: new CfnParameter(stack, 'VpcId').valueAsString,
        availabilityZones: ['us-east-1a', 'us-east-1b'],
        privateSubnetIds: [0, 1].map((index) => Lazy.string({ produce: () => stack.resolve(subnets.valueAsList)[index] ?? `subnet-${index}` })),
      });
      const cluster = createCluster(stack, { network: ClusterNetwork.existing(vpc) });
      new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
      Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: { Ref: 'VpcId' } });
    });

    test('fails when an existing VPC has no private subnets with a route out', () => {
      const stack = createStack();
      const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], publicSubnetIds: ['subnet-a'] });
      expect(() => createCluster(stack, { network: ClusterNetwork.existing(vpc) })).toThrow(
        "'network' has no private subnets with a route out, so tasks could not pull their images; "
        + "pass 'taskSubnets' with subnets that reach the image registry (at Stack/Platform)");
    });

    test('gives tasks a public address in public subnets that are chosen: nothing else leads out of them', () => {
      const stack = createStack();
      const network = ClusterNetwork.existing(importedVpc(stack), { taskSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
      const cluster = createCluster(stack, { network });
      new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
      Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-a', 'subnet-b'], AssignPublicIp: 'ENABLED' } },
      });
    });

    test('fails when the chosen subnets are none', () => {
      const stack = createStack();
      expect(() => createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack), { taskSubnets: { subnets: [] } }) })).toThrow(
        "'taskSubnets' selects no subnet of the network; choose one that has some (at Stack/Platform)");
    });

    test.each([0, 3, 1.5])('fails when the number of NAT gateways is %d', (count) => {
      expect(() => ClusterNetwork.natGateways(count)).toThrow(`got ${count}; a new VPC has 2 zones and needs a way out`);
    });

    test('works in a stack without account and Region', () => {
      const stack = createStack({});
      createCluster(stack);
      Template.fromStack(stack).resourceCountIs('AWS::EC2::Subnet', 4);
    });
  });

  describe('cluster', () => {
    test('has Fargate and Fargate Spot and enhanced Container Insights', () => {
      const stack = createStack();
      createCluster(stack);
      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::ECS::Cluster', { ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }] });
      template.hasResourceProperties('AWS::ECS::ClusterCapacityProviderAssociations', {
        CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
        DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
      });
    });

    test('runs tasks started by hand on Spot in development', () => {
      const stack = createStack();
      createCluster(stack, { profile: ClusterProfile.DEVELOPMENT });
      Template.fromStack(stack).hasResourceProperties('AWS::ECS::ClusterCapacityProviderAssociations', {
        DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
      });
    });

    test('has no Container Insights in development, unless they are asked for', () => {
      const stack = createStack();
      createCluster(stack, { profile: ClusterProfile.DEVELOPMENT });
      new FargateCluster(stack, 'Other', { profile: ClusterProfile.DEVELOPMENT, containerInsights: ecs.ContainerInsights.ENABLED });
      const settings = Object.values(Template.fromStack(stack).findResources('AWS::ECS::Cluster')).map((cluster) => cluster.Properties.ClusterSettings[0].Value);
      expect(settings).toEqual(['disabled', 'enabled']);
    });
  });

  describe('namespace', () => {
    test('has a unique name', () => {
      const stack = createStack();
      new FargateCluster(stack, 'A');
      new FargateCluster(stack, 'B');
      const names = Object.values(Template.fromStack(stack).findResources('AWS::ServiceDiscovery::HttpNamespace')).map((found) => found.Properties.Name);
      expect(names).toHaveLength(2);
      expect(new Set(names).size).toBe(2);
    });

    test('takes a name, also a token', () => {
      const stack = createStack();
      const name = new CfnParameter(stack, 'Name').valueAsString;
      createCluster(stack, { namespaceName: name });
      Template.fromStack(stack).hasResourceProperties('AWS::ServiceDiscovery::HttpNamespace', { Name: { Ref: 'Name' } });
    });

    test('fails when the name has other characters', () => {
      expect(() => createCluster(createStack(), { namespaceName: 'my services' })).toThrow(
        "'namespaceName' must be 1 to 64 letters, digits, '-', '_' and '.', got \"my services\"; choose another name or omit it (at Stack/Platform)");
    });
  });

  test('hands out a copy of its alarm actions', () => {
    const cluster = createCluster(createStack({ env: ENV }), { alarmActions: [] });
    cluster.alarmActions.push({ bind: () => ({ alarmActionArn: 'x' }) });
    expect(cluster.alarmActions).toEqual([]);
  });
});
