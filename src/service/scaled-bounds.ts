import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';

/** What is to be scaled, and the bounds that it has by itself. */
export interface ScaledBounds {
  readonly target: appscaling.CfnScalableTarget;
  readonly min: number;
  readonly max: number;
}
