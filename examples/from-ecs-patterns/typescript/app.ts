import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import { App, Stack } from 'aws-cdk-lib/core';
import { ClusterIngress, ClusterNetwork, EcsMicroservice, FargateCluster, ServiceRoute, SharedIngress, TaskSize } from 'cdk-ecs-workloads';

const NAME = 'orders.example.com';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'FromEcsPatterns', { description: 'The old service and the new one, with weights between them' });

const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
const zone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE', zoneName: 'example.com' });
const certificate = new acm.Certificate(stack, 'Certificate', { domainName: NAME, validation: acm.CertificateValidation.fromDns(zone) });
const image = ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Repository', 'orders'), '1.0');

const old = new patterns.ApplicationLoadBalancedFargateService(stack, 'Orders', {
  cluster: new ecs.Cluster(stack, 'OldCluster', { vpc }),
  cpu: 512,
  memoryLimitMiB: 1024,
  desiredCount: 2,
  minHealthyPercent: 100,
  certificate,
  taskImageOptions: { image, containerPort: 8080, environment: { STAGE: 'prod' } },
});

const platform = new FargateCluster(stack, 'Platform', {
  network: ClusterNetwork.existing(vpc),
  ingress: ClusterIngress.publicAlb({ certificates: [certificate] }),
});
new EcsMicroservice(stack, 'OrdersService', {
  cluster: platform,
  image,
  size: TaskSize.of(512, 1024),
  environment: { STAGE: 'prod' },
  routes: [ServiceRoute.internetFacing({ hosts: [NAME] })],
});

/** Of a hundred requests, so many go to the new service. */
const newShare = Number(app.node.tryGetContext('newShare') ?? 0);

function record(id: string, loadBalancer: elbv2.ILoadBalancerV2, weight: number): void {
  new route53.ARecord(stack, id, {
    zone,
    recordName: NAME,
    target: route53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(loadBalancer)),
    weight,
    setIdentifier: id,
  });
}
record('Old', old.loadBalancer, 100 - newShare);
// a load balancer of this app, so that its L2 object is at hand.
record('New', (platform.publicIngress() as SharedIngress).loadBalancer, newShare);
