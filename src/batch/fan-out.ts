import { checkInteger } from '../private/check';

/**
 * How a job is done many times over, side by side.
 *
 * A value holds no state: one may serve several jobs.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html
 */
export class FanOut {
  /**
   * The same job `size` times, 2 to 10,000, each time with a number of its own.
   *
   * Each item finds its number, from 0 on, in `AWS_BATCH_JOB_ARRAY_INDEX` and their count in `AWS_BATCH_JOB_ARRAY_SIZE`: with both it
   * knows which part of the work is its own. One submission starts them all; as many run at once as the pipeline's `maxVcpus` allows. Each item is retried on its own. The job has
   * succeeded once all items have; one that fails for good fails the job when the others are through. Each item is charged like a job; the array itself
   * costs nothing.
   *
   * Under the hood, this is `ArrayProperties` of the submission.
   *
   * @param size how many items there are
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * pipeline.addJob('Clean', { image, fanOut: FanOut.array(50) });
   */
  public static array(size: number): FanOut {
    checkInteger(undefined, 'size', size, 2, 10_000, 'split the work into fewer, larger items, or omit fanOut for a single one');
    return new FanOut(size);
  }

  private constructor(
    /** @internal How many items there are. */
    public readonly _size: number,
  ) {
  }
}
