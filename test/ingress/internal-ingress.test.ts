import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { ClusterIngress, ClusterNetwork, EcsMicroservice, FargateCluster, FargateClusterProps, ServiceRoute } from '../../src';
import { createCluster, createStack, IMAGE, importedVpc, warningsOf } from '../util/fixtures';

function createInternal(props: FargateClusterProps = {}) {
  const stack = createStack();
  const cluster = createCluster(stack, props);
  new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ServiceRoute.insideVpc({ paths: ['/orders/*'] })] });
  return { stack, cluster, template: () => Template.fromStack(stack) };
}

describe('internal ingress', () => {
  test('has private addresses, and lets in the address range of the VPC alone', () => {
    const { template } = createInternal();
    template().resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Internal load balancer',
      SecurityGroupIngress: [Match.objectLike({ CidrIp: { 'Fn::GetAtt': [Match.anyValue(), 'CidrBlock'] }, FromPort: 80, ToPort: 80 })],
    });
  });

  test('stands in the subnets of the tasks, one of each zone', () => {
    const stack = createStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      maxAzs: 2,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'Tasks', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'Data', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      ],
    });
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(vpc, { taskSubnets: { subnetGroupName: 'Tasks' } }) });
    new FargateCluster(stack, 'Other', { network: ClusterNetwork.existing(vpc) }).internalIngress();
    cluster.internalIngress();
    const balancers = Object.values(Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'));
    for (const { Properties } of balancers) {
      expect(Properties.Subnets.map(({ Ref }: { Ref: string }) => Ref)).toEqual([1, 2].map((zone) => expect.stringMatching(`^VpcTasksSubnet${zone}`)));
    }
  });

  test('lets in whom it is told to', () => {
    const { template } = createInternal({ internalIngress: ClusterIngress.internalAlb({ allowedSources: [ec2.Peer.ipv4('10.0.0.0/8')] }) });
    template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.0.0.0/8', FromPort: 80, ToPort: 80 })],
    });
  });

  test('may speak plain HTTP without a warning', () => {
    expect(warningsOf(createInternal().stack)).toEqual([]);
  });

  test('is one for all, and made when it is asked for', () => {
    const { cluster } = createInternal();
    expect(cluster.internalIngress()).toBe(cluster.internalIngress());
    expect(cluster.node.tryFindChild('PublicIngress')).toBeUndefined();
  });

  test("fails when a certificate would have to be validated in a private 'hostedZone'", () => {
    const stack = createStack();
    const hostedZone = new route53.PrivateHostedZone(stack, 'Zone', { zoneName: 'internal.example.com', vpc: importedVpc(stack) });
    expect(() => ClusterIngress.internalAlb({ domainName: 'api.internal.example.com', hostedZone })).toThrow(
      "'hostedZone' is a private one, in which no certificate can be validated; give 'certificates' too");
  });

  test('fails when an imported VPC does not tell its address range', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)) });
    expect(() => cluster.internalIngress()).toThrow("'allowedSources' of the internal load balancer is the VPC's address range, which this imported VPC does "
      + "not tell; give 'internalIngress: ClusterIngress.internalAlb({ allowedSources: [ec2.Peer.ipv4('10.0.0.0/16')] })' to the cluster, "
      + "or 'vpcCidrBlock' where the VPC is imported (at Stack/Platform)");
  });
});
