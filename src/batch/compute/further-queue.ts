import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { ComputeEnvironments } from './compute-environments';
import type { ComputeLane } from './compute-lane';
import { ComputeQueues } from './compute-queues';
import type { IBatchCompute } from './ibatch-compute';

/** One more queue before the environments of others. */
export class FurtherQueue extends Construct implements IBatchCompute {
  public readonly _lane: ComputeLane;

  constructor(scope: Construct, id: string, public readonly connections: ec2.Connections, environments: ComputeEnvironments, priority: number) {
    super(scope, id);
    this._lane = new ComputeQueues(this, environments, { priority });
  }

  public get jobQueueArn(): string {
    return this._lane.jobQueueArn;
  }
}
