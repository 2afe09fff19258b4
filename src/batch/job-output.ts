import type { BatchJob } from './batch-job';

/**
 * What a job leaves in the pipeline's artifact bucket for later jobs: one object, or many below one prefix.
 *
 * Got from `BatchJob.output`, and given to the `inputs` of a later job.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
 */
export class JobOutput {
  /** @internal */
  public static _of(job: BatchJob, name: string): JobOutput {
    return new JobOutput(job, name);
  }

  private constructor(
    /** The job that writes it. */
    public readonly job: BatchJob,
    /** Its name among the outputs of the job. */
    public readonly name: string,
  ) {
  }

  /** @internal Where it lies below the prefix of an execution. */
  public get _path(): string {
    return `${this.job.node.id}/${this.name}`;
  }
}
