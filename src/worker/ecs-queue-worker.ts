import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { MOST_QUEUES } from './backlog-metrics';
import type { BoundQueue } from './bound-queue';
import type { EcsQueueWorkerProps } from './ecs-queue-worker-props';
import { contradiction, LONGEST_STOP, LONGEST_VISIBILITY, MessageTimes, messageTimes } from './message-times';
import { showWorker } from './show-worker';
import { allowTaskProtection } from './task-protection';
import { createQueueAlarms } from './worker-alarms';
import { chooseWorkerCapacity } from './worker-capacity';
import { workerEnvironment } from './worker-environment';
import { WorkerGrants } from './worker-grants';
import { WorkerMetrics } from './worker-metrics';
import { WorkerQueue } from './worker-queue';
import { WorkerScaling } from './worker-scaling';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { alarmOnMemory, alarmOnRunningTasks } from '../observability/running-alarms';
import { WorkloadAlarms } from '../observability/workload-alarms';
import { checkSeconds } from '../private/check';
import { fail, show } from '../private/fail';
import { defaultsOf } from '../private/profile-defaults';
import { createSecurityGroup } from '../private/security-group';
import { createService } from '../service/create-service';
import { checkShift } from '../service/deployment/shift-checks';
import type { IEcsMicroservice } from '../service/iecs-microservice';
import { OutgoingCalls } from '../service/outgoing-calls';
import type { ServiceCapacityConfig } from '../service/service-capacity-config';
import { ServiceConnect } from '../service/service-connect';
import { ExtensibleWorkload } from '../task/extensible-workload';
import type { IWorkloadExtension } from '../task/iworkload-extension';
import type { SidecarOptions } from '../task/sidecar-options';
import { TaskSize } from '../task/task-size';
import { WorkloadTask } from '../task/workload-task';

/**
 * A long-running consumer of an SQS queue: equal tasks that take messages, as many as the backlog asks for.
 *
 * Creates a queue with a dead-letter queue, unless one is given, a task definition with one task role and one execution role, a log group, a security group
 * that lets nothing in, the service, a scalable target with a policy on the backlog of each task and, in production, alarms. Tasks, logs, alarms and
 * requests to the queue cost money.
 *
 * The application finds its queues in `QUEUE_URLS`, the most urgent first, takes no new message after SIGTERM, finishes the one it has, and ends. A message
 * may be delivered more than once: work must bear that.
 *
 * @example
 * const mailer = new EcsQueueWorker(this, 'Mailer', {
 *   cluster,
 *   image: ecs.ContainerImage.fromAsset('mailer'),
 *   maxMessageTime: Duration.minutes(2),
 *   scaling: WorkerScaling.between(1, 20, { backlogPerTask: 30 }),
 * });
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/common-use-cases.html
 */
export class EcsQueueWorker extends Construct implements ec2.IConnectable, iam.IGrantable, IWatchedWorkload {
  /** The queue that the worker was made with. Its most urgent one. */
  public readonly queue: sqs.IQueue;

  /** Where messages of `queue` go that fail again and again; undefined where an existing queue has none that is known. */
  public readonly deadLetterQueue?: sqs.IQueue;

  /** The ECS service: the escape hatch to what this class has no word for. */
  public readonly service: ecs.BaseService;

  /** The task definition of the service. */
  public readonly taskDefinition: ecs.TaskDefinition;

  /** The main container. */
  public readonly container: ecs.ContainerDefinition;

  /** Where the containers' output goes. */
  public readonly logGroup: logs.ILogGroup;

  /** Whom the worker may call. */
  public readonly connections: ec2.Connections;

  /** The task role: what the application may do in AWS. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** What others may do with the queues. */
  public readonly grants: WorkerGrants;

  /** What CloudWatch knows of the worker: for alarms and dashboards of your own. */
  public readonly metrics: WorkerMetrics;

  /** The alarms of the worker and of its queues. */
  public readonly alarms = WorkloadAlarms._create(this);

  private readonly times: MessageTimes;
  private readonly task: WorkloadTask;
  private readonly extensible: ExtensibleWorkload;
  private readonly calls: OutgoingCalls;
  private readonly queues: BoundQueue[] = [];

  constructor(scope: Construct, id: string, private readonly props: EcsQueueWorkerProps) {
    super(scope, id);
    const { cluster } = props;
    const scaling = props.scaling ?? WorkerScaling._default(cluster.profile);
    this.times = this.validate(props);
    const capacity = chooseWorkerCapacity(this, props, this.times);
    const securityGroup = createSecurityGroup(this, 'SecurityGroup', cluster.vpc, 'Tasks of a worker');
    this.connections = new ec2.Connections({ securityGroups: [securityGroup] });

    this.task = this.createTask(capacity);
    this.taskDefinition = this.task.definition;
    this.container = this.task.container;
    this.logGroup = this.task.logGroup;
    this.grantPrincipal = this.task.taskRole;
    this.grants = WorkerGrants._create();

    const { queue, deadLetterQueue } = this.consume(this, props.queue ?? WorkerQueue.standard());
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;

    this.service = createService(this, {
      cluster, taskDefinition: this.taskDefinition, capacity, scaling, deployment: props.deployment, securityGroup,
    });
    const cfnService = this.service.node.defaultChild as ecs.CfnService;
    this.task.startedBy(cfnService);
    this.extensible = new ExtensibleWorkload(this, this.task, { connections: this.connections, service: this.service, cluster });
    const connect = ServiceConnect.join(this, cfnService, { cluster, logGroup: this.logGroup });
    this.calls = new OutgoingCalls(this, { task: this.task, connect, service: cfnService });
    if (this.times.long !== undefined) allowTaskProtection(this, this.task, cfnService, cluster.cluster);
    this.createScaling(scaling, cfnService);
    this.metrics = this.watch();
  }

  /**
   * Adds a queue with less priority than those before it. A worker has up to four.
   *
   * Creates what the queue creates, and its alarms in production. Scaling counts the messages of all queues. The application asks them in the order of
   * `QUEUE_URLS`, and the next one only when those before are empty.
   *
   * @param id the name of the construct below which the queue is made
   * @returns the queue
   *
   * @example
   * declare const mailer: EcsQueueWorker;
   * const newsletters = mailer.addQueue('Newsletters', WorkerQueue.standard());
   */
  public addQueue(id: string, queue: WorkerQueue): sqs.IQueue {
    if (this.queues.length >= MOST_QUEUES) {
      fail(this, `'addQueue' can be called ${MOST_QUEUES - 1} times at most, got ${show(id)} after ${this.queues.length} queues: scaling counts no more of them; `
        + 'make another worker for it');
    }
    return this.consume(new Construct(this, id), queue).queue;
  }

  /**
   * Lets the worker call a service of the same cluster by its name, as `EcsMicroservice.connectTo` does.
   *
   * @example
   * declare const mailer: EcsQueueWorker;
   * declare const templates: EcsMicroservice;
   * mailer.connectTo(templates); // finds it in TEMPLATES_URL
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
   */
  public connectTo(service: IEcsMicroservice): void {
    this.calls.add(service);
  }

  /**
   * Adds something that comes ready-made: a collector, a log router, a volume, or an extension of your own.
   *
   * @param id the name of the construct below which the extension puts what it creates
   *
   * @example
   * declare const mailer: EcsQueueWorker;
   * mailer.addExtension('Tracing', new OpenTelemetryCollector());
   */
  public addExtension(id: string, extension: IWorkloadExtension): void {
    extension.extend(new Construct(this, id), this.extensible);
  }

  /**
   * Adds a container beside the main one, hardened as that is: read-only root file system, init process, logs in the same group.
   *
   * @param id the name of the container, unique in the task
   *
   * @example
   * declare const mailer: EcsQueueWorker;
   * mailer.addSidecar('Cache', { image, role: SidecarRole.HELPER, port: 6379 });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
   */
  public addSidecar(id: string, options: SidecarOptions): void {
    this.extensible.addSidecar(id, options);
  }

  private validate({ maxMessageTime = Duration.seconds(30), environment, secrets, container, deployment }: EcsQueueWorkerProps): MessageTimes {
    checkShift(this, [], deployment);
    checkSeconds(this, 'maxMessageTime', maxMessageTime, 1, LONGEST_VISIBILITY - LONGEST_STOP, 'SQS hides a message for 12 hours at most, the time to stop included');
    if (maxMessageTime.isUnresolved()) {
      fail(this, "'maxMessageTime' must be known at synthesis: what the worker is made of follows from it; pass a plain duration");
    }
    const stop = container?.stopTimeout?.isUnresolved() === false ? container.stopTimeout.toSeconds() : undefined;
    const times = messageTimes(maxMessageTime.toSeconds(), stop);
    const problem = contradiction(times);
    if (problem !== undefined) fail(this, problem);
    for (const [prop, names] of Object.entries({ environment, secrets })) {
      const taken = Object.keys(workerEnvironment(times, [])).find((name) => name in (names ?? {}));
      if (taken !== undefined) fail(this, `'${prop}' must not set ${show(taken)}: the worker sets it itself; choose another name`);
    }
    return times;
  }

  private createTask({ kind, hardware }: ServiceCapacityConfig): WorkloadTask {
    const { props } = this;
    const urls = Lazy.string({ produce: () => this.queues.map(({ queue }) => queue.queueUrl).join(' ') });
    const first = Lazy.string({ produce: () => this.queues[0].queue.queueUrl });
    return new WorkloadTask(this, {
      cluster: props.cluster,
      capacity: { kind, hardware },
      image: props.image,
      size: props.size ?? TaskSize.of(256, 512),
      environment: { ...props.environment, ...workerEnvironment(this.times, [first, urls]) },
      secrets: props.secrets ?? {},
      container: props.container ?? {},
      stopTimeout: Duration.seconds(this.times.stop),
    });
  }

  private consume(scope: Construct, choice: WorkerQueue): BoundQueue {
    const { profile, alarmActions } = this.props.cluster;
    const { alarms, removalPolicy } = defaultsOf(profile);
    const bound = choice._bind(scope, { times: this.times, removalPolicy });
    this.queues.push(bound);
    bound.queue.grantConsumeMessages(this.task.taskRole);
    this.grants._addQueue(bound);
    if (alarms) createQueueAlarms(alarmActions, bound, this.times);
    return bound;
  }

  private createScaling(scaling: WorkerScaling, service: ecs.CfnService): void {
    const { cluster, _hasContainerInsights: hasContainerInsights } = this.props.cluster;
    scaling._bind(this, {
      cluster,
      service,
      times: this.times,
      clusterName: cluster.clusterName,
      serviceName: this.service.serviceName,
      hasContainerInsights,
      queues: () => this.queues.map(({ queue }) => queue),
    });
  }

  /** The alarms on queues come with each queue. */
  private watch(): WorkerMetrics {
    const { cluster: { clusterName }, profile, alarmActions: actions, _hasContainerInsights: hasContainerInsights } = this.props.cluster;
    const { service: { serviceName }, taskDefinition: { taskDefinitionArn }, queue, deadLetterQueue } = this;
    const tasks = { actions, clusterName, serviceName, hasContainerInsights };
    showWorker(this, { clusterName, serviceName, hasContainerInsights, taskDefinitionArn, queues: () => this.queues });
    if (defaultsOf(profile).alarms) {
      alarmOnRunningTasks(this, tasks);
      alarmOnMemory(this, tasks);
    }
    return WorkerMetrics._create(this, { ...tasks, queue, deadLetterQueue });
  }
}
