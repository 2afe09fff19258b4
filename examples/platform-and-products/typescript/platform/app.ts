import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import { ClusterNetwork, ClusterProfile, FargateCluster } from 'cdk-ecs-workloads';

// The platform team's app: who deletes it by mistake takes every product down, hence the protection.
const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Platform', { description: 'The cluster of all products', terminationProtection: true });

const cluster = new FargateCluster(stack, 'Cluster', {
  profile: ClusterProfile.DEVELOPMENT,
  network: ClusterNetwork.natGateways(1),
  publication: { path: '/platform', publicIngress: true },
});
new CfnOutput(stack, 'Url', { value: cluster.publicIngress().url });
