import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A queue that a worker consumes. */
export interface BoundQueue {
  /** Where its alarms go. */
  readonly scope: Construct;
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue?: sqs.IQueue;
  /** In seconds. */
  readonly maxAge: number;
}
