import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';

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
   * Each one is a file system in memory that counts against the task's memory, is empty at the start, and lets every user write, whoever owns the
   * directory in the image. `/` makes the whole root file system writable instead, on the task's own disk.
   *
   * Under the hood, the root file system has `ReadonlyRootFilesystem` and each path is a `Tmpfs` of 64 MiB with the mode 1777, that of `/tmp`.
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

  /**
   * Limits of the process, such as the number of open files. On Fargate that number is 65535 without it.
   *
   * @default - those of the platform
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html
   */
  readonly ulimits?: ecs.Ulimit[];

  /**
   * Files of `NAME=value` lines in S3, read when a task starts: `ecs.EnvironmentFile.fromAsset('prod.env')` or `ecs.EnvironmentFile.fromBucket(bucket, 'prod.env')`.
   *
   * The execution role may read just these objects; the key of a bucket that is encrypted with one must be granted to it by hand. A plain variable of the same
   * name wins. An asset that changes makes a new deployment; an object that changes in a bucket reaches tasks that start later. They are no place for secrets.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html
   */
  readonly environmentFiles?: ecs.EnvironmentFile[];

  /**
   * How long the process has between SIGTERM and SIGKILL, 1 to 120 seconds.
   *
   * Set it where ending takes longer than a request. Under the hood, this is `StopTimeout`.
   *
   * @default - the longest time that one request or message may take, where the workload has one; else 30 seconds
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
   */
  readonly stopTimeout?: Duration;
}
