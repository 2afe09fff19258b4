import type { BatchJob } from './batch-job';
import { JobValue } from './job-value';

/**
 * What a job leaves in the pipeline's artifact bucket for later jobs: one object, or many below one prefix.
 *
 * Got from `BatchJob.output`, and given to the `inputs` of a later job. What is one small JSON object can decide whether a later job runs: `value`.
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

  /**
   * A value in the output, which is then one small JSON object: what the `when` of a later job asks for.
   *
   * @param path the key of the value; with dots, keys of objects in objects, as in `test.accuracy`
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * const train = pipeline.addJob('Train', { image, outputs: ['metrics'] });
   * pipeline.addJob('Publish', { image, when: train.output('metrics').value('accuracy').isAtLeast(0.9) });
   */
  public value(path: string): JobValue {
    return JobValue._of(this, path);
  }

  /** @internal Where it lies below the prefix of an execution. */
  public get _path(): string {
    return `${this.job.node.id}/${this.name}`;
  }
}
