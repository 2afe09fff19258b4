import type { Duration } from 'aws-cdk-lib/core';
import { checkSeconds } from '../private/check';

/**
 * What happens when a run of a task or pipeline is to start while another run of it has not ended.
 *
 * Runs are executions of its Step Functions state machine, however they are started: by its triggers, or by hand.
 */
export class RunOverlap {
  /**
   * Both run.
   *
   * @example
   * new EcsTask(this, 'Report', { cluster, image, overlap: RunOverlap.allow() });
   */
  public static allow(): RunOverlap {
    return new RunOverlap();
  }

  /**
   * The later one does nothing, and ends as a success. For work of which the next run does what this one would have done.
   *
   * Whether another run goes on is asked of Step Functions, which may tell it a few seconds late: of two runs that start within the same few seconds, both may
   * run. Each question costs a few state transitions.
   *
   * @example
   * new EcsTask(this, 'Report', { cluster, image, overlap: RunOverlap.skip() });
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
   */
  public static skip(): RunOverlap {
    return new RunOverlap({ waitSeconds: 0 });
  }

  /**
   * The later one waits until those before it have ended, in the order in which they began. Where that takes longer than `bound`, it fails without having run.
   *
   * It looks about two hundred times within the bound, and at most every five seconds.
   *
   * @param bound the longest wait, 10 seconds to 7 days
   *
   * @example
   * new EcsTask(this, 'Report', { cluster, image, overlap: RunOverlap.wait(Duration.hours(1)) });
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
   */
  public static wait(bound: Duration): RunOverlap {
    checkSeconds(undefined, 'bound', bound, 10, 604_800, 'give the longest wait that is of use');
    return new RunOverlap({ waitSeconds: bound.toSeconds() });
  }

  private constructor(
    /** @internal Undefined: both run. 0 seconds: the later one does not. */
    public readonly _guard?: OverlapGuard,
  ) {
  }
}

/** How long a later run waits: not at all with 0. */
export interface OverlapGuard {
  readonly waitSeconds: number;
}
