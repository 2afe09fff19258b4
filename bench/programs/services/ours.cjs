const ecs = require('aws-cdk-lib/aws-ecs');
const { ClusterNetwork, ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute, ServiceScaling } = require('cdk-ecs-workloads');
const { IMAGE, PORT, pathOf, secretIn, vpcIn } = require('../surroundings.cjs');

/** The work of the other programs: no alarms, no dashboard, which the development profile leaves out. */
exports.declare = (stack, services) => {
  const cluster = new FargateCluster(stack, 'Cluster', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.existing(vpcIn(stack)) });
  const secret = secretIn(stack);
  for (const index of services) {
    new EcsMicroservice(stack, `Service${index}`, {
      cluster,
      image: ecs.ContainerImage.fromRegistry(IMAGE),
      port: PORT,
      secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret) },
      routes: [ServiceRoute.internetFacing({ paths: [pathOf(index)], priority: index })],
      scaling: ServiceScaling.between(2, 10, { cpuPercent: 65 }),
    });
  }
};
