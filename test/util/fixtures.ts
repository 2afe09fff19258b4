import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { App, Stack, StackProps } from 'aws-cdk-lib/core';
import { ClusterProfile, EcsMicroservice, EcsMicroserviceProps, FargateCluster, FargateClusterProps, IFargateCluster } from '../../src';

/** An account and Region of no one, so that everything that needs a Region is there. */
export const ENV = { account: '123456789012', region: 'us-east-1' };

export const IMAGE = ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.29');

export function createStack(props: StackProps = { env: ENV }, id = 'Stack'): Stack {
  return new Stack(new App({ analyticsReporting: false }), id, props);
}

/** A cluster on an imported network: the smallest that services can stand on, and the fastest to synthesise. */
export function createCluster(stack: Stack, props: FargateClusterProps = {}): FargateCluster {
  return new FargateCluster(stack, 'Platform', { ...props });
}

export function importedVpc(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Imported', {
    vpcId: 'vpc-1',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    publicSubnetIds: ['subnet-a', 'subnet-b'],
    privateSubnetIds: ['subnet-c', 'subnet-d'],
  });
}

/** One service, with what the test is about. */
export function createService(props: Partial<EcsMicroserviceProps> = {}, profile = ClusterProfile.PRODUCTION) {
  const stack = createStack();
  const cluster = createCluster(stack, { profile });
  const service = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, ...props });
  return { stack, cluster, service, template: () => Template.fromStack(stack) };
}

/** What a cluster that is imported may be told beside its facts. */
export function boundaryAndSessions(stack: Stack) {
  return {
    permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::123456789012:policy/boundary'),
    execLogging: {
      logGroup: logs.LogGroup.fromLogGroupName(stack, 'Sessions', 'sessions'),
      key: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:123456789012:key/1'),
    },
  };
}

/** A service of the cluster with ECS Exec has the boundary on its roles. */
export function expectBoundaryAndSessions(stack: Stack, cluster: IFargateCluster): void {
  new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE }).enableExec();
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::ECS::Service', { EnableExecuteCommand: true });
  template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary' });
}

/** The warnings of a stack, by construct path. */
export function warningsOf(stack: Stack): string[] {
  const assembly = (stack.node.root as App).synth();
  return assembly.getStackArtifact(stack.artifactId).messages
    .filter((message) => message.level === 'warning')
    .map((message) => `${message.id}: ${message.entry.data}`);
}
