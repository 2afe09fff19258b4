/** How an execution of a pipeline has ended. */
export enum PipelineOutcome {
  /** All jobs have succeeded, or were skipped by their conditions. */
  SUCCEEDED = 'SUCCEEDED',

  /** A job has failed, or the input was not allowed. */
  FAILED = 'FAILED',

  /** It took longer than the state machine allows. */
  TIMED_OUT = 'TIMED_OUT',

  /** Somebody has stopped it. */
  ABORTED = 'ABORTED',
}
