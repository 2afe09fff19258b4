import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, Stack } from 'aws-cdk-lib/core';
import { ClusterCapacity, ClusterNetwork, EcsMicroservice, FargateCluster, ServiceCapacity, ServiceScaling, TaskSize } from 'cdk-ecs-workloads';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Compute', { description: 'A network with endpoints, and instances beside Fargate' });

/** Nothing leads to the internet, so images come from Amazon ECR. */
function image(name: string): ecs.ContainerImage {
  return ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, `${name}Repository`, name.toLowerCase()), '1.0');
}

const platform = new FargateCluster(stack, 'Platform', { network: ClusterNetwork.vpcEndpoints() });
const general = platform.addCapacity('General', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m7g.large')], min: 1, max: 10 }));
const gpu = platform.addCapacity('Gpu', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('g6.xlarge')], max: 4 }));

new EcsMicroservice(stack, 'Web', { cluster: platform, image: image('Web') });
new EcsMicroservice(stack, 'Search', { cluster: platform, image: image('Search'), capacity: ServiceCapacity.on(general) });
new EcsMicroservice(stack, 'Agent', { cluster: platform, image: image('Agent'), capacity: ServiceCapacity.on(general), scaling: ServiceScaling.daemon() });
new EcsMicroservice(stack, 'Inference', {
  cluster: platform,
  image: image('Inference'),
  size: TaskSize.onInstances(2048, 12000, { gpus: 1 }),
  capacity: ServiceCapacity.on(gpu),
});
