const ecs = require('aws-cdk-lib/aws-ecs');
const { ClusterNetwork, ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute } = require('cdk-ecs-workloads');
const { IMAGE, pathOf } = require('./surroundings.cjs');

const publicRoute = (index) => [ServiceRoute.internetFacing({ paths: [pathOf(index)], priority: index })];
const privateRoute = (index) => [ServiceRoute.insideVpc({ paths: [pathOf(index)], priority: index })];

/** Each differs from the default in one thing. */
const CHOICES = {
  'default': {},
  'natGateways(1)': { network: ClusterNetwork.natGateways(1) },
  'vpcEndpoints()': { network: ClusterNetwork.vpcEndpoints() },
  'publicSubnets()': { network: ClusterNetwork.publicSubnets() },
  'no routes': { routes: () => undefined },
  'internal load balancer': { routes: privateRoute },
  'development': { profile: ClusterProfile.DEVELOPMENT },
};

exports.declare = (stack, services, choice) => {
  const { network, profile, routes = publicRoute } = CHOICES[choice];
  const cluster = new FargateCluster(stack, 'Cluster', { network, profile });
  const isWithoutRegistry = choice === 'vpcEndpoints()'; // endpoints lead to ECR alone
  for (const index of services) {
    const image = isWithoutRegistry ? '111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1' : IMAGE;
    new EcsMicroservice(stack, `Service${index}`, { cluster, image: ecs.ContainerImage.fromRegistry(image), routes: routes(index) });
  }
};
