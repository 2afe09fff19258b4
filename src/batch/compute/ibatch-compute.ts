import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import type { ComputeLane } from './compute-lane';

/** A queue of AWS Batch with what its jobs run on, for pipelines of this app or of others. */
export interface IBatchCompute extends IConstruct, ec2.IConnectable {
  /** The ARN of the queue that jobs wait in. */
  readonly jobQueueArn: string;

  /** @internal */
  readonly _lane: ComputeLane;
}
