import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import { ClusterIngress, EcsMicroservice, FargateCluster, ServiceRoute } from 'cdk-ecs-workloads';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'PublicService', { description: 'One public service' });

const platform = new FargateCluster(stack, 'Platform', {
  ingress: ClusterIngress.publicAlb({
    domainName: 'www.example.com',
    hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE', zoneName: 'example.com' }),
  }),
});

new EcsMicroservice(stack, 'Web', {
  cluster: platform,
  image: ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/httpd:2.4'),
  port: 80,
  container: { writablePaths: ['/usr/local/apache2/logs'] },
  routes: [ServiceRoute.internetFacing()],
});

new CfnOutput(stack, 'Url', { value: platform.publicIngress().url });
