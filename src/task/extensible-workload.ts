import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { IEcsWorkload } from './iecs-workload';
import type { SidecarOptions } from './sidecar-options';
import type { VolumeMountOptions } from './volume-mount-options';
import type { WorkloadTask } from './workload-task';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { checkPattern } from '../private/check';

/** What a workload has beside its task. */
interface WorkloadSurroundings {
  readonly connections: ec2.Connections;
  /** None for what runs to an end. */
  readonly service?: ecs.BaseService;
  readonly cluster: IFargateCluster;
}

/** What an extension sees of a workload that has a task definition: services, workers and tasks alike. */
export class ExtensibleWorkload implements IEcsWorkload {
  public readonly grantPrincipal: iam.IPrincipal;
  public readonly logGroup: logs.ILogGroup;
  public readonly taskDefinition: ecs.TaskDefinition;

  public readonly connections: ec2.Connections;
  public readonly service?: ecs.BaseService;
  /** @internal */
  public readonly _permissionsBoundary?: iam.IManagedPolicy;

  constructor(private readonly scope: Construct, private readonly task: WorkloadTask, { connections, service, cluster }: WorkloadSurroundings) {
    this.connections = connections;
    this.service = service;
    this._permissionsBoundary = cluster._permissionsBoundary;
    this.grantPrincipal = task.taskRole;
    this.logGroup = task.logGroup;
    this.taskDefinition = task.definition;
  }

  public addEnvironment(name: string, value: string): void {
    this.task.addDefaultEnvironment(name, value);
  }

  public addSecret(name: string, secret: ecs.Secret): void {
    this.task.addSecret(name, secret);
  }

  public addSidecar(id: string, options: SidecarOptions): void {
    this.task.sidecars.add(id, options);
    this.task.read(Object.values(options.secrets ?? {}));
  }

  public mountVolume({ name, path, readOnly = false, efs, configuredAtLaunch }: VolumeMountOptions): void {
    checkPattern(this.scope, 'path', path, /^\/./, 'an absolute path', 'begin it with a slash');
    this.task.definition.addVolume({ name, efsVolumeConfiguration: efs, configuredAtLaunch });
    this.task.container.addMountPoints({ sourceVolume: name, containerPath: path, readOnly });
  }

  /** @internal */
  public _routeLogs(id: string, router: ecs.FirelensLogRouterDefinitionOptions, driver: ecs.LogDriver): void {
    this.task.logs.routeTo(driver);
    this.task.sidecars.addLogRouter(id, router, this.task.logs.toLogGroup());
  }
}
