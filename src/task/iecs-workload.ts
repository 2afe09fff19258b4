import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { SidecarOptions } from './sidecar-options';
import type { VolumeMountOptions } from './volume-mount-options';

/**
 * What an extension sees of a workload: a service, a worker, a task or a job.
 *
 * A grant to it goes to the role of its application, its connections are those of its tasks.
 */
export interface IEcsWorkload extends iam.IGrantable, ec2.IConnectable {
  /** Where the containers' output goes. */
  readonly logGroup: logs.ILogGroup;

  /** The task definition: the escape hatch to what this interface has no word for. Undefined for a job, which has another kind of definition. */
  readonly taskDefinition?: ecs.TaskDefinition;

  /** The ECS service that keeps the tasks running. Undefined for what runs to an end: tasks and jobs. */
  readonly service?: ecs.BaseService;

  /**
   * The permissions boundary of every role that is made for the workload.
   *
   * @internal
   */
  readonly _permissionsBoundary?: iam.IManagedPolicy;

  /** Sets a variable of the main container, unless the user has set it: an explicit value always wins. */
  addEnvironment(name: string, value: string): void;

  /** Gives the main container a variable with the value of a secret. A name that is taken is an error. */
  addSecret(name: string, secret: ecs.Secret): void;

  /** Adds a container beside the main one. The id names it, and must be unique in the workload. */
  addSidecar(id: string, options: SidecarOptions): void;

  /** Adds a volume and mounts it in the main container. */
  mountVolume(options: VolumeMountOptions): void;

  /**
   * Sends the output of all containers through a log router, which starts before them.
   *
   * @internal
   */
  _routeLogs(id: string, router: ecs.FirelensLogRouterDefinitionOptions, driver: ecs.LogDriver): void;
}
