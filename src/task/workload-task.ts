import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Duration, Size, Token, Tokenization } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import type { ContainerOptions } from './container-options';
import type { TaskSize } from './task-size';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { InstanceHardware } from '../cluster/instance-hardware';
import type { NetworkEndpoint } from '../cluster/network-endpoint';
import { reachGranted } from '../cluster/reach-granted';
import { endpointsOfSecrets } from '../cluster/secret-endpoints';
import { CapacityKind } from '../private/capacity-kind';
import { fail } from '../private/fail';
import { createLogGroup } from '../private/log-group';
import { observeGrants } from '../private/observe-grants';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';
import { writablePathsOf } from '../private/writable-paths';

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

/** A file system in memory of this size for each writable path. */
const TMPFS_MIB = 64;

/**
 * The task definition that services, workers and tasks have in common: one task role, one execution role, a log group, the hardened main container.
 *
 * A collaborator that workloads have, not a base class that they are. It makes its constructs in the workload's own scope.
 */
export class WorkloadTask {
  public readonly taskRole: iam.Role;
  public readonly executionRole: iam.IRole;
  public readonly logGroup: logs.ILogGroup;
  public readonly definition: ecs.TaskDefinition;
  public readonly container: ecs.ContainerDefinition;

  private readonly environmentNames: Set<string>;
  private readonly cluster: IFargateCluster;
  private readonly prerequisites: IDependable[];
  private readonly starters: Construct[] = [];

  constructor(private readonly scope: Construct, props: WorkloadTaskProps) {
    rejectSharedNames(scope, props);
    props.size._checkFit(scope, props.capacity.kind, props.capacity.hardware);
    this.environmentNames = new Set([...Object.keys(props.environment), ...Object.keys(props.secrets)]);

    this.cluster = props.cluster;
    this.prerequisites = [...this.cluster._taskPrerequisites];

    this.taskRole = this.createRole('TaskRole');
    this.executionRole = this.createRole('ExecutionRole');
    this.logGroup = createLogGroup(scope, props.cluster.profile);
    this.definition = this.createDefinition(props);
    this.container = this.addMainContainer(props);

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

  private createRole(id: string): iam.Role {
    return new WorkloadRole(this.scope, id, {
      assumedBy: servicePrincipal(this.scope, 'ecs-tasks.amazonaws.com'),
      permissionsBoundary: this.cluster._permissionsBoundary,
    });
  }

  private createDefinition({ size, capacity }: WorkloadTaskProps): ecs.TaskDefinition {
    const { taskRole, executionRole } = this;
    if (capacity.kind === CapacityKind.FARGATE) {
      return new ecs.FargateTaskDefinition(this.scope, 'TaskDefinition', { cpu: size.cpu, memoryLimitMiB: size.memoryMiB, taskRole, executionRole });
    }
    return new ecs.TaskDefinition(this.scope, 'TaskDefinition', {
      compatibility: capacity.kind === CapacityKind.EC2 ? ecs.Compatibility.EC2 : ecs.Compatibility.MANAGED_INSTANCES,
      networkMode: ecs.NetworkMode.AWS_VPC,
      runtimePlatform: capacity.kind === CapacityKind.EC2 ? undefined : runtimePlatform(capacity.hardware), // ECS chooses managed instances by it
      cpu: Tokenization.stringifyNumber(size.cpu),
      memoryMiB: Tokenization.stringifyNumber(size.memoryMiB),
      taskRole,
      executionRole,
    });
  }

  private addMainContainer(props: WorkloadTaskProps): ecs.ContainerDefinition {
    return this.definition.addContainer('App', {
      image: props.image,
      command: props.container.command,
      entryPoint: props.container.entryPoint,
      user: props.container.user,
      gpuCount: props.size.gpus,
      healthCheck: props.container.healthCheck,
      environment: props.environment,
      secrets: props.secrets,
      stopTimeout: props.stopTimeout,
      ...this.renderFileSystem(props),
      portMappings: props.port === undefined ? undefined : [{
        containerPort: props.port, name: props.portName, appProtocol: props.appProtocol, protocol: props.transport,
      }],
      logging: ecs.LogDrivers.awsLogs({
        logGroup: this.logGroup,
        streamPrefix: 'ecs',
        mode: ecs.AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: Size.mebibytes(25),
      }),
    });
  }

  private renderFileSystem(props: WorkloadTaskProps): { readonlyRootFilesystem: boolean; linuxParameters: ecs.LinuxParameters } {
    const paths = writablePathsOf(this.scope, props.container.writablePaths ?? ['/tmp']);
    checkMemory(this.scope, paths, props.size);
    // an init process reaps zombies and passes signals on, so that the process hears of the stop in time.
    const linuxParameters = new ecs.LinuxParameters(this.scope, 'LinuxParameters', { initProcessEnabled: true });
    const everything = paths.includes('/');
    if (!everything) paths.forEach((containerPath) => linuxParameters.addTmpfs({ containerPath, size: TMPFS_MIB }));
    return { readonlyRootFilesystem: !everything, linuxParameters };
  }
}

function runtimePlatform(hardware?: InstanceHardware): ecs.RuntimePlatform {
  const arm = hardware?.architecture === ec2.InstanceArchitecture.ARM_64;
  return { operatingSystemFamily: ecs.OperatingSystemFamily.LINUX, cpuArchitecture: arm ? ecs.CpuArchitecture.ARM64 : ecs.CpuArchitecture.X86_64 };
}

function checkMemory(scope: Construct, paths: string[], size: TaskSize): void {
  if (Token.isUnresolved(size.memoryMiB) || paths.includes('/') || paths.length * TMPFS_MIB < size.memoryMiB) return;
  fail(scope, `'writablePaths' take ${TMPFS_MIB} MiB of memory each, got ${paths.length} of them in a task of ${size.memoryMiB} MiB; `
    + "give fewer paths, a larger 'size', or '/' to make the whole file system writable");
}

function rejectSharedNames(scope: Construct, props: WorkloadTaskProps): void {
  for (const name of Object.keys(props.secrets)) {
    if (name in props.environment) {
      fail(scope, `'${name}' is in both 'environment' and 'secrets', which ECS rejects; keep it in one of them`);
    }
  }
}
