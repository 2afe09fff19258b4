import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Duration, Lazy, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EcsMicroserviceProps } from './ecs-microservice-props';
import { resolveHealthCheck } from './resolve-health-check';
import { createServiceAlarms } from './service-alarms';
import { ServiceAutoscaling } from './service-autoscaling';
import { ServiceCapacity } from './service-capacity';
import { ServiceConnect } from './service-connect';
import { ServiceDeployment } from './service-deployment';
import { ServiceExposure } from './service-exposure';
import { ServiceScaling } from './service-scaling';
import { deployedStackOf, isDeployedAfter } from './stack-order';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { checkInteger, checkPattern, checkSeconds } from '../private/check';
import { fail } from '../private/fail';
import { kebabCase, upperSnakeCase } from '../private/naming';
import { defaultsOf } from '../private/profile-defaults';
import { createSecurityGroup } from '../private/security-group';
import { TaskSize } from '../task/task-size';
import { WorkloadTask } from '../task/workload-task';

/** What the task definition calls the port of the main container. */
const PORT_NAME = 'app';

/**
 * Longer than a load balancer can be told to keep an idle connection (4000 seconds): where the application closes it first, the request that is on its way
 * just then ends as a 502. One number for all, so that a slow service behind the same load balancer never changes the tasks of another.
 */
const KEEP_ALIVE_SECONDS = '4005';

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
export class EcsMicroservice extends Construct implements ec2.IConnectable, iam.IGrantable {
  /** The ECS service: the escape hatch to what this class has no word for. */
  public readonly service: ecs.BaseService;

  /** The task definition of the service. */
  public readonly taskDefinition: ecs.TaskDefinition;

  /** The main container. */
  public readonly container: ecs.ContainerDefinition;

  /** Where the containers' output goes. */
  public readonly logGroup: logs.ILogGroup;

  /** The target group behind the routes; undefined for a service without a route. */
  public readonly targetGroup?: elbv2.CfnTargetGroup;

  /** Who may call the service, and whom it may call. Its default port is the service's own. */
  public readonly connections: ec2.Connections;

  /** The task role: what the application may do in AWS. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** The port that the application listens on. */
  public readonly port: number;

  /** The name by which other services of the cluster call this one. */
  public readonly discoveryName: string;

  /** Where other services of the cluster reach this one, once they are connected: `http://orders:8080`. */
  public readonly endpoint: string;

  /** What scales the service beside its CPU and memory: schedules, office hours, metrics of your own. */
  public readonly scaling: ServiceAutoscaling;

  private readonly task: WorkloadTask;
  private readonly connect: ServiceConnect;
  private readonly cfnService: ecs.CfnService;
  private readonly calls = new Set<EcsMicroservice>();
  private readonly cluster: IFargateCluster;

  constructor(scope: Construct, id: string, props: EcsMicroserviceProps) {
    super(scope, id);
    const { cluster } = props;
    this.cluster = cluster;
    const maxRequestTime = props.maxRequestTime ?? Duration.seconds(30);
    const healthCheck = resolveHealthCheck(this, props.healthCheck);
    const scaling = props.scaling ?? ServiceScaling._default(cluster.profile);
    this.port = props.port ?? 8080;
    this.discoveryName = props.discoveryName ?? kebabCase(id);
    this.endpoint = `http://${this.discoveryName}:${this.port}`;
    this.validate(props, maxRequestTime);

    const exposure = this.createExposure({ cluster, routes: props.routes ?? [], port: this.port, healthCheck, maxRequestTime });
    const securityGroup = this.createSecurityGroup(cluster, exposure);
    this.connections = new ec2.Connections({ securityGroups: [securityGroup], defaultPort: ec2.Port.tcp(this.port) });

    this.task = this.createTask(props, maxRequestTime);
    this.taskDefinition = this.task.definition;
    this.container = this.task.container;
    this.logGroup = this.task.logGroup;
    this.grantPrincipal = this.task.taskRole;

    this.service = this.createService(props, scaling, securityGroup, exposure && healthCheck.gracePeriod);
    this.cfnService = this.service.node.defaultChild as ecs.CfnService;
    this.cfnService.deploymentController = undefined; // the L2 writes out the default
    // each of these is a single resource. Tasks that start before they can pull their image would open the circuit breaker.
    this.cfnService.node.addDependency(...cluster._taskPrerequisites);
    this.connect = this.joinServiceConnect(cluster, maxRequestTime, exposure === undefined);

    exposure?.attach(this.cfnService, this.container.containerName);
    this.targetGroup = exposure?.targetGroup;
    this.scaling = ServiceAutoscaling._create(this, scaling._bind(this, {
      cluster: cluster.cluster, service: this.cfnService, requests: exposure?.requestLabel,
    }));
    this.createAlarms(cluster, maxRequestTime, exposure);
  }

  /**
   * Lets this service call another one of the same cluster by its name.
   *
   * Makes the other service known in Service Connect, opens its security group for this one (a rule in this service's stack), sets `<NAME>_URL` in this
   * service's environment (`ORDERS_URL`), unless the `environment` prop has it already, and starts this service after the other one. Two services cannot wait
   * for each other: the second of a mutual pair is an error.
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
  public connectTo(other: EcsMicroservice): void {
    if (other.reaches(this)) {
      fail(this, `'connectTo' cannot connect ${this.node.path} to ${other.node.path}, which waits for it already; `
        + 'one direction must do without: call it through a route, or by its name without waiting');
    }
    if (this.calls.has(other)) return;
    this.orderStacks(other);
    this.calls.add(other);
    this.connect.beClient();
    other.connect.beServer();
    const name = Token.isUnresolved(other.discoveryName) ? other.node.id : other.discoveryName;
    this.task.addDefaultEnvironment(`${upperSnakeCase(name)}_URL`, other.endpoint);
    this.cfnService.node.addDependency(other.cfnService);
    new ec2.CfnSecurityGroupIngress(this, `To${other.node.addr.slice(-8)}`, {
      groupId: other.connections.securityGroups[0].securityGroupId,
      sourceSecurityGroupId: this.connections.securityGroups[0].securityGroupId,
      ipProtocol: 'tcp',
      fromPort: other.port,
      toPort: other.port,
    });
  }

  /** The rule and the order make this service's stack depend on the other's: stacks that depend on each other cannot be deployed. */
  private orderStacks(other: EcsMicroservice): void {
    const [own, others] = [deployedStackOf(this), deployedStackOf(other)];
    const clusters = deployedStackOf(other.cluster);
    const ownsTheCluster = own !== others && (own === clusters || isDeployedAfter(clusters, own));
    if (!ownsTheCluster && !isDeployedAfter(others, own)) {
      if (own !== others) own.addDependency(others); // said at once and not only by the references, so that the next connection sees it
      return;
    }
    fail(this, `'connectTo' cannot connect ${this.node.path} to ${other.node.path}: stack ${others.node.path} is deployed after stack ${own.node.path}, `
      + `${ownsTheCluster ? 'which has its cluster' : 'because of other connections or references'}, and cannot be deployed before it as well; `
      + 'put services that call each other both ways into one stack, or call this one through a route');
  }

  private reaches(other: EcsMicroservice): boolean {
    return this === other || [...this.calls].some((called) => called.reaches(other));
  }

  private validate(props: EcsMicroserviceProps, maxRequestTime: Duration): void {
    checkInteger(this, 'port', props.port, 1, 65535, 'give the port that the application listens on');
    checkSeconds(this, 'maxRequestTime', maxRequestTime, 1, 120, 'a task has at most 120 seconds to stop in');
    checkPattern(this, 'discoveryName', this.discoveryName, /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
      "a DNS label: up to 63 lower-case letters, digits and '-', a letter first", "give 'discoveryName'");
    for (const [prop, names] of Object.entries({ environment: props.environment, secrets: props.secrets })) {
      if (names !== undefined && 'PORT' in names) {
        fail(this, `'${prop}' must not set "PORT": it tells the application its port, which is ${this.port}; set the 'port' prop instead`);
      }
    }
  }

  private createExposure(props: ConstructorParameters<typeof ServiceExposure>[1]): ServiceExposure | undefined {
    return props.routes.length === 0 ? undefined : new ServiceExposure(this, props);
  }

  private createSecurityGroup(cluster: IFargateCluster, exposure?: ServiceExposure): ec2.ISecurityGroup {
    const ingress = exposure && [{ from: exposure.ingress.securityGroup, port: this.port }];
    return createSecurityGroup(this, 'SecurityGroup', cluster.vpc, 'Tasks of a service', ingress);
  }

  private createTask(props: EcsMicroserviceProps, maxRequestTime: Duration): WorkloadTask {
    return new WorkloadTask(this, {
      profile: props.cluster.profile,
      image: props.image,
      size: props.size ?? TaskSize.of(256, 512),
      environment: { KEEP_ALIVE_TIMEOUT: KEEP_ALIVE_SECONDS, ...props.environment, PORT: String(this.port) },
      secrets: props.secrets ?? {},
      container: props.container ?? {},
      stopTimeout: maxRequestTime,
      port: this.port,
      portName: PORT_NAME,
    });
  }

  private createService(
    props: EcsMicroserviceProps, scaling: ServiceScaling, securityGroup: ec2.ISecurityGroup, gracePeriod?: Duration,
  ): ecs.BaseService {
    const { cluster } = props;
    return new ecs.FargateService(this, 'Service', {
      cluster: cluster.cluster,
      taskDefinition: this.taskDefinition,
      desiredCount: scaling._desiredCount,
      capacityProviderStrategies: (props.capacity ?? cluster._defaultCapacity?.(this) ?? ServiceCapacity._default(cluster.profile))._bind(),
      ...(props.deployment ?? ServiceDeployment.rolling())._bind(this, scaling._min),
      circuitBreaker: { rollback: true },
      availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
      healthCheckGracePeriod: gracePeriod,
      securityGroups: [securityGroup],
      vpcSubnets: cluster.taskSubnets,
      assignPublicIp: cluster.assignPublicIp,
      enableECSManagedTags: true,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
  }

  private joinServiceConnect(cluster: IFargateCluster, maxRequestTime: Duration, isServer: boolean): ServiceConnect {
    const connect = new ServiceConnect(this, {
      cluster, task: this.task, discoveryName: this.discoveryName, portName: PORT_NAME, port: this.port, maxRequestTime,
    });
    if (isServer) connect.beServer();
    const added = this.cfnService.serviceConnectConfiguration; // what users add through the L2
    this.cfnService.serviceConnectConfiguration = Lazy.any({ produce: () => connect.render(added) });
    return connect;
  }

  private createAlarms(cluster: IFargateCluster, maxRequestTime: Duration, exposure?: ServiceExposure): void {
    if (!defaultsOf(cluster.profile).alarms) return;
    createServiceAlarms(this, {
      actions: cluster.alarmActions,
      hasContainerInsights: cluster._hasContainerInsights,
      clusterName: cluster.cluster.clusterName,
      serviceName: this.service.serviceName,
      maxRequestTime,
      target: exposure && {
        loadBalancer: exposure.ingress.loadBalancerFullName,
        targetGroup: exposure.targetGroup.attrTargetGroupFullName,
      },
    });
  }
}
