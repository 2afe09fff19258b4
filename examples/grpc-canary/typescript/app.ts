import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as sns from 'aws-cdk-lib/aws-sns';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import {
  ClusterIngress, DeploymentHook, EcsMicroservice, FargateCluster, ServiceDeployment, ServiceProtocol, ServiceRoute, ServiceScaling, TestRoute,
} from 'cdk-ecs-workloads';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'GrpcCanary', { description: 'gRPC behind a canary deployment' });

const releases = new sns.Topic(stack, 'Releases', { enforceSSL: true });
const platform = new FargateCluster(stack, 'Platform', {
  alarmActions: [new actions.SnsAction(releases)],
  ingress: ClusterIngress.publicAlb({
    domainName: 'api.example.com',
    hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE', zoneName: 'example.com' }),
  }),
});

new EcsMicroservice(stack, 'Quotes', {
  cluster: platform,
  image: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Repository', 'quotes'), '1.0'),
  protocol: ServiceProtocol.grpc(),
  routes: [ServiceRoute.internetFacing({ paths: ['/quotes.v1.Quotes/*'] })],
  scaling: ServiceScaling.between(2, 20, { cpuPercent: 60 }),
  deployment: ServiceDeployment.canary({
    percent: 10,
    stepBakeTime: Duration.minutes(15),
    bakeTime: Duration.minutes(10),
    testRoute: TestRoute.header('x-release', 'next'),
    hooks: [DeploymentHook.approval({ notify: releases, timeout: Duration.hours(4) })],
  }),
});
