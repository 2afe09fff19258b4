import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Duration, Size, Stack, Tags, TimeZone } from 'aws-cdk-lib/core';
import {
  AfterSkipped, BatchJob, ClusterCapacity, ClusterIngress, ClusterNetwork, ClusterProfile, EcsBatchPipeline, EcsBatchPipelineProps, EcsMicroservice,
  EcsMicroserviceProps, EcsQueueWorker, EcsQueueWorkerProps, EcsTask, EcsTaskProps, FanOut, FargateCluster, FargateClusterProps,
  IngressWaf, JobCompute, JobOptions, OnJobFailure, PipelineParameter, PipelineTrigger, RunOverlap, ServiceCapacity, ServiceDeployment,
  ServiceDiscovery,
  ServiceProtocol, ServiceRoute, ServiceScaling, TaskSize, TaskTrigger,
  WorkerQueue, WorkerScaling,
} from '../../src';
import { IMAGE, importedVpc } from '../util/fixtures';

/** One change of a construct, which must replace, interrupt and delete nothing. */
export interface Change {
  /** The prop that is another one, or `sibling`, `tags` or a method. */
  readonly prop: string;
  readonly what: string;
  readonly before: (stack: Stack) => void;
  readonly after: (stack: Stack) => void;
  /** What is found all the same, with the reason why that is right. */
  readonly expected: Expected;
}

/** Findings as `EFFECT id properties`, ids without their hash. */
export interface Expected {
  readonly findings: string[];
  readonly because: string;
}

const NOTHING: Expected = { findings: [], because: 'nothing that runs may be touched' };

const OTHER_IMAGE = ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.30');
const hourly = TaskTrigger.schedule(scheduler.ScheduleExpression.rate(Duration.hours(1)));
const topic = (stack: Stack) => sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:123456789012:on-call');
const secret = (stack: Stack) => ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'db'));

export const SERVICE_CHANGES = [
  ...changesOf<Partial<EcsMicroserviceProps>>(service, {}, [
    ['image', 'another one', () => ({ image: OTHER_IMAGE })],
    ['port', 'another one', () => ({ port: 9090 })],
    ['size', 'more', () => ({ size: TaskSize.of(512, 1024) })],
    ['size', 'another processor', () => ({ size: TaskSize.small({ architecture: ecs.CpuArchitecture.ARM64 }) })],
    ['environment', 'a variable', () => ({ environment: { STAGE: 'prod' } })],
    ['secrets', 'a secret', (stack) => ({ secrets: { DB_PASSWORD: secret(stack) } })],
    ['container', 'writable paths and a command', () => ({ container: { writablePaths: ['/var/run'], command: ['serve'] } })],
    ['routes', 'another path', () => ({ routes: [ServiceRoute.internetFacing({ paths: ['/purchases'] })] }), {
      findings: ['DELETION OrdersRoute'], because: 'the old path is not asked for any more; the rule of the new one is there first',
    }],
    ['routes', 'one more', () => ({ routes: [ServiceRoute.internetFacing({ paths: ['/orders'] }), ServiceRoute.internetFacing({ paths: ['/invoices'] })] })],
    ['routes', 'one inside as well', () => ({ routes: [ServiceRoute.internetFacing({ paths: ['/orders'] }), ServiceRoute.insideVpc({ paths: ['/orders'] })] })],
    ['scaling', 'other bounds and a target', () => ({ scaling: ServiceScaling.between(3, 20, { cpuPercent: 50, memoryPercent: 70 }) })],
    ['capacity', 'Spot', () => ({ capacity: ServiceCapacity.fargate({ onDemandBase: 2, spotWeight: 3 }) })],
    ['deployment', 'another speed', () => ({ deployment: ServiceDeployment.rolling({ minHealthyPercent: 50 }) })],
    ['healthCheck', 'another path', () => ({ healthCheck: { path: '/health', interval: Duration.seconds(20) } })],
    ['maxRequestTime', 'longer', () => ({ maxRequestTime: Duration.seconds(60) })],
    ['discovery', 'Service Connect', () => ({ discovery: ServiceDiscovery.serviceConnect() })],
    ['protocol', 'WebSocket', () => ({ protocol: ServiceProtocol.webSocket() })],
  ]),
  ...changesOf<(service: EcsMicroservice, stack: Stack) => void>(touchedService, () => {}, [
    ['enableExec', 'sessions', () => (orders) => orders.enableExec()],
    ['connectTo', 'a call to another service', () => (orders, stack) => orders.connectTo(stack.node.findChild('Users') as EcsMicroservice)],
    ['addSidecar', 'a sidecar', () => (orders) => orders.addSidecar('Proxy', { image: IMAGE })],
    ['scaling.officeHours', 'a schedule', () => (orders) => orders.scaling.officeHours({ timeZone: TimeZone.EUROPE_ROME })],
    ['deployments.preflight', 'a preflight', () => (orders) => void orders.deployments.preflight()],
    ['tags', 'tags', () => (orders) => Tags.of(orders).add('team', 'shop')],
  ]),
];

export const WORKER_CHANGES = changesOf<Partial<EcsQueueWorkerProps> & { tag?: string; addQueue?: boolean }>(worker, {}, [
  ['image', 'another one', () => ({ image: OTHER_IMAGE })],
  ['queue', 'more receives', () => ({ queue: WorkerQueue.standard({ deliveryAttempts: 7 }) })],
  ['maxMessageTime', 'longer', () => ({ maxMessageTime: Duration.minutes(9) })],
  ['interruptible', 'may be interrupted', () => ({ interruptible: true })],
  ['size', 'more', () => ({ size: TaskSize.of(512, 1024) })],
  ['environment', 'a variable', () => ({ environment: { STAGE: 'prod' } })],
  ['secrets', 'a secret', (stack) => ({ secrets: { DB_PASSWORD: secret(stack) } })],
  ['container', 'a command', () => ({ container: { command: ['work'] } })],
  ['capacity', 'Spot', () => ({ capacity: ServiceCapacity.fargate({ onDemandBase: 1, spotWeight: 1 }) })],
  ['scaling', 'other bounds', () => ({ scaling: WorkerScaling.between(1, 30, { backlogPerTask: 5 }) })],
  ['deployment', 'another speed', () => ({ deployment: ServiceDeployment.rolling({ minHealthyPercent: 50 }) })],
  ['tags', 'tags', () => ({ tag: 'shop' })],
]);

export const TASK_CHANGES = changesOf<Partial<EcsTaskProps> & { tag?: string }>(task, {}, [
  ['image', 'another one', () => ({ image: OTHER_IMAGE })],
  ['trigger', 'another schedule', () => ({ trigger: TaskTrigger.schedule(scheduler.ScheduleExpression.rate(Duration.hours(2))) })],
  ['overlap', 'skip', () => ({ overlap: RunOverlap.skip() })],
  ['timeout', 'longer', () => ({ timeout: Duration.hours(3) })],
  ['retries', 'more', () => ({ retries: 2 })],
  ['size', 'more', () => ({ size: TaskSize.of(512, 1024) })],
  ['environment', 'a variable', () => ({ environment: { STAGE: 'prod' } })],
  ['secrets', 'a secret', (stack) => ({ secrets: { DB_PASSWORD: secret(stack) } })],
  ['container', 'a command', () => ({ container: { command: ['report'] } })],
  ['capacity', 'Spot', () => ({ capacity: ServiceCapacity.fargateSpot() })],
  ['tags', 'tags', () => ({ tag: 'shop' })],
]);

interface PipelineChange {
  readonly props?: Partial<EcsBatchPipelineProps>;
  readonly job?: Partial<JobOptions>;
  /** Of the second job. */
  readonly load?: (extract: BatchJob) => Partial<JobOptions>;
  readonly tag?: string;
}

export const PIPELINE_CHANGES = changesOf<PipelineChange>(pipeline, {}, [
  ['artifactBucket', 'a bucket of your own', (stack) => ({ props: { artifactBucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'data') } })],
  ['description', 'another one', () => ({ props: { description: 'Prices' } })],
  ['maxVcpus', 'more', () => ({ props: { maxVcpus: 512 } })],
  ['ceiling', 'one', () => ({ props: { ceiling: { vcpuHours: 5000 } } })],
  ['overlap', 'skip', () => ({ props: { overlap: RunOverlap.skip() } })],
  ['parameters', 'one', () => ({ props: { parameters: { day: PipelineParameter.text() } } })],
  ['trigger', 'a schedule', () => ({ props: { trigger: PipelineTrigger.schedule(scheduler.ScheduleExpression.rate(Duration.hours(1))) } })],
  ['onJobFailure', 'others finish', () => ({ props: { onJobFailure: OnJobFailure.FINISH_OTHERS } })],
  ['image', 'another one', () => ({ job: { image: OTHER_IMAGE } })],
  ['command', 'another one', () => ({ job: { command: ['clean'] } })],
  ['compute', 'more', () => ({ job: { compute: JobCompute.size({ vcpus: 2, memory: Size.gibibytes(8) }) } })],
  ['environment', 'a variable', () => ({ job: { environment: { STAGE: 'prod' } } })],
  ['secrets', 'a secret', (stack) => ({ job: { secrets: { DB_PASSWORD: secret(stack) } } })],
  ['timeout', 'longer', () => ({ job: { timeout: Duration.hours(9) } })],
  ['attempts', 'more', () => ({ job: { attempts: 3 } })],
  ['user', 'another one', () => ({ job: { user: '1000' } })],
  ['writablePaths', 'one', () => ({ job: { writablePaths: ['/data'] } })],
  ['fanOut', 'an array', () => ({ job: { fanOut: FanOut.array(4) } })],
  ['outputs', 'one', () => ({ job: { outputs: ['rows'] } })],
  ['after', 'nothing', () => ({ load: () => ({}) })],
  ['inputs', 'one', () => ({ job: { outputs: ['rows'] }, load: (extract) => ({ inputs: { rows: extract.output('rows') } }) })],
  ['when', 'a condition', () => ({ job: { outputs: ['rows'] }, load: (extract) => ({ when: extract.output('rows').value('good').isTrue() }) })],
  ['afterSkipped', 'runs', () => ({ job: { outputs: ['rows'] }, load: (extract) => ({ after: [extract], afterSkipped: AfterSkipped.RUN }) })],
  ['tags', 'tags', () => ({ tag: 'shop' })],
]);

export const CLUSTER_CHANGES = changesOf<(stack: Stack) => Partial<FargateClusterProps>>(cluster, () => ({}), [
  ['network', 'another number of NAT gateways', () => () => ({ network: ClusterNetwork.natGateways(2, { flowLog: undefined }) })],
  ['ingress', 'HTTPS', () => (stack) => ({
    ingress: ClusterIngress.publicAlb({ certificates: [acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/1')] }),
  }), {
    findings: ['REPLACEMENT OrdersRoute ListenerArn'], because: 'the rule moves to the listener of HTTPS; the one of HTTP stays until that is there',
  }],
  ['ingress', 'a firewall', () => () => ({ ingress: ClusterIngress.publicAlb({ waf: IngressWaf.managedRules() }) })],
  ['internalIngress', 'other sources', () => () => ({ internalIngress: ClusterIngress.internalAlb({ allowedSources: [ec2.Peer.ipv4('10.0.0.0/8')] }) })],
  ['capacity', 'Spot', () => () => ({ capacity: ServiceCapacity.fargateSpot() })],
  ['profile', 'development', () => () => ({ profile: ClusterProfile.DEVELOPMENT }), {
    findings: [
      'DELETION PlatformDashboard', ...['RunningTasks', 'Cpu', 'Memory'].map((alarm) => `DELETION Orders${alarm}Alarm`),
      ...['', 'Internal'].flatMap((which) => ['UnhealthyHosts', 'ServerErrors', 'Latency'].map((alarm) => `DELETION Orders${which}${alarm}Alarm`)),
    ],
    because: 'that profile has no alarms and no dashboard',
  }],
  ['alarmActions', 'a topic', () => (stack) => ({ alarmActions: [new actions.SnsAction(topic(stack))] })],
  ['explainFailures', 'messages', () => (stack) => ({ explainFailures: true, alarmActions: [new actions.SnsAction(topic(stack))] })],
  ['containerInsights', 'off', () => () => ({ containerInsights: ecs.ContainerInsights.DISABLED }), {
    findings: ['DELETION OrdersRunningTasksAlarm'], because: 'without Container Insights there is no metric for it',
  }],
  ['permissionsBoundary', 'one', () => (stack) => ({
    permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::123456789012:policy/boundary'),
  })],
  ['publication', 'its facts', () => () => ({ publication: { path: '/platform' } }), {
    findings: ['DELETION OrdersRoute', 'DELETION OrdersInternalRoute'], because: 'other apps get numbers of their own; rules with other numbers are there before these go',
  }],
  ['ephemeralStorageKey', 'a key', () => (stack) => ({ ephemeralStorageKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:123456789012:key/1') })],
]);

const PUBLIC_INGRESS = ['SecurityGroup', 'LoadBalancer', 'LoadBalancerHttpListener', 'AccessLogsPolicy'].map((id) => `DELETION PlatformPublicIngress${id}`);

/** What cannot be had without a replacement or deletion. */
export const REPLACING: Change[] = [
  ...changesOf<Partial<EcsMicroserviceProps>>(service, {}, [
    ['routes', 'inside only', () => ({ routes: [ServiceRoute.insideVpc({ paths: ['/orders'] })] }), {
      findings: [
        ...PUBLIC_INGRESS, 'DELETION OrdersTargetGroup', 'DELETION OrdersRoute', ...['UnhealthyHosts', 'ServerErrors', 'Latency'].map((alarm) => `DELETION Orders${alarm}Alarm`),
      ],
      because: 'the public load balancer has no service any more; its access logs are kept',
    }],
  ]),
  ...changesOf<ServiceScaling | undefined>(onInstances, undefined, [
    ['scaling', 'a daemon', () => ServiceScaling.daemon(), {
      findings: ['REPLACEMENT AgentService LaunchType SchedulingStrategy', 'DELETION AgentScalableTarget', 'DELETION AgentCpuScaling'],
      because: 'ECS cannot change the strategy of a service',
    }],
  ]),
  ...changesOf<Partial<EcsQueueWorkerProps>>(worker, {}, [
    ['queue', 'FIFO', () => ({ queue: WorkerQueue.fifo() }), {
      findings: ['REPLACEMENT MailerDeadLetterQueue FifoQueue', 'REPLACEMENT MailerQueue FifoQueue'], because: 'SQS has no way from one kind to the other; the old queues are kept',
    }],
  ]),
  ...changesOf<(stack: Stack) => Partial<FargateClusterProps>>(cluster, () => ({}), [
    ['namespaceName', 'another name', () => () => ({ namespaceName: 'shop' }), {
      findings: ['REPLACEMENT PlatformNamespace Name'], because: 'Cloud Map cannot rename a namespace',
    }],
  ]),
];

/** What is declared beside what runs. Each may come and go. */
export const SIBLINGS: Record<string, (stack: Stack, platform: FargateCluster) => void> = {
  'a service': (stack, platform) => {
    new EcsMicroservice(stack, 'More', { cluster: platform, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/more/*'] })] });
  },
  'a service with a route that comes first': (stack, platform) => {
    new EcsMicroservice(stack, 'More', { cluster: platform, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/a/b/c/d/e'] })] });
  },
  'a service that calls one that runs': (stack, platform) => {
    new EcsMicroservice(stack, 'More', { cluster: platform, image: IMAGE }).connectTo(stack.node.findChild('Orders') as EcsMicroservice);
  },
  'a worker': (stack, platform) => {
    new EcsQueueWorker(stack, 'More', { cluster: platform, image: IMAGE });
  },
  'a task': (stack, platform) => {
    new EcsTask(stack, 'More', { cluster: platform, image: IMAGE, trigger: hourly, retries: 1 });
  },
  'a pipeline': (stack, platform) => {
    new EcsBatchPipeline(stack, 'More', { cluster: platform }).addJob('Job', { image: IMAGE });
  },
  'a job': (stack) => {
    (stack.node.findChild('Etl') as EcsBatchPipeline).addJob('More', { image: IMAGE });
  },
  'capacity': (_stack, platform) => {
    platform.addCapacity('More', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m7i.large')], max: 2 }));
  },
};

/** Everything at once, for what comes and goes beside it. */
export function wholeApp(stack: Stack): FargateCluster {
  const platform = platformOf(stack);
  new EcsMicroservice(stack, 'Orders', { cluster: platform, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })] });
  new EcsMicroservice(stack, 'Users', { cluster: platform, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/users/*'] })] });
  new EcsQueueWorker(stack, 'Mailer', { cluster: platform, image: IMAGE });
  new EcsTask(stack, 'Report', { cluster: platform, image: IMAGE, trigger: hourly });
  new EcsBatchPipeline(stack, 'Etl', { cluster: platform }).addJob('Extract', { image: IMAGE });
  return platform;
}

function service(stack: Stack, props: Partial<EcsMicroserviceProps>): void {
  new EcsMicroservice(stack, 'Orders', { cluster: platformOf(stack), image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/orders'] })], ...props });
}

function touchedService(stack: Stack, touch: (service: EcsMicroservice, stack: Stack) => void): void {
  const platform = platformOf(stack);
  new EcsMicroservice(stack, 'Users', { cluster: platform, image: IMAGE });
  touch(new EcsMicroservice(stack, 'Orders', { cluster: platform, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/orders'] })] }), stack);
}

function onInstances(stack: Stack, scaling?: ServiceScaling): void {
  const platform = platformOf(stack);
  const instances = platform.addCapacity('General', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m7g.large')], max: 4 }));
  new EcsMicroservice(stack, 'Agent', { cluster: platform, image: IMAGE, capacity: ServiceCapacity.on(instances), scaling });
}

function worker(stack: Stack, { tag, ...props }: Partial<EcsQueueWorkerProps> & { tag?: string }): void {
  tagged(new EcsQueueWorker(stack, 'Mailer', { cluster: platformOf(stack), image: IMAGE, ...props }), tag);
}

function task(stack: Stack, { tag, ...props }: Partial<EcsTaskProps> & { tag?: string }): void {
  tagged(new EcsTask(stack, 'Report', { cluster: platformOf(stack), image: IMAGE, trigger: hourly, retries: 1, ...props }), tag);
}

function pipeline(stack: Stack, { props, job, load = (extract) => ({ after: [extract] }), tag }: PipelineChange): void {
  const etl = new EcsBatchPipeline(stack, 'Etl', { cluster: platformOf(stack), ...props });
  const extract = etl.addJob('Extract', { image: IMAGE, ...job });
  etl.addJob('Load', { image: IMAGE, ...load(extract) });
  tagged(etl, tag);
}

function cluster(stack: Stack, props: (stack: Stack) => Partial<FargateClusterProps>): void {
  const platform = new FargateCluster(stack, 'Platform', { network: ClusterNetwork.natGateways(1), ...props(stack) });
  new EcsMicroservice(stack, 'Orders', { cluster: platform, image: IMAGE, routes: [ServiceRoute.internetFacing(), ServiceRoute.insideVpc()] });
}

function tagged(construct: EcsQueueWorker | EcsTask | EcsBatchPipeline, tag?: string): void {
  if (tag !== undefined) Tags.of(construct).add('team', tag);
}

function platformOf(stack: Stack): FargateCluster {
  return new FargateCluster(stack, 'Platform', {
    network: ClusterNetwork.existing(importedVpc(stack)),
    internalIngress: ClusterIngress.internalAlb({ allowedSources: [ec2.Peer.ipv4('10.0.0.0/16')] }),
  });
}

/** Each change of a construct's declaration from `unchanged`. */
function changesOf<T>(declare: (stack: Stack, change: T) => void, unchanged: T, rows: [string, string, (stack: Stack) => T, Expected?][]): Change[] {
  const before = (stack: Stack) => declare(stack, unchanged);
  return rows.map(([prop, what, change, expected = NOTHING]) => ({ prop, what, before, after: (stack) => declare(stack, change(stack)), expected }));
}
