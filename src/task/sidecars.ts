import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { containerFileSystem } from './container-file-system';
import { grantEnvironmentFiles } from './environment-files';
import { imageFor } from './image-platform';
import { processOptions } from './process-options';
import { readSecrets } from './read-secret';
import { refusePlainSecrets } from './refuse-plain-secrets';
import { BEHAVIOUR } from './role-behaviour';
import type { RoutableLogDriver } from './routable-log-driver';
import type { SidecarOptions } from './sidecar-options';
import { SidecarRole } from './sidecar-role';
import { StartOrder } from './start-order';
import { checkInteger, checkSeconds } from '../private/check';
import { fail, show } from '../private/fail';

/** The task that sidecars join. */
export interface SidecarTask {
  readonly definition: ecs.TaskDefinition;
  readonly executionRole: iam.IRole;
  readonly architecture?: ecs.CpuArchitecture;
  readonly memoryMiB: number;
  readonly logging: RoutableLogDriver;
}

/** The shortest that ECS allows: a sidecar that fails at once is not started over and over. */
const RESTART_PERIOD = Duration.seconds(60);

/** The containers beside the main one, hardened as that is. */
export class Sidecars {
  private readonly order = new StartOrder();

  constructor(private readonly scope: Construct, private readonly task: SidecarTask, app: ecs.ContainerDefinition, appHasHealthCheck: boolean) {
    this.order.add(app, appHasHealthCheck);
  }

  public add(id: string, options: SidecarOptions): ecs.ContainerDefinition {
    const role = options.role ?? SidecarRole.HELPER;
    this.validate(id, options, role);
    const environment = { ...options.environment, ...(options.port === undefined ? {} : { PORT: String(options.port) }) };
    refusePlainSecrets(this.scope, environment);
    const { restart, essential } = BEHAVIOUR[role];
    const container = this.task.definition.addContainer(id, {
      ...processOptions(options.container ?? {}),
      ...containerFileSystem(this.task.definition, `${id}LinuxParameters`, options.container?.writablePaths ?? ['/tmp'], this.task.memoryMiB),
      logging: this.task.logging,
      image: imageFor(this.scope, options.image, this.task.architecture),
      environment,
      secrets: readSecrets(options.secrets),
      portMappings: options.port === undefined ? undefined : [{ containerPort: options.port }],
      essential: options.essential ?? essential,
      ...((options.restart ?? restart) ? { enableRestartPolicy: true, restartAttemptPeriod: RESTART_PERIOD, restartIgnoredExitCodes: [0] } : {}),
    });
    grantEnvironmentFiles(container, this.task.executionRole);
    this.order.add(container, options.container?.healthCheck !== undefined, role);
    return container;
  }

  /** The router writes its own lines to the log group; those of all others go to it. */
  public addLogRouter(id: string, options: ecs.FirelensLogRouterDefinitionOptions, own: ecs.LogDriver): void {
    const router = this.task.definition.addFirelensLogRouter(id, { ...options, logging: own });
    this.order.add(router, options.healthCheck !== undefined, SidecarRole.LOG_ROUTER);
  }

  private validate(id: string, options: SidecarOptions, role: SidecarRole): void {
    checkInteger(this.scope, 'port', options.port, 1, 65535, 'give the port that the sidecar listens on');
    checkSeconds(this.scope, 'container.stopTimeout', options.container?.stopTimeout, 1, 120, 'Fargate kills a process after 120 seconds at the latest');
    if (this.task.definition.findContainer(id) !== undefined) {
      fail(this.scope, `'id' of a sidecar must be unique in its task, got ${show(id)} again; choose another`);
    }
    if (role === SidecarRole.SETUP && (options.restart === true || options.essential === true)) {
      const prop = options.restart === true ? 'restart' : 'essential';
      fail(this.scope, `'${prop}' must not be true for a sidecar that sets something up, got it for ${show(id)}; `
        + 'it is to end before the application starts, omit it');
    }
    if (options.port !== undefined && options.environment !== undefined && 'PORT' in options.environment) {
      fail(this.scope, `'environment' of a sidecar must not set "PORT": it tells the sidecar its port, which is ${options.port}; set 'port' instead`);
    }
    const taken = options.port === undefined ? undefined : this.portOwner(options.port);
    if (taken !== undefined) {
      fail(this.scope, `'port' must be another one than those of the task's other containers, got ${options.port}, which ${taken} has; choose another`);
    }
  }

  private portOwner(port: number): string | undefined {
    const { children } = this.task.definition.node;
    const containers = children.filter((child): child is ecs.ContainerDefinition => child instanceof ecs.ContainerDefinition);
    return containers.find((container) => container.portMappings.some((mapping) => mapping.containerPort === port))?.containerName;
  }
}
