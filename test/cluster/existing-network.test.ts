import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CfnParameter, Stack } from 'aws-cdk-lib/core';
import { ClusterNetwork, EcsMicroservice, FargateCluster, NetworkEndpoint, ServiceRoute } from '../../src';
import { createCluster, createStack, IMAGE } from '../util/fixtures';

const ECR_IMAGE = ecs.ContainerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1');

function service(stack: Stack, cluster: FargateCluster): EcsMicroservice {
  return new EcsMicroservice(stack, 'Orders', { cluster, image: ECR_IMAGE });
}

describe('ClusterNetwork.existing', () => {
  const isolatedVpc = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'Tasks', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  const importedIsolatedVpc = (stack: Stack) => ec2.Vpc.fromVpcAttributes(stack, 'Imported', {
    vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], publicSubnetIds: ['subnet-a', 'subnet-b'], isolatedSubnetIds: ['subnet-i', 'subnet-j'],
  });
  const endpoints = [NetworkEndpoint.ECR_API, NetworkEndpoint.ECR_DKR, NetworkEndpoint.S3, NetworkEndpoint.LOGS];

  test('fails when the chosen subnets of a VPC of this app are isolated and nothing is said of endpoints', () => {
    const stack = createStack();
    const network = ClusterNetwork.existing(isolatedVpc(stack), { taskSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
    expect(() => createCluster(stack, { network })).toThrow(
      "'taskSubnets' must have a way to the image registry, got isolated subnets [\"Stack/Vpc/TasksSubnet1\",\"Stack/Vpc/TasksSubnet2\"], in which no task could "
      + "pull its image; choose private subnets with a route out, or list in 'endpoints' the VPC endpoints that these subnets have (at Stack/Platform)");
  });

  test('fails when an imported subnet is isolated, chosen by type, by object or by id', () => {
    for (const choose of [
      () => ({ subnetType: ec2.SubnetType.PRIVATE_ISOLATED }),
      (_stack: Stack, vpc: ec2.IVpc) => ({ subnets: [vpc.isolatedSubnets[0]] }),
      (stack: Stack) => ({ subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-i')] }),
    ]) {
      const stack = createStack();
      const vpc = importedIsolatedVpc(stack);
      expect(() => createCluster(stack, { network: ClusterNetwork.existing(vpc, { taskSubnets: choose(stack, vpc) }) })).toThrow('got isolated subnets ["subnet-i"');
    }
  });

  test('takes isolated subnets whose endpoints are listed', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedIsolatedVpc(stack), { endpoints }) });
    service(stack, cluster);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    template.hasResourceProperties('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-i', 'subnet-j'], AssignPublicIp: 'DISABLED' } } });
  });

  test('takes a VPC that is still to be looked up', () => {
    const stack = createStack();
    const vpc = ec2.Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-1' });
    const routes = [ServiceRoute.internetFacing(), ServiceRoute.insideVpc()];
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(vpc) });
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes })).not.toThrow();
    expect(() => FargateCluster.fromAttributes(stack, 'Imported', { clusterName: 'platform', vpc })).not.toThrow();
  });

  test('takes subnets of which nothing is known', () => {
    const stack = createStack();
    const vpc = importedIsolatedVpc(stack);
    const subnets = [ec2.Subnet.fromSubnetId(stack, 'Subnet', new CfnParameter(stack, 'Id').valueAsString)];
    service(stack, createCluster(stack, { network: ClusterNetwork.existing(vpc, { taskSubnets: { subnets } }) }));
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: 'Id' }] } } });
  });

  test('fails when the listed endpoints lack what every task needs', () => {
    const stack = createStack();
    const network = ClusterNetwork.existing(importedIsolatedVpc(stack), { endpoints: [NetworkEndpoint.ECR_API, NetworkEndpoint.LOGS] });
    expect(() => createCluster(stack, { network })).toThrow(
      "'endpoints' must have what every task needs (ecr.api, ecr.dkr, s3, logs), got none for ecr.dkr, s3; make these endpoints in the network and add them (at Stack/Platform)");
  });

  test('fails when a workload calls a service without a listed endpoint', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedIsolatedVpc(stack), { endpoints }) });
    const orders = service(stack, cluster);
    expect(() => new sqs.Queue(stack, 'Queue').grantSendMessages(orders)).toThrow(
      "'endpoints' of the cluster's network must have \"sqs\", which this workload calls, got ecr.api, ecr.dkr, s3, logs; make the endpoint in the network and add it (at Stack/Orders)");
  });

  test('fails when an image comes from the internet', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedIsolatedVpc(stack), { endpoints }) });
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE })).toThrow('got "public.ecr.aws/nginx/nginx:1.29" of public.ecr.aws;');
  });

  test('fails when endpoints are listed for a VPC without isolated subnets', () => {
    const stack = createStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-a'] });
    expect(() => createCluster(stack, { network: ClusterNetwork.existing(vpc, { endpoints }) })).toThrow(
      "'network' has no isolated subnets to which 'endpoints' could belong; pass 'taskSubnets' with the subnets that have them (at Stack/Platform)");
  });

  test('fails when endpoints are listed for public subnets', () => {
    const stack = createStack();
    const network = ClusterNetwork.existing(importedIsolatedVpc(stack), { taskSubnets: { subnetType: ec2.SubnetType.PUBLIC }, endpoints });
    expect(() => createCluster(stack, { network })).toThrow(
      "'endpoints' is for subnets that have no other way out, got public subnets in 'taskSubnets'; omit it or choose isolated subnets (at Stack/Platform)");
  });
});
