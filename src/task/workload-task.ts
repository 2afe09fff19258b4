import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Duration, Tokenization } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import { containerFileSystem } from './container-file-system';
import type { ContainerOptions } from './container-options';
import { grantEnvironmentFiles } from './environment-files';
import { imageFor } from './image-platform';
import { OwnLogs } from './own-logs';
import { processOptions } from './process-options';
import { ReadSecret, readSecrets } from './read-secret';
import { refusePlainSecrets } from './refuse-plain-secrets';
import { Sidecars } from './sidecars';
import type { TaskSize } from './task-size';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { InstanceHardware } from '../cluster/instance-hardware';
import type { NetworkEndpoint } from '../cluster/network-endpoint';
import { reachGranted } from '../cluster/reach-granted';
import { endpointsOfSecrets } from '../cluster/secret-endpoints';
import { CapacityKind } from '../private/capacity-kind';
import { checkSeconds } from '../private/check';
import { fail } from '../private/fail';
import { createLogGroup } from '../private/log-group';
import { observeGrants } from '../private/observe-grants';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';

/** What of a capacity a task definition depends on. */
export interface TaskCapacity {
  readonly kind: CapacityKind;
  readonly hardware?: InstanceHardware;
}

/** What a workload says about its one main container. */
export interface WorkloadTaskProps {
  readonly cluster: IFargateCluster;
  readonly image: ecs.ContainerImage;
  readonly size: TaskSize;
  /** What the task is to run on. */
  readonly capacity: TaskCapacity;
  readonly environment: Record<string, string>;
  readonly secrets: Record<string, ecs.Secret>;
  readonly container: ContainerOptions;
  readonly stopTimeout: Duration;
  readonly port?: number;
  /** What the task definition calls the port, so that Service Connect can refer to it. */
  readonly portName?: string;
  /** How the proxy of Service Connect reads the traffic of the port; undefined: as bytes. */
  readonly appProtocol?: ecs.AppProtocol;
  /** @default TCP */
  readonly transport?: ecs.Protocol;
}

/**
 * The task definition that services, workers and tasks have in common: one task role, one execution role, a log group, the hardened main container.
 *
 * A collaborator that workloads have, not a base class that they are. It makes its constructs in the workload's own scope.
 */
export class WorkloadTask {
  public readonly taskRole: iam.IRole;
  public readonly executionRole: iam.IRole;
  public readonly logGroup: logs.ILogGroup;
  public readonly definition: ecs.TaskDefinition;
  public readonly container: ecs.ContainerDefinition;

  /** How the containers write to the log group. */
  public readonly logs: OwnLogs;
  public readonly sidecars: Sidecars;
  /** All secrets that the containers have, also those that are added later. */
  public readonly secrets: ecs.Secret[];

  private readonly environmentNames: Set<string>;
  private readonly cluster: IFargateCluster;
  private readonly prerequisites: IDependable[];
  private readonly starters: Construct[] = [];
  private readonly secretsSeen: ((secret: ecs.Secret) => void)[] = [];

  constructor(private readonly scope: Construct, props: WorkloadTaskProps) {
    validate(scope, props);
    refusePlainSecrets(scope, props.environment);
    props.size._checkFit(scope, props.capacity.kind, props.capacity.hardware);
    this.environmentNames = new Set([...Object.keys(props.environment), ...Object.keys(props.secrets)]);

    this.cluster = props.cluster;
    this.prerequisites = [...this.cluster._taskPrerequisites];

    this.taskRole = this.createRole('TaskRole');
    this.executionRole = this.createRole('ExecutionRole');
    this.logGroup = createLogGroup(scope, props.cluster.profile);
    this.logs = new OwnLogs(scope, this.logGroup);
    this.definition = this.createDefinition(props);
    this.container = this.addMainContainer(props);
    this.secrets = Object.values(props.secrets);
    this.sidecars = this.createSidecars(props);

    this.checkImages();
    this.reach(...endpointsOfSecrets(props.secrets));
    observeGrants(this.taskRole, (actions) => this.waitFor(reachGranted(scope, this.cluster._egress, actions)));
  }

  /** Sets a variable of the main container, unless the user has set it: an explicit value always wins. */
  public addDefaultEnvironment(name: string, value: string): void {
    if (this.environmentNames.has(name)) return;
    this.environmentNames.add(name);
    this.container.addEnvironment(name, value);
  }

  /** Gives the main container one more secret. */
  public addSecret(name: string, secret: ecs.Secret): void {
    if (this.environmentNames.has(name)) {
      fail(this.scope, `'${name}' is in the environment already, where an extension wants to put a secret; take it out of 'environment' and 'secrets'`);
    }
    this.environmentNames.add(name);
    this.container.addSecret(name, new ReadSecret(secret));
    this.read([secret]);
  }

  /** Some container has these secrets: the network needs a way to them, and whoever hears of new values must know. */
  public read(secrets: ecs.Secret[]): void {
    this.secrets.push(...secrets);
    secrets.forEach((secret) => this.secretsSeen.forEach((seen) => seen(secret)));
    this.reach(...endpointsOfSecrets(Object.fromEntries(secrets.map((secret, index) => [String(index), secret]))));
  }

  /** Tells of each secret that the containers have, and of those that come later. */
  public eachSecret(seen: (secret: ecs.Secret) => void): void {
    this.secretsSeen.push(seen);
    this.secrets.forEach(seen);
  }

  /** The tasks call these AWS services, so the network needs a way to them. */
  public reach(...endpoints: NetworkEndpoint[]): void {
    this.waitFor(this.cluster._egress.reach(this.scope, ...endpoints));
  }

  /**
   * The resource starts tasks: it waits for all that they need, and for what they are found to need later.
   *
   * Each prerequisite is a single resource. Tasks that start before they can pull their image would open the circuit breaker of a service.
   */
  public startedBy(resource: Construct): void {
    this.starters.push(resource);
    resource.node.addDependency(...this.prerequisites);
  }

  /** That of the main container at once, those of containers that are added through the L2 when all are known. */
  private checkImages(): void {
    const problemOf = ({ imageName }: ecs.ContainerDefinition) => this.cluster._egress.pullProblem(this.scope, imageName);
    const problem = problemOf(this.container);
    if (problem !== undefined) fail(this.scope, problem);
    this.definition.node.addValidation({
      validate: () => (this.definition as unknown as { containers: ecs.ContainerDefinition[] }).containers
        .filter((container) => container !== this.container)
        .flatMap((container) => problemOf(container) ?? [])
        .map((text) => `${text} (at ${this.scope.node.path})`),
    });
  }

  private waitFor(prerequisites: IDependable[]): void {
    this.prerequisites.push(...prerequisites);
    this.starters.forEach((starter) => starter.node.addDependency(...prerequisites));
  }

  private createSidecars({ size, capacity, container }: WorkloadTaskProps): Sidecars {
    return new Sidecars(this.scope, {
      definition: this.definition,
      executionRole: this.executionRole,
      architecture: size._architectureOn(capacity.hardware),
      memoryMiB: size.memoryMiB,
      logging: this.logs.driver,
    }, this.container, container.healthCheck !== undefined);
  }

  private createRole(id: string): iam.IRole {
    return new WorkloadRole(this.scope, id, {
      assumedBy: servicePrincipal(this.scope, 'ecs-tasks.amazonaws.com'),
      permissionsBoundary: this.cluster._permissionsBoundary,
    });
  }

  private createDefinition({ size, capacity }: WorkloadTaskProps): ecs.TaskDefinition {
    const { taskRole, executionRole } = this;
    if (capacity.kind === CapacityKind.FARGATE) {
      return new ecs.FargateTaskDefinition(this.scope, 'TaskDefinition', {
        cpu: size.cpu,
        memoryLimitMiB: size.memoryMiB,
        ephemeralStorageGiB: size.ephemeralStorage?.toGibibytes(),
        runtimePlatform: size.architecture && runtimePlatform(size.architecture),
        taskRole,
        executionRole,
      });
    }
    const architecture = size._architectureOn(capacity.hardware) ?? ecs.CpuArchitecture.X86_64;
    return new ecs.TaskDefinition(this.scope, 'TaskDefinition', {
      compatibility: capacity.kind === CapacityKind.EC2 ? ecs.Compatibility.EC2 : ecs.Compatibility.MANAGED_INSTANCES,
      networkMode: ecs.NetworkMode.AWS_VPC,
      runtimePlatform: capacity.kind === CapacityKind.EC2 ? undefined : runtimePlatform(architecture), // ECS chooses managed instances by it
      cpu: Tokenization.stringifyNumber(size.cpu),
      memoryMiB: Tokenization.stringifyNumber(size.memoryMiB),
      taskRole,
      executionRole,
    });
  }

  private addMainContainer({ image, size, environment, secrets, container: options, ...props }: WorkloadTaskProps): ecs.ContainerDefinition {
    const container = this.definition.addContainer('App', {
      image: imageFor(this.scope, image, size._architectureOn(props.capacity.hardware)),
      ...processOptions(options),
      gpuCount: size.gpus,
      environment,
      secrets: readSecrets(secrets),
      stopTimeout: options.stopTimeout ?? props.stopTimeout,
      ...containerFileSystem(this.scope, 'LinuxParameters', options.writablePaths ?? ['/tmp'], size.memoryMiB),
      portMappings: props.port === undefined ? undefined : [{
        containerPort: props.port, name: props.portName, appProtocol: props.appProtocol, protocol: props.transport,
      }],
      logging: this.logs.driver,
    });
    grantEnvironmentFiles(container, this.executionRole);
    return container;
  }
}

function runtimePlatform(cpuArchitecture: ecs.CpuArchitecture): ecs.RuntimePlatform {
  return { operatingSystemFamily: ecs.OperatingSystemFamily.LINUX, cpuArchitecture };
}

function validate(scope: Construct, props: WorkloadTaskProps): void {
  checkSeconds(scope, 'container.stopTimeout', props.container.stopTimeout, 1, 120, 'Fargate kills a process after 120 seconds at the latest');
  for (const name of Object.keys(props.secrets)) {
    if (name in props.environment) {
      fail(scope, `'${name}' is in both 'environment' and 'secrets', which ECS rejects; keep it in one of them`);
    }
  }
}
