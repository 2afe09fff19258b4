import * as path from 'path';
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Stack } from 'aws-cdk-lib/core';
import { createApp } from './app';
import { ClusterNetwork, ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute, ServiceScaling } from '../src';

/** Two services behind one load balancer, one of which calls a third that only the cluster reaches. */
const app = createApp();
const stack = new Stack(app, 'IntegEcsMicroserviceRouted');
const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.natGateways(1) });
const image = ecs.ContainerImage.fromAsset(path.join(__dirname, 'images/hello'));

const backend = new EcsMicroservice(stack, 'Backend', { cluster, image, environment: { SAYS: 'backend' }, scaling: ServiceScaling.fixed(1) });
const front = new EcsMicroservice(stack, 'Front', {
  cluster, image, environment: { SAYS: 'front' }, routes: [ServiceRoute.internetFacing({ paths: ['/through', '/front/*'] })],
});
const admin = new EcsMicroservice(stack, 'Admin', {
  cluster, image, environment: { SAYS: 'admin' }, routes: [ServiceRoute.internetFacing({ paths: ['/admin/*'] })],
});
front.connectTo(backend);

const integ = new IntegTest(app, 'EcsMicroserviceRouted', { testCases: [stack] });
for (const service of [backend, front, admin]) {
  integ.assertions
    .awsApiCall('ECS', 'describeServices', { cluster: cluster.cluster.clusterName, services: [service.service.serviceName] })
    .expect(ExpectedResult.objectLike({ services: [{ status: 'ACTIVE', runningCount: 1, desiredCount: 1 }] }));
}
