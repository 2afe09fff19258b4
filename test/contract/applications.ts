import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Duration, Size } from 'aws-cdk-lib/core';
import type { Stack } from 'aws-cdk-lib/core';
import {
  AfterSkipped, BatchCapacity, BatchCompute, ClusterCapacity, ClusterIngress, ClusterNetwork, ClusterProfile, DeploymentHook, EbsVolume,
  EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, EcsTask, EfsVolume, FanOut, FargateCluster, FireLensRouter, IngressWaf, JobAllowance, JobCompute,
  JobSpot,
  LogQueries, NetworkEndpoint, OpenTelemetryCollector, PipelineParameter, PipelineTrigger, RoutePriorities, RunOverlap, ServiceCapacity,
  ServiceDeployment, ServiceDiscovery, ServiceProtocol, ServiceRoute, ServiceScaling, SidecarRole, TaskSize, TaskTrigger, TestRoute, WorkerQueue,
  WorkerScaling, WorkloadDashboard, WorkloadLogs,
} from '../../src';
import { IMAGE, importedVpc } from '../util/fixtures';

/** What each construct makes by default, and with everything that can be asked of it. */
export const APPLICATIONS: Record<string, (stack: Stack) => void> = {
  'FargateCluster, default': (stack) => {
    new FargateCluster(stack, 'Cluster');
  },
  'FargateCluster, full': (stack) => {
    const hostedZone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
    new FargateCluster(stack, 'Cluster', {
      network: ClusterNetwork.natGateways(2),
      ingress: ClusterIngress.publicAlb({ domainName: 'api.example.com', hostedZone }),
    }).publicIngress();
  },
  'FargateCluster, internal ingress and firewall': (stack) => {
    const hostedZone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
    const cluster = new FargateCluster(stack, 'Cluster', {
      network: ClusterNetwork.existing(new ec2.Vpc(stack, 'Vpc', { ipProtocol: ec2.IpProtocol.DUAL_STACK })),
      ingress: ClusterIngress.publicAlb({ domainName: 'api.example.com', hostedZone, dualStack: true, waf: IngressWaf.managedRules() }),
      internalIngress: ClusterIngress.internalAlb(),
    });
    cluster.publicIngress();
    cluster.internalIngress();
  },
  'FargateCluster, endpoints and sessions': (stack) => {
    const network = ClusterNetwork.vpcEndpoints({ endpoints: [NetworkEndpoint.SQS, NetworkEndpoint.DYNAMODB] });
    new FargateCluster(stack, 'Cluster', { network }).execLogging();
  },
  'FargateCluster, public subnets': (stack) => {
    new FargateCluster(stack, 'Cluster', { network: ClusterNetwork.publicSubnets() });
  },
  'FargateCluster, with instances': (stack) => {
    const cluster = smallCluster(stack);
    const general = cluster.addCapacity('General', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m7g.large')], max: 4 }));
    cluster.addCapacity('Managed', ClusterCapacity.managedInstances());
    new EcsMicroservice(stack, 'Service', { cluster, image: IMAGE, capacity: ServiceCapacity.on(general) });
    new EcsMicroservice(stack, 'Agent', { cluster, image: IMAGE, capacity: ServiceCapacity.on(general), scaling: ServiceScaling.daemon() });
  },
  'FargateCluster, published': (stack) => {
    new FargateCluster(stack, 'Cluster', {
      network: ClusterNetwork.existing(importedVpc(stack)),
      publication: { path: '/platform', publicIngress: true, internalIngress: true },
      internalIngress: ClusterIngress.internalAlb({ allowedSources: [ec2.Peer.ipv4('10.0.0.0/8')] }),
    });
  },
  'FargateCluster, from parameters': (stack) => {
    const cluster = FargateCluster.fromParameters(stack, 'Cluster', '/platform', { zones: 2, priorities: RoutePriorities.band(1) });
    new EcsMicroservice(stack, 'Service', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/orders'] })] });
    new EcsMicroservice(stack, 'Inside', { cluster, image: IMAGE, routes: [ServiceRoute.insideVpc({ paths: ['/orders'] })] });
  },
  'WorkloadDashboard and LogQueries': (stack) => {
    const workloads = [new EcsMicroservice(stack, 'Service', { cluster: smallCluster(stack), image: IMAGE })];
    new WorkloadDashboard(stack, 'Dashboard', { workloads });
    new LogQueries(stack, 'Queries', { workloads });
    WorkloadLogs.of(workloads[0]).keep({ encryptionKey: new kms.Key(stack, 'Key') });
  },
  'EcsMicroservice, default': (stack) => {
    new EcsMicroservice(stack, 'Service', { cluster: smallCluster(stack), image: IMAGE });
  },
  'EcsMicroservice, full': (stack) => {
    const cluster = smallCluster(stack);
    const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'db');
    const other = new EcsMicroservice(stack, 'Other', { cluster, image: IMAGE });
    const service = new EcsMicroservice(stack, 'Service', {
      cluster,
      image: IMAGE,
      size: TaskSize.of(512, 1024),
      environment: { STAGE: 'prod' },
      secrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(secret) },
      routes: [
        ServiceRoute.internetFacing({ paths: ['/orders'] }),
        ServiceRoute.internetFacing({ paths: ['/invoices'], priority: 7 }),
        ServiceRoute.insideVpc({ paths: ['/orders'] }),
      ],
      scaling: ServiceScaling.between(2, 20, { cpuPercent: 60, memoryPercent: 70 }),
      container: { writablePaths: ['/tmp', '/var/run'] },
      maxRequestTime: Duration.seconds(10),
    });
    service.connectTo(other);
    service.enableExec();
    service.redeployOnRotation();
    service.deployments.preflight();
    service.alarms.addSlo({ availabilityPercent: 99.9 });
    other.deployments.beforeDeploy('Migrate', { command: ['migrate'] });
    service.addSidecar('Proxy', { image: IMAGE, role: SidecarRole.PROXY, port: 9901 });
    service.addExtension('Tracing', new OpenTelemetryCollector());
    service.addExtension('Logs', new FireLensRouter({ output: { Name: 'firehose', delivery_stream: 'orders' } }));
    service.addExtension('Index', new EbsVolume({ path: '/index', size: Size.gibibytes(100) }));
    const fileSystem = efs.FileSystem.fromFileSystemAttributes(stack, 'Files', {
      fileSystemId: 'fs-1', securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'FilesGroup', 'sg-1'),
    });
    service.addExtension('Uploads', new EfsVolume({ fileSystem, path: '/uploads' }));
  },
  'EcsTask, default': (stack) => {
    new EcsTask(stack, 'Task', { cluster: smallCluster(stack), image: IMAGE });
  },
  'EcsTask, full': (stack) => {
    const hourly = scheduler.ScheduleExpression.rate(Duration.hours(1));
    const task = new EcsTask(stack, 'Task', {
      cluster: smallCluster(stack),
      image: IMAGE,
      overlap: RunOverlap.wait(Duration.hours(1)),
      timeout: Duration.hours(1),
      retries: 1,
      trigger: TaskTrigger.schedule(hourly),
    });
    task.addTrigger('Arrival', TaskTrigger.event({ source: ['aws.s3'] }));
    task.addTrigger('Deployment', TaskTrigger.deployment());
  },
  'EcsMicroservice, canary': (stack) => {
    const testRoute = TestRoute.header('x-release', 'next');
    const notify = sns.Topic.fromTopicArn(stack, 'Releases', 'arn:aws:sns:us-east-1:123456789012:releases');
    const hooks = [DeploymentHook.smokeTest({ path: '/orders' }), DeploymentHook.approval({ notify })];
    new EcsMicroservice(stack, 'Service', {
      cluster: smallCluster(stack),
      image: IMAGE,
      routes: [ServiceRoute.internetFacing({ paths: ['/orders'] }), ServiceRoute.insideVpc({ paths: ['/orders'] })],
      deployment: ServiceDeployment.canary({ testRoute, hooks }),
    });
  },
  'EcsMicroservice, without a port': (stack) => {
    new EcsMicroservice(stack, 'Service', { cluster: smallCluster(stack), image: IMAGE, protocol: ServiceProtocol.noPort() });
  },
  'EcsMicroservice, discovery': (stack) => {
    const cluster = smallCluster(stack);
    const authorityArn = 'arn:aws:acm-pca:us-east-1:1:certificate-authority/1';
    const certificateAuthority = acmpca.CertificateAuthority.fromCertificateAuthorityArn(stack, 'Authority', authorityArn);
    const namespace = new servicediscovery.PrivateDnsNamespace(stack, 'Domain', { vpc: cluster.vpc, name: 'shop.internal' });
    const byProxy = new EcsMicroservice(stack, 'Proxied', { cluster, image: IMAGE, discovery: ServiceDiscovery.serviceConnect({ tls: { certificateAuthority } }) });
    const byDns = new EcsMicroservice(stack, 'Named', { cluster, image: IMAGE, discovery: ServiceDiscovery.dns({ namespace }) });
    byProxy.connectTo(byDns);
    new EcsQueueWorker(stack, 'Worker', { cluster, image: IMAGE }).connectTo(byProxy);
    new EcsBatchPipeline(stack, 'Pipeline', { cluster }).addJob('Job', { image: IMAGE }).connectTo(byDns);
  },
  'EcsMicroservice, network': (stack) => {
    const certificates = ['a', 'b'].map((id) => acm.Certificate.fromCertificateArn(stack, id, `arn:aws:acm:us-east-1:123456789012:certificate/${id}`));
    const cluster = smallCluster(stack);
    const allowedSources = [ec2.Peer.ipv4('10.0.0.0/8')];
    new EcsMicroservice(stack, 'Service', {
      cluster,
      image: IMAGE,
      protocol: ServiceProtocol.tcp(),
      routes: [ServiceRoute.tcp({ port: 1883, allowedSources }), ServiceRoute.tls({ port: 8883, internetFacing: true, certificates })],
    });
    new EcsMicroservice(stack, 'Datagrams', { cluster, image: IMAGE, protocol: ServiceProtocol.udp(), routes: [ServiceRoute.udp({ port: 514, allowedSources })] });
  },
  'EcsQueueWorker, default': (stack) => {
    new EcsQueueWorker(stack, 'Worker', { cluster: smallCluster(stack), image: IMAGE });
  },
  'EcsQueueWorker, full': (stack) => {
    const worker = new EcsQueueWorker(stack, 'Worker', {
      cluster: smallCluster(stack),
      image: IMAGE,
      queue: WorkerQueue.fifo({ contentBasedDeduplication: true }),
      maxMessageTime: Duration.hours(1),
      scaling: WorkerScaling.between(0, 20, { backlogPerTask: 5 }),
    });
    worker.addQueue('Bulk', WorkerQueue.standard());
  },
  'EcsBatchPipeline, default': (stack) => {
    new EcsBatchPipeline(stack, 'Pipeline', { cluster: smallCluster(stack) }).addJob('Extract', { image: IMAGE });
  },
  'EcsBatchPipeline, full': (stack) => {
    const pipeline = new EcsBatchPipeline(stack, 'Pipeline', { cluster: smallCluster(stack) });
    const extract = pipeline.addJob('Extract', { image: IMAGE, outputs: ['parts', 'metrics'] });
    pipeline.addJob('Work', { image: IMAGE, fanOut: FanOut.outputObjects(extract.output('parts')) });
    const clean = pipeline.addJob('Clean', { image: IMAGE, after: [extract], fanOut: FanOut.array(4) });
    const train = pipeline.addJob('Train', {
      image: IMAGE, after: [clean], compute: JobCompute.size({ vcpus: 2, memory: Size.gibibytes(8) }), timeout: Duration.hours(6),
    });
    secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'db').grantRead(train);
    pipeline.addJob('Publish', { image: IMAGE, after: [train], when: extract.output('metrics').value('good').isTrue(), afterSkipped: AfterSkipped.RUN });
  },
  'EcsBatchPipeline, all kinds of compute': (stack) => {
    const pipeline = new EcsBatchPipeline(stack, 'Pipeline', { cluster: smallCluster(stack) });
    const size = { vcpus: 4, memory: Size.gibibytes(14) };
    const spot = JobSpot.thenOnDemand({ checkpoint: true });
    pipeline.addJob('Small', { image: IMAGE, compute: JobCompute.fargate({ vcpus: 1, memory: Size.gibibytes(2), spot }) });
    pipeline.addJob('Large', { image: IMAGE, compute: JobCompute.ec2({ ...size, spot: JobSpot.only({ acceptLostWork: true }) }) });
    pipeline.addJob('Arm', { image: IMAGE, compute: JobCompute.ec2({ ...size, architecture: ecs.CpuArchitecture.ARM64 }) });
    pipeline.addJob('Gpu', { image: IMAGE, compute: JobCompute.gpu({ ...size, gpus: 1, spot }) })
      .takes(new JobAllowance(stack, 'Licences', { quantity: 1 }), 1);
  },
  'BatchCompute, default': (stack) => {
    new BatchCompute(stack, 'Compute', { cluster: smallCluster(stack) });
  },
  'BatchCompute, full': (stack) => {
    const cluster = smallCluster(stack);
    const compute = new BatchCompute(stack, 'Compute', {
      cluster, capacity: BatchCapacity.ec2({ keepWarm: Duration.hours(1) }), priority: 5, fairShare: { weights: { training: 2, reports: 1 } },
    });
    compute.addFallback(BatchCapacity.ec2({ instanceTypes: ['r7i'] }));
    compute.addFallback(BatchCapacity.ec2({ instanceTypes: ['m5'] }));
    compute.addQueue('Urgent', 10);
    const pipeline = new EcsBatchPipeline(stack, 'Pipeline', { cluster });
    const spot = JobSpot.only({ acceptLostWork: true });
    pipeline.addJob('Job', { image: IMAGE, compute: JobCompute.on(compute, { vcpus: 1, memory: Size.gibibytes(2), share: 'training', spot }) })
      .connectTo(new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE, routes: [ServiceRoute.insideVpc({ paths: ['/a'] })] }));
  },
  'EcsBatchPipeline, triggered': (stack) => {
    const trigger = PipelineTrigger.schedule(scheduler.ScheduleExpression.rate(Duration.hours(6)), { parameters: { day: 'today' } });
    const parameters = { day: PipelineParameter.text({ defaultValue: 'yesterday' }), days: PipelineParameter.number({ defaultValue: 1 }) };
    const cluster = smallCluster(stack);
    const overlap = RunOverlap.wait(Duration.hours(1));
    const pipeline = new EcsBatchPipeline(stack, 'Pipeline', { cluster, trigger, parameters, overlap });
    pipeline.addJob('Extract', { image: IMAGE, command: ['extract', 'Ref::day'] });
    const queue = sqs.Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:123456789012:orders');
    const first = new EcsBatchPipeline(stack, 'First', { cluster });
    first.addJob('Extract', { image: IMAGE });
    pipeline.addTrigger('OnEvent', PipelineTrigger.event({ source: ['aws.ecr'] }));
    pipeline.addTrigger('OnUpload', PipelineTrigger.objectCreated(new s3.Bucket(stack, 'Uploads')));
    pipeline.addTrigger('OnMessage', PipelineTrigger.queue(queue));
    pipeline.addTrigger('OnEnd', PipelineTrigger.pipelineEnded(first));
  },
};

/** A cluster that adds as little as can be to what is looked at. */
function smallCluster(stack: Stack): FargateCluster {
  return new FargateCluster(stack, 'Cluster', {
    network: ClusterNetwork.existing(importedVpc(stack)),
    internalIngress: ClusterIngress.internalAlb({ allowedSources: [ec2.Peer.ipv4('10.0.0.0/16')] }),
    profile: ClusterProfile.PRODUCTION,
    alarmActions: [new actions.SnsAction(sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:123456789012:on-call'))],
  });
}
