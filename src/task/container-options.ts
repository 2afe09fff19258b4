import type * as ecs from 'aws-cdk-lib/aws-ecs';

/**
 * How the container of a workload runs.
 */
export interface ContainerOptions {
  /**
   * The command that is passed to the container's entry point.
   *
   * @default - the image's own (`CMD`)
   */
  readonly command?: string[];

  /**
   * The program that the container runs.
   *
   * @default - the image's own (`ENTRYPOINT`)
   */
  readonly entryPoint?: string[];

  /**
   * The user that the process runs as, such as `1000:1000` or `node`.
   *
   * @default - the image's own (`USER`)
   */
  readonly user?: string;

  /**
   * Directories that the process may write to; everything else is read-only.
   *
   * Each one is a file system in memory that counts against the task's memory and is empty at the start. `/` makes the whole root file system writable
   * instead, on the task's own disk.
   *
   * Under the hood, the root file system has `ReadonlyRootFilesystem` and each path is a `Tmpfs` of 64 MiB.
   *
   * @default - `/tmp`
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html
   */
  readonly writablePaths?: string[];

  /**
   * A command that tells whether the container is healthy. ECS replaces a task whose container is not.
   *
   * Set it for a service without a route: nothing else checks it. The program must exist in the image.
   *
   * @default - the container is healthy as long as it runs; a service with a route is checked by its load balancer
   */
  readonly healthCheck?: ecs.HealthCheck;
}
