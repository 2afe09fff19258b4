import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { overridesForStates } from './container-overrides';
import type { EcsTaskProps } from './ecs-task-props';
import { RunMachine } from './run-machine';
import { RunTaskState } from './run-task-state';
import { showTask } from './show-task';
import { alarmOnFailedRuns } from './task-alarms';
import { TaskGrants } from './task-grants';
import { TaskLaunch } from './task-launch';
import type { TaskRunOptions } from './task-run-options';
import type { TaskTrigger } from './task-trigger';
import type { TriggeredTask } from './triggered-task';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { RunMetrics } from '../observability/run-metrics';
import { WorkloadAlarms } from '../observability/workload-alarms';
import { checkInteger, checkSeconds } from '../private/check';
import { defaultsOf } from '../private/profile-defaults';
import { createSecurityGroup } from '../private/security-group';
import { chooseCapacity } from '../service/choose-capacity';
import { callDirectly } from '../service/direct-address';
import type { IEcsMicroservice } from '../service/iecs-microservice';
import { urlVariable } from '../service/outgoing-calls';
import { ExtensibleWorkload } from '../task/extensible-workload';
import type { IWorkloadExtension } from '../task/iworkload-extension';
import { RunOverlap } from '../task/run-overlap';
import type { SidecarOptions } from '../task/sidecar-options';
import { TaskSize } from '../task/task-size';
import { WorkloadTask } from '../task/workload-task';
import { createDeadLetters } from '../trigger/dead-letters';

/** What ECS gives a process to end in, where nothing else is said. */
const STOP_TIMEOUT = Duration.seconds(30);

const YEAR = 31_536_000;

/**
 * A container that runs to completion, without a service: on a schedule, on an event, at a deployment, or by hand.
 *
 * Creates a task definition with one task role and one execution role, a log group, a security group that lets nothing in, what its triggers create, and an output with
 * the command that runs it by hand. A small Step Functions state machine runs it where `overlap`, `timeout` or `retries` ask for it, and in production, where
 * failed runs raise an alarm. Tasks cost money while they run, logs and alarms by the month, the state machine next to nothing.
 *
 * A run has failed if its main container ends with an exit code other than 0.
 *
 * @example
 * const report = new EcsTask(this, 'Report', {
 *   cluster,
 *   image: ecs.ContainerImage.fromAsset('report'),
 *   trigger: TaskTrigger.schedule(scheduler.ScheduleExpression.cron({ hour: '3', minute: '0', timeZone: TimeZone.EUROPE_ROME })),
 *   overlap: RunOverlap.skip(),
 *   timeout: Duration.hours(2),
 *   retries: 2,
 * });
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/standalone-tasks.html
 */
export class EcsTask extends Construct implements ec2.IConnectable, iam.IGrantable, IWatchedWorkload {
  /** The task definition. */
  public readonly taskDefinition: ecs.TaskDefinition;

  /** The main container. */
  public readonly container: ecs.ContainerDefinition;

  /** Where the containers' output goes. */
  public readonly logGroup: logs.ILogGroup;

  /** Whom the task may call. */
  public readonly connections: ec2.Connections;

  /** The task role: what the application may do in AWS. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** What others may do with the task. */
  public readonly grants: TaskGrants;

  /** What runs the task, where it has one: each execution is a run. Its input may be `{ "ContainerOverrides": [...] }`. */
  public readonly stateMachine?: sfn.IStateMachine;

  /** What CloudWatch knows of the runs: for alarms and dashboards of your own. */
  public readonly metrics: RunMetrics;

  /** The alarms of the task and of its triggers. */
  public readonly alarms = WorkloadAlarms._create(this);

  /** The command that runs the task by hand, also in the output `RunCommand`. Overlap, time-out and retries are not for such runs. */
  public readonly runCommand: string;

  /** The request of `RunTask` as JSON, for programs that may run the task. */
  public readonly runRequest: string;

  private readonly task: WorkloadTask;
  private readonly launch: TaskLaunch;
  private readonly extensible: ExtensibleWorkload;
  private readonly triggered: TriggeredTask;
  private deadLetters?: sqs.Queue;

  constructor(scope: Construct, id: string, private readonly props: EcsTaskProps) {
    super(scope, id);
    this.validate(props);
    const { cluster, image, trigger } = props;
    const capacity = chooseCapacity(this, cluster, props.capacity);
    const securityGroup = createSecurityGroup(this, 'SecurityGroup', cluster.vpc, 'Standalone tasks');
    this.connections = new ec2.Connections({ securityGroups: [securityGroup] });

    const task = this.task = this.createTask(props, capacity);
    this.taskDefinition = task.definition;
    this.container = task.container;
    this.logGroup = task.logGroup;
    this.grantPrincipal = task.taskRole;
    this.extensible = new ExtensibleWorkload(this, task, { connections: this.connections, cluster });

    const launch = this.launch = new TaskLaunch(this, { cluster, task, capacity, securityGroup });
    const alarmActions = defaultsOf(cluster.profile).alarms ? cluster.alarmActions : undefined;
    const machine = this.createMachine(props, alarmActions !== undefined);
    this.stateMachine = machine?.stateMachine;
    this.metrics = RunMetrics._create(this, machine?.stateMachine.stateMachineArn);
    if (machine !== undefined && alarmActions !== undefined) alarmOnFailedRuns(this, alarmActions, machine.stateMachine.stateMachineArn);
    this.grants = TaskGrants._create(launch, machine);
    this.runCommand = launch.forShell();
    this.runRequest = Stack.of(this).toJsonString(launch.forApi());
    new CfnOutput(this, 'RunCommand', { value: this.runCommand, description: `Runs ${this.node.path} by hand` });

    const deadLetters = () => this.deadLetters ??= createDeadLetters(this, cluster.profile);
    this.triggered = { cluster, task, image, capacity, connections: this.connections, launch, machine, deadLetters, alarmActions };
    this.show(props);
    if (trigger !== undefined) this.addTrigger('Trigger', trigger);
  }

  /**
   * Lets the task run at further times or events, each with a command and variables of its own.
   *
   * @param id the name of the construct below which the trigger puts what it creates
   *
   * @example
   * declare const report: EcsTask;
   * const monthly = scheduler.ScheduleExpression.cron({ day: '1', hour: '4', minute: '0' });
   * report.addTrigger('Monthly', TaskTrigger.schedule(monthly, { command: ['report', '--month'] }));
   */
  public addTrigger(id: string, trigger: TaskTrigger): void {
    trigger._bind(new Construct(this, id), this.triggered);
  }

  /**
   * A state that runs the task to its end, for a state machine of your own, which is allowed to do so. It fails where the task fails.
   *
   * `timeout` is the state's; `overlap` and `retries` are not for it: `addRetry` says it there.
   *
   * @param scope where the state belongs
   * @param id the name of the state
   *
   * @example
   * declare const report: EcsTask;
   * declare const publish: EcsTask;
   * new sfn.StateMachine(this, 'Nightly', {
   *   definitionBody: sfn.DefinitionBody.fromChainable(report.createState(this, 'Write').next(publish.createState(this, 'Publish'))),
   * });
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
   */
  public createState(scope: Construct, id: string, options: TaskRunOptions = {}): sfn.TaskStateBase {
    const overrides = overridesForStates(this, this.container.containerName, options);
    return new RunTaskState(scope, id, { launch: this.launch, overrides, timeoutSeconds: this.props.timeout?.toSeconds() });
  }

  /**
   * Lets the task call a service, which it finds in `<NAME>_URL`, unless the environment has that variable already.
   *
   * Service Connect is not for standalone tasks: the service needs a route inside the network, or a name in DNS. Opens the security group of the load balancer, or of
   * the service.
   *
   * @example
   * declare const report: EcsTask;
   * const orders = new EcsMicroservice(this, 'Orders', { cluster, image, routes: [ServiceRoute.insideVpc({ paths: ['/orders/*'] })] });
   * report.connectTo(orders); // ORDERS_URL + '/orders/...'
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-connecting-services.html
   */
  public connectTo(service: IEcsMicroservice): void {
    this.task.addDefaultEnvironment(urlVariable(service), callDirectly(this, this, service));
  }

  /**
   * Adds something that comes ready-made: a collector, a log router, a volume, or an extension of your own.
   *
   * @param id the name of the construct below which the extension puts what it creates
   *
   * @example
   * declare const report: EcsTask;
   * report.addExtension('Tracing', new OpenTelemetryCollector());
   */
  public addExtension(id: string, extension: IWorkloadExtension): void {
    extension.extend(new Construct(this, id), this.extensible);
  }

  /**
   * Adds a container beside the main one, hardened as that is. It ends with the main one.
   *
   * @param id the name of the container, unique in the task
   *
   * @example
   * declare const report: EcsTask;
   * report.addSidecar('Cache', { image, role: SidecarRole.HELPER, port: 6379 });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
   */
  public addSidecar(id: string, options: SidecarOptions): void {
    this.extensible.addSidecar(id, options);
  }

  private validate({ timeout, retries }: EcsTaskProps): void {
    checkSeconds(this, 'timeout', timeout, 60, YEAR, 'count the time that a task needs to start in, about a minute');
    checkInteger(this, 'retries', retries, 0, 10, 'a task that fails so often will not succeed by another try');
  }

  private createTask(props: EcsTaskProps, { kind, hardware }: TriggeredTask['capacity']): WorkloadTask {
    return new WorkloadTask(this, {
      cluster: props.cluster,
      capacity: { kind, hardware },
      image: props.image,
      size: props.size ?? TaskSize.of(256, 512),
      environment: { ...props.environment },
      secrets: props.secrets ?? {},
      container: props.container ?? {},
      stopTimeout: STOP_TIMEOUT,
    });
  }

  /** Where something must be decided while or after the task runs; whether a run ended well must be known for an alarm. */
  private createMachine({ cluster, overlap = RunOverlap.allow(), timeout, retries = 0 }: EcsTaskProps, hasAlarms: boolean): RunMachine | undefined {
    const guard = overlap._guard;
    if (guard === undefined && timeout === undefined && retries === 0 && !hasAlarms) return undefined;
    return new RunMachine(this, 'Run', {
      launch: this.launch, guard, timeoutSeconds: timeout?.toSeconds(), retries, permissionsBoundary: cluster._permissionsBoundary,
    });
  }

  private show({ cluster: { cluster: { clusterName }, _hasContainerInsights: hasContainerInsights } }: EcsTaskProps): void {
    const { taskDefinition: { family, taskDefinitionArn }, stateMachine } = this;
    showTask(this, { clusterName, family, taskDefinitionArn, hasContainerInsights, stateMachine });
  }
}
