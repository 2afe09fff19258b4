import { Template } from 'aws-cdk-lib/assertions';
import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { App, Duration, Size, Stack } from 'aws-cdk-lib/core';
import {
  BatchCapacity, BatchCompute, ClusterCapacity, ClusterNetwork, ClusterProfile, DeploymentHook, EbsVolume, EcsBatchPipeline, EcsMicroservice,
  EcsQueueWorker, EcsTask, FargateCluster, FargateClusterProps, JobCompute, PipelineTrigger, RunOverlap, ServiceDeployment, ServiceDiscovery,
  ServiceRoute, TaskTrigger, TestRoute,
} from '../../src';
import { ENV, IMAGE } from '../util/fixtures';

const BOUNDARY = 'arn:aws:iam::123456789012:policy/boundary';

/** An app with everything that makes roles, in two stacks, with the functions that newer CDK apps add. */
function rolesOf(props: (stack: Stack) => FargateClusterProps): Record<string, unknown> {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': true } });
  const platform = new Stack(app, 'Platform', { env: ENV });
  const product = new Stack(app, 'Product', { env: ENV });
  const cluster = new FargateCluster(platform, 'Platform', {
    profile: ClusterProfile.DEVELOPMENT,
    network: ClusterNetwork.natGateways(1),
    alarmActions: [new actions.SnsAction(new sns.Topic(platform, 'OnCall'))],
    explainFailures: true,
    ...props(platform),
  });
  cluster.publicIngress();
  cluster.internalIngress();
  cluster.addCapacity('Instances', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m7i.large')], max: 2 }));
  cluster.addCapacity('Managed', ClusterCapacity.managedInstances());
  const secrets = { KEY: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(product, 'Key', 'key')) };
  const authorityArn = 'arn:aws:acm-pca:us-east-1:1:certificate-authority/1';
  const certificateAuthority = acmpca.CertificateAuthority.fromCertificateAuthorityArn(product, 'Authority', authorityArn);
  const web = new EcsMicroservice(product, 'Web', { cluster, image: IMAGE, secrets, routes: [ServiceRoute.internetFacing({ paths: ['/a'] })], discovery: ServiceDiscovery.serviceConnect({ tls: { certificateAuthority } }) });
  web.enableExec();
  web.redeployOnRotation();
  web.deployments.preflight();
  new EcsMicroservice(product, 'Api', { cluster, image: IMAGE }).deployments.beforeDeploy('Migrate', { command: ['migrate'] });
  web.addExtension('Index', new EbsVolume({ path: '/index', size: Size.gibibytes(10) }));
  const hooks = [
    DeploymentHook.smokeTest({ path: '/b' }), DeploymentHook.approval({ notify: sns.Topic.fromTopicArn(product, 'Releases', 'arn:aws:sns:us-east-1:123456789012:r') }),
  ];
  new EcsMicroservice(product, 'Shifted', {
    cluster,
    image: IMAGE,
    routes: [ServiceRoute.internetFacing({ paths: ['/b'] })],
    deployment: ServiceDeployment.blueGreen({ testRoute: TestRoute.header('x-release', 'next'), hooks }),
  });
  new EcsQueueWorker(product, 'Mailer', { cluster, image: IMAGE });
  const report = new EcsTask(product, 'Report', { cluster, image: IMAGE, overlap: RunOverlap.skip(), trigger: TaskTrigger.event({ source: ['aws.s3'] }) });
  report.addTrigger('Hourly', TaskTrigger.schedule(scheduler.ScheduleExpression.rate(Duration.hours(1))));
  report.addTrigger('Deployment', TaskTrigger.deployment());
  const pipeline = new EcsBatchPipeline(product, 'Etl', { cluster });
  s3.Bucket.fromBucketName(product, 'Bucket', 'data').grantRead(pipeline.addJob('Load', { image: IMAGE }));
  pipeline.addJob('Train', { image: IMAGE, compute: JobCompute.gpu({ gpus: 1, vcpus: 4, memory: Size.gibibytes(14) }) });
  new BatchCompute(product, 'Compute', { cluster, capacity: BatchCapacity.ec2() });
  pipeline.addTrigger('Hourly', PipelineTrigger.schedule(scheduler.ScheduleExpression.rate(Duration.hours(1))));
  pipeline.addTrigger('OnEvent', PipelineTrigger.event({ source: ['aws.ecr'] }));
  pipeline.addTrigger('OnMessage', PipelineTrigger.queue(sqs.Queue.fromQueueArn(product, 'Orders', 'arn:aws:sqs:us-east-1:123456789012:orders')));
  return Object.fromEntries([platform, product].flatMap((stack) =>
    Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role')).map(([id, role]) => [`${stack.stackName}/${id.replace(/[0-9A-F]{8}$/, '')}`, role.Properties.PermissionsBoundary])));
}

describe('FargateCluster permissionsBoundary', () => {
  test('is on every role that the cluster and its workloads make, in each stack', () => {
    const roles = rolesOf((stack) => ({ permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', BOUNDARY) }));
    expect(roles).toEqual(Object.fromEntries([
      'Platform/PlatformVpcFlowLogRole',
      'Platform/CustomVpcRestrictDefaultSGCustomResourceProviderRole',
      'Platform/CustomS3AutoDeleteObjectsCustomResourceProviderRole',
      'Platform/PlatformFailureMessagesTellerRole',
      'Platform/PlatformFailureMessagesExplainerRole',
      'Platform/PlatformInstancesInstanceRole',
      'Platform/PlatformManagedInfrastructureRole',
      'Platform/PlatformManagedInstanceRole',
      'Product/WebTaskRole',
      'Product/WebTlsRole',
      'Product/WebExecutionRole',
      'Product/WebSecretRotationRole',
      'Product/WebSecretRotationStarterRole',
      'Product/WebPreflightCheckerRole',
      'Product/WebIndexInfrastructureRole',
      'Product/ApiTaskRole',
      'Product/ApiExecutionRole',
      'Product/ApiDeploymentTasksRunnerRole',
      'Product/MailerTaskRole',
      'Product/MailerExecutionRole',
      'Product/ReportTaskRole',
      'Product/ReportExecutionRole',
      'Product/ReportRunRole',
      'Product/ReportTriggerRole',
      'Product/ReportHourlyRole',
      'Product/ReportDeploymentDeploymentTasksRunnerRole',
      'Product/ShiftedTaskRole',
      'Product/ShiftedExecutionRole',
      'Product/ShiftedDeploymentRole',
      'Product/ShiftedSmokeTest9812b0b9TestRole',
      'Product/ShiftedApprovalAtPOSTTESTTRAFFICSHIFTRole',
      'Product/EtlReportsRole',
      'Product/EtlExecutionRole',
      'Product/EtlStateMachineRole',
      'Product/EtlJobsLoadRole',
      'Product/EtlGpuInstanceRole',
      'Product/ComputeInstanceRole',
      'Product/EtlHourlyRole',
      'Product/EtlOnEventRole',
      'Product/EtlOnMessageRole',
    ].map((role) => [role, BOUNDARY])));
  });

  test('may be a policy of the same app', () => {
    const roles = rolesOf((stack) => ({
      permissionsBoundary: new iam.ManagedPolicy(stack, 'Boundary', { managedPolicyName: 'boundary', statements: [new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] })] }),
    }));
    expect(Object.values(roles).filter((boundary) => boundary === undefined)).toEqual([]);
  });

  test('is on no role where none is asked for', () => {
    expect(new Set(Object.values(rolesOf(() => ({}))))).toEqual(new Set([undefined]));
  });
});
