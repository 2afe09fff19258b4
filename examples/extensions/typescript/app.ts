import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { EcsMicroservice, FargateCluster, IEcsWorkload, IWorkloadExtension, OpenTelemetryCollector, SidecarRole, TaskSize } from 'cdk-ecs-workloads';

/** Gives a workload a bucket to write to, and tells it the name. */
class Archive implements IWorkloadExtension {
  public extend(scope: Construct, workload: IEcsWorkload): void {
    const bucket = new s3.Bucket(scope, 'Bucket', { enforceSSL: true });
    bucket.grantPut(workload);
    workload.addEnvironment('ARCHIVE', bucket.bucketName);
  }
}

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Billing', { description: 'A service with a sidecar, secrets, and an extension of its own' });
const onCall = new sns.Topic(stack, 'OnCall', { enforceSSL: true });
const database = new secretsmanager.Secret(stack, 'Database');

const billing = new EcsMicroservice(stack, 'Billing', {
  cluster: new FargateCluster(stack, 'Platform', { alarmActions: [new actions.SnsAction(onCall)] }),
  image: ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx-unprivileged:1.29'),
  size: TaskSize.small({ architecture: ecs.CpuArchitecture.ARM64 }),
  secrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(database, 'password') },
  container: { user: '101', writablePaths: ['/tmp', '/var/cache/nginx'] },
});
billing.deployments.preflight();
billing.deployments.beforeDeploy('Migrate', { command: ['sh', 'migrate.sh'], timeout: Duration.minutes(10), environment: { STEP: 'expand' } });
billing.redeployOnRotation({ quietTime: Duration.minutes(5) });
billing.addSidecar('Proxy', {
  image: ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/haproxy:3.2-alpine'),
  role: SidecarRole.PROXY,
  port: 9901,
});
billing.addExtension('Tracing', new OpenTelemetryCollector());
billing.addExtension('Archive', new Archive());
