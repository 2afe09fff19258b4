import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { checkInteger } from '../../private/check';
import { fail } from '../../private/fail';

/** Options of `JobSpot.thenOnDemand` and `JobSpot.only`. */
export interface JobSpotOptions {
  /**
   * How often the job is tried on Spot capacity, 1 to 10, when it is taken away or cannot be started. Where the job has `attempts` of its own above 1, these
   * are the attempts for all reasons, and this is to be left out.
   *
   * @default 5
   */
  readonly attempts?: number;

  /**
   * Gives the job a place for its checkpoints: an S3 URI without a slash at its end in `CHECKPOINT_URI`, where it may read, write and delete.
   *
   * All attempts of an execution see the same place, on demand and after a redrive too: the job begins by looking for what an earlier attempt has left. The
   * items of a fan-out share it; each puts its number or name behind it. Creates the artifact bucket of the pipeline, whose lifecycle rule deletes them.
   *
   * @default false
   */
  readonly checkpoint?: boolean;

  /**
   * Accepts that a job of more than an hour begins anew whenever its capacity is taken away.
   *
   * @default false
   */
  readonly acceptLostWork?: boolean;
}

/** What is longer than this is likely to be interrupted, and loses much. */
const SHORT = Duration.hours(1);

/**
 * Spare capacity for a job: it costs up to 90 % less for instances and 70 % for Fargate, and may be taken away with a notice of two minutes.
 *
 * A job whose capacity was taken away is tried again; one that fails by its own fault is not. A value holds no state: one may serve several jobs.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/bestpractices6.html
 */
export class JobSpot {
  /**
   * On Spot at first, and on demand once it was taken away as often as it is tried.
   *
   * The state machine decides that by the reason that Batch gives. What the job itself did wrong, and what cannot be read, never leads to a run on demand:
   * the execution fails. The attempt on demand is like any other: if it fails, the execution does.
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * pipeline.addJob('Train', {
   *   image,
   *   compute: JobCompute.gpu({ gpus: 1, vcpus: 4, memory: Size.gibibytes(14), spot: JobSpot.thenOnDemand({ checkpoint: true }) }),
   *   timeout: Duration.hours(6),
   * });
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
   */
  public static thenOnDemand(options: JobSpotOptions = {}): JobSpot {
    return new JobSpot(options, true);
  }

  /**
   * On Spot only: the job fails when it was taken away as often as it is tried.
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * pipeline.addJob('Index', {
   *   image,
   *   compute: JobCompute.size({ vcpus: 2, memory: Size.gibibytes(4), spot: JobSpot.only() }),
   *   timeout: Duration.minutes(30),
   * });
   */
  public static only(options: JobSpotOptions = {}): JobSpot {
    return new JobSpot(options, false);
  }

  /** @internal */
  public readonly _attempts: number;

  /** @internal */
  public readonly _checkpoint: boolean;

  private constructor(private readonly options: JobSpotOptions, /** @internal */ public readonly _escalates: boolean) {
    checkInteger(undefined, 'attempts', options.attempts, 1, 10, 'what is taken away ten times is better run on demand');
    this._attempts = options.attempts ?? 5;
    this._checkpoint = options.checkpoint === true;
  }

  /** @internal */
  public _check(job: Construct, timeout: Duration, attempts: number | undefined): void {
    if (this.options.attempts !== undefined && attempts !== undefined && attempts !== 1) {
      fail(job, "'attempts' must be said once, got 'attempts' of the job and of its 'spot'; AWS Batch counts all attempts together: keep that of the job");
    }
    if (this._checkpoint || this.options.acceptLostWork === true || timeout.isUnresolved() || timeout.toSeconds() <= SHORT.toSeconds()) return;
    fail(job, `'spot' of a job that may take longer than an hour needs 'checkpoint' or 'acceptLostWork', got a 'timeout' of ${timeout.toHumanString()}; `
      + "write checkpoints to CHECKPOINT_URI with 'checkpoint', accept that it begins anew, or give it a shorter 'timeout'");
  }
}
