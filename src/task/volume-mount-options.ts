import type * as ecs from 'aws-cdk-lib/aws-ecs';

/** Options of `IEcsWorkload.mountVolume`. */
export interface VolumeMountOptions {
  /** The name of the volume, unique in the workload. */
  readonly name: string;

  /** Where the main container finds it: an absolute path. */
  readonly path: string;

  /**
   * Whether the main container may only read it.
   *
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * The EFS file system that the volume is.
   *
   * @default - none
   */
  readonly efs?: ecs.EfsVolumeConfiguration;

  /**
   * Whether the service says at its deployment what the volume is: an EBS volume for each task.
   *
   * @default - false: without `efs` either, it is an empty directory on the task's own disk
   */
  readonly configuredAtLaunch?: boolean;
}
