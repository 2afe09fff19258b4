import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { EcsMicroservice, EcsTask, FargateCluster, ServiceRoute } from 'cdk-ecs-workloads';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'ExistingCluster', { description: 'A service in a cluster that is there already' });

const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  privateSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
});
const platform = FargateCluster.fromAttributes(stack, 'Platform', {
  clusterName: 'production',
  vpc,
  publicIngress: {
    listenerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/production/0123456789abcdef/fedcba9876543210',
    loadBalancerFullName: 'app/production/0123456789abcdef',
    securityGroupId: 'sg-0123456789abcdef0',
    url: 'https://api.example.com',
    idleTimeout: Duration.seconds(60),
    priorities: { first: 20000, last: 29999 },
  },
});

const image = ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Repository', 'invoices'), '1.0');
new EcsMicroservice(stack, 'Invoices', {
  cluster: platform,
  image,
  routes: [ServiceRoute.internetFacing({ hosts: ['api.example.com'], paths: ['/invoices', '/invoices/*'] })],
});
new EcsTask(stack, 'Reindex', { cluster: platform, image, container: { command: ['reindex'] } });
