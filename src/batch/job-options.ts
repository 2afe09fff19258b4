import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';
import type { AfterSkipped } from './after-skipped';
import type { BatchJob } from './batch-job';
import type { FanOut } from './fan-out';
import type { JobCompute } from './job-compute';
import type { JobCondition } from './job-condition';
import type { JobOutput } from './job-output';

/** Options of `EcsBatchPipeline.addJob`. */
export interface JobOptions {
  /** The image that the job's container runs. */
  readonly image: ecs.ContainerImage;

  /**
   * The command that is passed to the image's entry point.
   *
   * @default - the image's own (`CMD`)
   */
  readonly command?: string[];

  /**
   * The vCPUs and the memory of the job, or of each item of its fan-out.
   *
   * @default - 1 vCPU and 2 GiB: `JobCompute.size({ vcpus: 1, memory: Size.gibibytes(2) })`
   */
  readonly compute?: JobCompute;

  /**
   * The jobs that must have succeeded before this one starts.
   *
   * Jobs that do not wait for each other run side by side.
   *
   * @default - the job starts with the pipeline
   */
  readonly after?: BatchJob[];

  /**
   * What the job leaves for later jobs: names of 1 to 63 letters, digits and `_`, a letter first.
   *
   * For each, the job finds an S3 URI without a slash at its end in `OUTPUT_<NAME>`: it writes one object of that name, or many below it. The URI is one
   * of this execution, a redrive and further attempts included. The job may read, write and delete just there. The first output of a pipeline creates its
   * artifact bucket.
   *
   * @default - nothing
   */
  readonly outputs?: string[];

  /**
   * What the job reads of earlier jobs, by the name that it knows it by. The job waits for them, `after` need not say so.
   *
   * For each, the job finds the S3 URI in `INPUT_<NAME>`. It may read just there.
   *
   * @default - nothing
   */
  readonly inputs?: { [name: string]: JobOutput };

  /**
   * Runs the job only if this holds; otherwise the job is skipped.
   *
   * It is decided when everything that the job waits for is over, once: a redrive keeps what was decided. The job waits for the jobs whose outputs are
   * asked for, `after` need not say so; where one of these was skipped, the job is skipped too, since there is nothing to decide upon.
   *
   * @default - the job runs
   */
  readonly when?: JobCondition;

  /**
   * What becomes of the job when jobs that it waits for, directly, were skipped.
   *
   * A job that runs after a skipped one does not find the outputs of that one.
   *
   * @default AfterSkipped.SKIP
   */
  readonly afterSkipped?: AfterSkipped;

  /**
   * Does the job many times over, side by side.
   *
   * @default - the job is done once
   */
  readonly fanOut?: FanOut;

  /**
   * Environment variables of the container.
   *
   * The pipeline adds `PIPELINE_EXECUTION_ID`; names that start with `AWS_BATCH` belong to AWS Batch.
   * Setting one of these is an error.
   *
   * @default - only those that the pipeline and AWS Batch set
   * @see https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
   */
  readonly environment?: { [name: string]: string };

  /**
   * Environment variables whose values are read from Secrets Manager or Parameter Store when the job starts.
   *
   * The execution role may read them; the job's own code may not, unless it is granted to.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/batch/latest/userguide/specifying-sensitive-data.html
   */
  readonly secrets?: { [name: string]: ecs.Secret };

  /**
   * How long an attempt may take, 60 seconds to 14 days. An attempt that takes longer is stopped and the job has failed, without a further attempt.
   *
   * Time in the queue does not count. Each item of a fan-out has the time for itself. Under the hood, this is `AttemptDurationSeconds`.
   *
   * @default Duration.hours(24)
   * @see https://docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html
   */
  readonly timeout?: Duration;

  /**
   * How often the job is tried in all when its process fails, 1 to 10.
   *
   * Set it only for jobs that may safely be done again. With 1, a job is still tried up to three times when its container could not be started at all,
   * which costs next to nothing; with more, such a failed start is one of the attempts. An image that cannot be pulled is never tried again. Under the
   * hood, this is `RetryStrategy` with `EvaluateOnExit`.
   *
   * @default 1
   * @see https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
   */
  readonly attempts?: number;

  /**
   * The user that the process runs as, such as `1000:1000` or `nobody`.
   *
   * @default - the image's own (`USER`)
   */
  readonly user?: string;

  /**
   * Directories that the process may write to; everything else is read-only.
   *
   * Each is an empty directory on the task's 20 GiB of disk. It belongs to root: an image that runs as another user must declare it as `VOLUME` in its
   * Dockerfile, so that it gets the owner and mode it has there. `['/']` makes all of the file system writable.
   *
   * Under the hood, this is `ReadonlyRootFilesystem`, with `Volumes` and `MountPoints`.
   *
   * @default - `/tmp`
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
   */
  readonly writablePaths?: string[];
}
