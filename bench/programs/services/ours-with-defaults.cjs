const ecs = require('aws-cdk-lib/aws-ecs');
const { ClusterNetwork, EcsMicroservice, FargateCluster, ServiceRoute } = require('cdk-ecs-workloads');
const { IMAGE, pathOf, secretIn, vpcIn } = require('../surroundings.cjs');

/** Everything that the production profile adds: alarms, access logs, the dashboard. */
exports.declare = (stack, services) => {
  const cluster = new FargateCluster(stack, 'Cluster', { network: ClusterNetwork.existing(vpcIn(stack)) });
  const secret = secretIn(stack);
  for (const index of services) {
    new EcsMicroservice(stack, `Service${index}`, {
      cluster,
      image: ecs.ContainerImage.fromRegistry(IMAGE),
      secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret) },
      routes: [ServiceRoute.internetFacing({ paths: [pathOf(index)], priority: index })],
    });
  }
};
