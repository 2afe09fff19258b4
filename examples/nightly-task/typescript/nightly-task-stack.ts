import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Duration, RemovalPolicy, Stack, StackProps, TimeZone } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ClusterNetwork, ClusterProfile, EcsTask, FargateCluster, RunOverlap, TaskTrigger } from '../../../src';

/** A report that is written every night, and by hand. */
export class NightlyTaskStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const cluster = new FargateCluster(this, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.natGateways(1) });
    const bucket = new s3.Bucket(this, 'Reports', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const nightly = scheduler.ScheduleExpression.cron({ hour: '3', minute: '0', timeZone: TimeZone.EUROPE_ROME });
    const report = new EcsTask(this, 'Report', {
      cluster,
      image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../report')),
      environment: { REPORTS_BUCKET: bucket.bucketName },
      trigger: TaskTrigger.schedule(nightly, { flexibleWindow: Duration.minutes(15) }),
      overlap: RunOverlap.skip(),
      timeout: Duration.hours(2),
      retries: 2,
    });
    bucket.grantWrite(report);

    const monthly = scheduler.ScheduleExpression.cron({ day: '1', hour: '5', minute: '0', timeZone: TimeZone.EUROPE_ROME });
    report.addTrigger('Monthly', TaskTrigger.schedule(monthly, { command: ['month'] }));

    const accounting = new iam.Role(this, 'Accounting', { assumedBy: new iam.AccountRootPrincipal() });
    report.grants.run(accounting);
    report.grants.stop(accounting);
  }
}
