/** What becomes of the other jobs of an execution when one has failed for good. */
export enum OnJobFailure {
  /**
   * The execution fails at once, and the jobs that run beside are stopped. A redrive begins with the job that failed and with those that were stopped.
   */
  STOP_OTHERS = 'stopOthers',

  /**
   * Every job that does not wait for the one that failed is still done; then the execution fails. A redrive begins with the jobs that failed and with
   * those that waited for them.
   */
  FINISH_OTHERS = 'finishOthers',
}
