import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { admitCaller } from './admit-caller';
import { chooseCapacity } from './choose-capacity';
import { createService } from './create-service';
import { createServiceTask, PORT_NAME } from './create-service-task';
import { ServiceDeployments } from './deployment/service-deployments';
import type { DirectAddress } from './direct-address';
import type { EcsMicroserviceAttributes } from './ecs-microservice-attributes';
import type { EcsMicroserviceProps } from './ecs-microservice-props';
import type { IEcsMicroservice } from './iecs-microservice';
import { ImportedService } from './imported-service';
import { OutgoingCalls } from './outgoing-calls';
import { ResolvedService, resolveService } from './resolve-service';
import type { RotationOptions } from './rotation-options';
import { SecretRotation } from './secret-rotation';
import { portOf, rejectSilent } from './service-address';
import type { ServiceAlarms } from './service-alarms-facade';
import { ServiceAutoscaling } from './service-autoscaling';
import { ServiceConnect } from './service-connect';
import { ServiceExec } from './service-exec';
import { ServiceExposures } from './service-exposures';
import { ServiceGrants } from './service-grants';
import type { ServiceMetrics } from './service-metrics';
import { orderStacks } from './stack-order';
import { watchService } from './watch-service';
import { IngressRole } from '../ingress/ingress-role';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { ExtensibleWorkload } from '../task/extensible-workload';
import type { IWorkloadExtension } from '../task/iworkload-extension';
import type { SidecarOptions } from '../task/sidecar-options';
import type { WorkloadTask } from '../task/workload-task';

/**
 * A long-running service: a number of equal tasks that answer requests, kept running, scaled and replaced by ECS.
 *
 * Creates a task definition with one task role and one execution role, a log group, a security group, the service, a scalable target with a CPU policy
 * and, in production, alarms; for a service with routes also a target group and a listener rule for each route. Tasks, logs and alarms cost money.
 * The process listens on the port in `PORT`, keeps idle connections for `KEEP_ALIVE_TIMEOUT` seconds, ends on SIGTERM, and writes only to `/tmp`.
 *
 * @example
 * const orders = new EcsMicroservice(this, 'Orders', {
 *   cluster,
 *   image: ecs.ContainerImage.fromAsset('orders'),
 *   size: TaskSize.of(512, 1024),
 *   routes: [ServiceRoute.internetFacing({ paths: ['/orders', '/orders/*'] })],
 * });
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
 */
export class EcsMicroservice extends Construct implements IEcsMicroservice, IWatchedWorkload, iam.IGrantable {
  /**
   * A service of another app or stack, to be called by `connectTo` and to be watched.
   *
   * Creates nothing. The other app is deployed first: a caller learns of the names that its namespace has when its own tasks start.
   *
   * @example
   * const users = EcsMicroservice.fromAttributes(this, 'Users', {
   *   cluster,
   *   serviceName: 'Users',
   *   discoveryName: 'users',
   *   securityGroupId: 'sg-0123456789abcdef0',
   * });
   * declare const orders: EcsMicroservice;
   * orders.connectTo(users);
   */
  public static fromAttributes(scope: Construct, id: string, attributes: EcsMicroserviceAttributes): IEcsMicroservice {
    return new ImportedService(scope, id, attributes);
  }

  /** The ECS service: the escape hatch to what this class has no word for. */
  public readonly service: ecs.BaseService;

  /** The task definition of the service. */
  public readonly taskDefinition: ecs.TaskDefinition;

  /** The main container. */
  public readonly container: ecs.ContainerDefinition;

  /** Where the containers' output goes. */
  public readonly logGroup: logs.ILogGroup;

  /** The target group behind the internet-facing routes; undefined for a service without one. */
  public readonly targetGroup?: elbv2.CfnTargetGroup;

  /** The target group behind the routes from inside the network; undefined for a service without one. */
  public readonly internalTargetGroup?: elbv2.CfnTargetGroup;

  /** Who may call the service, and whom it may call. Its default port is the service's own. */
  public readonly connections: ec2.Connections;

  /** The task role: what the application may do in AWS. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** What CloudWatch knows of the service: for alarms and dashboards of your own. */
  public readonly metrics: ServiceMetrics;

  /** The alarms of the service, and objectives whose error budget they watch. */
  public readonly alarms: ServiceAlarms;

  /** What others may do with this service. */
  public readonly grants: ServiceGrants;

  /** The name by which other services of the cluster call this one. */
  public readonly discoveryName: string;

  /** What scales the service beside its CPU and memory: schedules, office hours, metrics of your own. */
  public readonly scaling: ServiceAutoscaling;

  /** What happens around its deployments: tasks that run before, such as database migrations. */
  public readonly deployments: ServiceDeployments;

  private readonly task: WorkloadTask;
  private readonly extensible: ExtensibleWorkload;
  private readonly connect: ServiceConnect;
  private readonly calls: OutgoingCalls;
  private readonly exposures: ServiceExposures;
  private readonly cfnService: ecs.CfnService;
  private readonly writablePaths?: string[];
  private exec?: ServiceExec;
  private readonly resolved: ResolvedService;

  /** @internal */
  public readonly _isBehindProxy: boolean;

  constructor(scope: Construct, id: string, props: EcsMicroserviceProps) {
    super(scope, id);
    const resolved = this.resolved = resolveService(this, props);
    const { cluster, port, protocol, maxRequestTime, scaling, discovery } = resolved;
    this.writablePaths = props.container?.writablePaths;
    this.discoveryName = resolved.discoveryName;
    this._isBehindProxy = discovery._serviceConnect !== undefined;

    this.exposures = new ServiceExposures(this, props.routes ?? [], resolved);
    const securityGroup = this.exposures.createTaskSecurityGroup(cluster.vpc);
    this.connections = new ec2.Connections({ securityGroups: [securityGroup], defaultPort: portOf(protocol, port) });

    const capacity = chooseCapacity(this, cluster, props.capacity);
    this.task = createServiceTask(this, props, { port, capacity, maxRequestTime, protocol });
    this.taskDefinition = this.task.definition;
    this.container = this.task.container;
    this.logGroup = this.task.logGroup;
    this.grantPrincipal = this.task.taskRole;

    this.service = createService(this, {
      cluster,
      taskDefinition: this.taskDefinition,
      capacity,
      scaling,
      deployment: props.deployment,
      securityGroup,
      gracePeriod: this.exposures.isEmpty ? undefined : resolved.healthCheck.gracePeriod,
    });
    this.cfnService = this.service.node.defaultChild as ecs.CfnService;
    this.task.startedBy(this.cfnService);
    this.deployments = ServiceDeployments._create(this, {
      cluster, task: this.task, image: props.image, service: this.cfnService, capacity, connections: this.connections,
    });
    this.extensible = new ExtensibleWorkload(this, this.task, { connections: this.connections, service: this.service, cluster });
    this.grants = ServiceGrants._create(this, () => this.exec);
    this.connect = discovery._bind(this, this.service, {
      cluster,
      logGroup: this.logGroup,
      server: { ...resolved, portName: PORT_NAME, protocol: protocol._bind(), isReachedByNameOnly: this.exposures.isEmpty },
    });
    this.calls = new OutgoingCalls(this, { task: this.task, connect: this.connect, service: this.cfnService });

    this.exposures.attach(this.cfnService, this.container.containerName);
    this.targetGroup = this.exposures.targetGroupOf(IngressRole.PUBLIC);
    this.internalTargetGroup = this.exposures.targetGroupOf(IngressRole.INTERNAL);
    const { requestLabel: requests, places } = this.exposures;
    this.scaling = ServiceAutoscaling._create(this, scaling._bind(this, { cluster: cluster.cluster, service: this.cfnService, requests }));
    ({ metrics: this.metrics, alarms: this.alarms } = watchService(this, { ...resolved, service: this.service, places }));
  }

  /** The port that the application listens on. An error for a service that listens on none. */
  public get port(): number {
    rejectSilent(this, 'port', this.resolved.protocol._bind());
    return this.resolved.port;
  }

  /** Where others reach the service, once they are connected: `http://orders:8080`; with `grpc:`, `tcp:` or `udp:` if it speaks that, with its domain in DNS. */
  public get endpoint(): string {
    rejectSilent(this, 'endpoint', this.resolved.protocol._bind());
    return this.resolved.endpoint;
  }

  /**
   * Lets this service call another one of the same cluster by its name.
   *
   * Makes the other service known in Service Connect, or uses its name in DNS, opens its security group for this one (a rule in this service's stack), sets
   * `<NAME>_URL` in this service's environment (`ORDERS_URL`), unless the `environment` prop has it already, and starts this service after the other one. Two
   * services cannot wait for each other: the second of a mutual pair is an error.
   *
   * Under the hood, this is `ServiceConnectConfiguration` of both services.
   *
   * @example
   * declare const storefront: EcsMicroservice;
   * declare const orders: EcsMicroservice;
   * storefront.connectTo(orders);
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
   */
  public connectTo(other: IEcsMicroservice): void {
    this.calls.add(other);
  }

  /**
   * Opens the running containers to ECS Exec. Whom it lets in says `service.grants.exec(role)`.
   *
   * Call it for the time of an investigation. Sessions are encrypted and logged in the cluster's `execLogging()`, which is made with the first such service:
   * a KMS key, charged by the month, and a log group. The task role may open sessions and write that log. The agent of Exec runs as root and writes below
   * `/var/lib/amazon` and `/var/log/amazon`, which become empty volumes on the task's own disk; everything else stays as it is. It starts new tasks.
   *
   * Under the hood, this is `EnableExecuteCommand`.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * declare const onCall: iam.IRole;
   * orders.enableExec();
   * orders.grants.exec(onCall);
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   */
  public enableExec(): void {
    const { resolved: { cluster }, task, cfnService: service, writablePaths } = this;
    this.exec ??= new ServiceExec(this, { cluster, task, service, writablePaths });
  }

  /**
   * Adds something that comes ready-made: a collector, a log router, a volume, or an extension of your own.
   *
   * @param id the name of the construct below which the extension puts what it creates
   *
   * @example
   * declare const orders: EcsMicroservice;
   * orders.addExtension('Tracing', new OpenTelemetryCollector());
   */
  public addExtension(id: string, extension: IWorkloadExtension): void {
    extension.extend(new Construct(this, id), this.extensible);
  }

  /**
   * Adds a container beside the main one, hardened as that is: read-only root file system, init process, logs in the same group.
   *
   * Its role decides when it starts and stops, and what its end means for the task. It takes its part of the task's CPU and memory.
   *
   * @param id the name of the container, unique in the task
   *
   * @example
   * declare const orders: EcsMicroservice;
   * orders.addSidecar('Proxy', { image, role: SidecarRole.PROXY, port: 9901 });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
   */
  public addSidecar(id: string, options: SidecarOptions): void {
    this.extensible.addSidecar(id, options);
  }

  /**
   * Starts new tasks, one after the other as in any deployment, when a secret of the service has a new value: tasks read secrets when they start, and never again.
   *
   * Creates an EventBridge rule and a Step Functions state machine, which cost next to nothing, with roles that may do this alone. Secrets Manager tells of
   * new values through CloudTrail: the account needs a trail that logs management events of this Region. Parameters need none.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * orders.redeployOnRotation({ quietTime: Duration.minutes(5) });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
   */
  public redeployOnRotation(options: RotationOptions = {}): void {
    const { cluster: { clusterArn }, serviceArn } = this.service;
    const permissionsBoundary = this.resolved.cluster._permissionsBoundary;
    new SecretRotation(this, 'SecretRotation', { clusterArn, serviceArn, secrets: this.task.secrets, permissionsBoundary }, options);
  }

  /** @internal */
  public _beCalledBy(caller: IConstruct): IConstruct {
    orderStacks(caller, this, this.resolved.cluster);
    this.connect.beServer();
    return this.cfnService;
  }

  /** @internal */
  public _reaches(other: IConstruct): boolean {
    return this === other || this.calls.reaches(other);
  }

  /** @internal */
  public _directAddress(): DirectAddress | undefined {
    rejectSilent(this, 'connectTo', this.resolved.protocol._bind());
    return this._isBehindProxy ? this.exposures.directAddress : { url: this.endpoint, admit: (caller) => admitCaller(caller, this) };
  }
}
