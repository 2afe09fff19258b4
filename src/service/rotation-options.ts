import type { Duration } from 'aws-cdk-lib/core';

/** Options of `redeployOnRotation`. */
export interface RotationOptions {
  /**
   * How long no further secret must change before the new deployment starts, 1 to 3600 seconds. Changes within this time make one deployment.
   *
   * @default Duration.minutes(1)
   */
  readonly quietTime?: Duration;
}
