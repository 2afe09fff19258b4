import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnOutput, Duration, Size, Stack, StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  BatchCapacity, BatchCompute, ClusterNetwork, ClusterProfile, EcsBatchPipeline, FanOut, FargateCluster, JobCompute, JobSpot,
} from '../../../src';

/** A model that is trained on GPUs, on Spot as far as may be. */
export class GpuTrainingStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const cluster = new FargateCluster(this, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.natGateways(1) });
    const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../training'));
    const data = s3.Bucket.fromBucketName(this, 'Data', 'training-data');

    // one GPU of 48 GB, and of 24 GB where there is none; kept for the next run, since the image is large
    const gpus = new BatchCompute(this, 'Gpus', {
      cluster,
      capacity: BatchCapacity.gpu({ instanceTypes: ['g6e'], maxVcpus: 32, keepWarm: Duration.minutes(30), diskSize: Size.gibibytes(200) }),
    });
    gpus.addFallback(BatchCapacity.gpu({ instanceTypes: ['g6', 'g5'], maxVcpus: 32 }));

    const training = new EcsBatchPipeline(this, 'Training', { cluster, maxVcpus: 32, ceiling: { vcpuHours: 2000, gpuHours: 150 } });
    const prepare = training.addJob('Prepare', {
      image, command: ['prepare'], outputs: ['shards'], fanOut: FanOut.array(8), timeout: Duration.hours(2),
    });
    data.grantRead(prepare);
    const train = training.addJob('Train', {
      image,
      command: ['train'],
      inputs: { shards: prepare.output('shards') },
      outputs: ['model'],
      compute: JobCompute.on(gpus, {
        gpus: 1, vcpus: 4, memory: Size.gibibytes(14), spot: JobSpot.thenOnDemand({ attempts: 5, checkpoint: true }),
      }),
      timeout: Duration.hours(12),
    });
    training.addJob('Score', {
      image, command: ['score'], inputs: { model: train.output('model') }, outputs: ['metrics'], timeout: Duration.hours(1),
    });

    new CfnOutput(this, 'StateMachine', { value: training.stateMachine.stateMachineArn });
    new CfnOutput(this, 'GpuHours', { value: String(training.estimate().gpuHours), description: 'What an execution uses at worst' });
  }
}
