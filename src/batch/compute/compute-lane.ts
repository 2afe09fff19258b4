import type { Duration } from 'aws-cdk-lib/core';
import type { BatchCapacityConfig } from './batch-capacity-config';

/** Where jobs of a kind wait and run: the queues of a pipeline's own, of a `BatchCompute`, or of elsewhere. */
export interface ComputeLane {
  readonly platform: string;
  readonly jobQueueArn: string;
  /** Where jobs wait for Spot capacity. Asking for it makes it. */
  readonly spotJobQueueArn: string;
  readonly maxVcpus: number;
  /** Absent where each job says it. */
  readonly arm?: boolean;
  /** Where the queue is fair: the ids of its shares. */
  readonly shares?: string[];
  /** What is known of the environments. Of a queue from elsewhere, nothing. */
  readonly supplies: BatchCapacityConfig[];
  /** Updates of instances wait for the longest of their jobs. */
  noteTimeout(timeout: Duration): void;
}
