const ecs = require('aws-cdk-lib/aws-ecs');
const { Size } = require('aws-cdk-lib/core');
const { ClusterNetwork, ClusterProfile, EcsBatchPipeline, FargateCluster, JobCompute } = require('cdk-ecs-workloads');
const { IMAGE, JOBS, vpcIn } = require('../surroundings.cjs');

exports.declare = (stack, pipelines) => {
  const cluster = new FargateCluster(stack, 'Cluster', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.existing(vpcIn(stack)) });
  for (const index of pipelines) {
    const pipeline = new EcsBatchPipeline(stack, `Pipeline${index}`, { cluster });
    JOBS.reduce((after, id) => [pipeline.addJob(id, {
      image: ecs.ContainerImage.fromRegistry(IMAGE), compute: JobCompute.size({ vcpus: 1, memory: Size.gibibytes(2) }), attempts: 3, after,
    })], []);
  }
};
