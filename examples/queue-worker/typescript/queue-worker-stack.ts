import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnOutput, Duration, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ClusterNetwork, ClusterProfile, EcsQueueWorker, FargateCluster, WorkerQueue, WorkerScaling } from '../../../src';

/** Reports that are rendered by workers: small ones within seconds, yearly ones within an hour. */
export class QueueWorkerStack extends Stack {
  public readonly reports: EcsQueueWorker;
  public readonly yearly: EcsQueueWorker;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const cluster = new FargateCluster(this, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.natGateways(1) });
    const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../worker'));
    const bucket = new s3.Bucket(this, 'Reports', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    this.reports = new EcsQueueWorker(this, 'ReportWorker', {
      cluster,
      image,
      environment: { REPORTS_BUCKET: bucket.bucketName },
      queue: WorkerQueue.standard({ deliveryAttempts: 3 }),
      maxMessageTime: Duration.seconds(30),
      scaling: WorkerScaling.between(0, 10, { backlogPerTask: 20 }),
    });
    const bulk = this.reports.addQueue('Bulk', WorkerQueue.standard());
    bucket.grantReadWrite(this.reports);

    this.yearly = new EcsQueueWorker(this, 'YearlyWorker', {
      cluster,
      image,
      environment: { REPORTS_BUCKET: bucket.bucketName },
      maxMessageTime: Duration.hours(1),
      scaling: WorkerScaling.between(0, 4),
    });
    bucket.grantReadWrite(this.yearly);

    new CfnOutput(this, 'QueueUrl', { value: this.reports.queue.queueUrl });
    new CfnOutput(this, 'BulkQueueUrl', { value: bulk.queueUrl });
    new CfnOutput(this, 'YearlyQueueUrl', { value: this.yearly.queue.queueUrl });
    new CfnOutput(this, 'Bucket', { value: bucket.bucketName });
  }
}
