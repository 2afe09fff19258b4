import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Duration, Size, Stack, StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { AfterSkipped, ClusterNetwork, ClusterProfile, EcsBatchPipeline, FargateCluster, JobCompute, JobCondition, OnJobFailure } from '../../../src';

/** A model that is trained, and published if it is good. */
export class TrainingPipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const cluster = new FargateCluster(this, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.natGateways(1) });
    const image = ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/python:3.12-slim');
    const training = new EcsBatchPipeline(this, 'Training', { cluster, onJobFailure: OnJobFailure.FINISH_OTHERS });

    const train = training.addJob('Train', {
      image,
      command: ['python', 'train.py'],
      compute: JobCompute.size({ vcpus: 4, memory: Size.gibibytes(16) }),
      timeout: Duration.hours(6),
      outputs: ['model'],
    });
    const score = training.addJob('Score', {
      image, command: ['python', 'score.py'], inputs: { model: train.output('model') }, outputs: ['metrics'],
    });
    const metrics = score.output('metrics');
    const good = JobCondition.allOf([metrics.value('accuracy').isAtLeast(0.9), metrics.value('drifted').isFalse()]);
    const publish = training.addJob('Publish', { image, command: ['python', 'publish.py'], inputs: { model: train.output('model') }, when: good });
    const search = training.addJob('SearchFeatures', { image, command: ['python', 'search.py'], when: JobCondition.noneOf([good]) });
    training.addJob('Report', {
      image, command: ['python', 'report.py'], after: [publish, search], afterSkipped: AfterSkipped.RUN_UNLESS_ALL_SKIPPED,
    });

    new cloudwatch.Dashboard(this, 'OnCall', {
      widgets: [[new cloudwatch.TextWidget({ markdown: training.toRunbook(), width: 24, height: 12 })]],
    });
  }
}
