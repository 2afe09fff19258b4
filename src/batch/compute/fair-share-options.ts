import type { Duration } from 'aws-cdk-lib/core';

/** Options of `BatchComputeProps.fairShare`: who gets how much of a queue that everybody waits in. */
export interface FairShareOptions {
  /**
   * The shares and how much each of them counts, such as `{ training: 3, reports: 1 }`: three quarters of the vCPUs for the one while both wait.
   *
   * An id has 1 to 255 letters and digits, and does not begin with another one. A weight is 0.002 to 10,000. What one does not use, the others get.
   *
   * Under the hood, this is `ShareDistribution`, whose `WeightFactor` is the reciprocal of the weight.
   */
  readonly weights: { [share: string]: number };

  /**
   * For how long it counts what a share has used, up to 7 days.
   *
   * @default - only what is running counts
   */
  readonly memory?: Duration;

  /**
   * How many percent of the vCPUs are kept free for shares that use nothing at the moment, 0 to 99.
   *
   * Under the hood, this is `ComputeReservation`.
   *
   * @default 0
   */
  readonly reservePercent?: number;
}
