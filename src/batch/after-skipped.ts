/** What becomes of a job when jobs that it waits for were skipped. */
export enum AfterSkipped {
  /** The job is skipped as soon as one of them was. */
  SKIP = 'skip',

  /** The job runs if at least one of them ran: the join behind an either-or. */
  RUN_UNLESS_ALL_SKIPPED = 'runUnlessAllSkipped',

  /** The job runs in any case: for what tidies up or tells of the end. */
  RUN = 'run',
}
