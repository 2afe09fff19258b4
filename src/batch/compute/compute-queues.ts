import type * as batch from 'aws-cdk-lib/aws-batch';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { BatchCapacityConfig } from './batch-capacity-config';
import type { ComputeEnvironments } from './compute-environments';
import type { ComputeLane } from './compute-lane';
import { createJobQueue } from '../job-queue';

/** What a queue is about. */
interface QueueRank {
  readonly priority?: number;
  readonly schedulingPolicyArn?: string;
  /** The shares of the policy, each with the jobs that say its id. */
  readonly shares?: string[];
}

/**
 * A queue before environments on demand, and where a job asks for Spot another before the same on Spot.
 *
 * Two queues, not one with both: a job that Spot took back as often as it may goes to the other queue, instead of being taken back again.
 */
export class ComputeQueues implements ComputeLane {
  public readonly jobQueue: batch.CfnJobQueue;
  public readonly platform: string;
  public readonly arm?: boolean;
  public readonly shares?: string[];
  private spot?: batch.CfnJobQueue;

  constructor(private readonly scope: Construct, private readonly environments: ComputeEnvironments, private readonly rank: QueueRank = {}) {
    const [{ platform, arm }] = environments.supplies;
    this.platform = platform;
    this.arm = arm;
    this.shares = rank.shares;
    this.jobQueue = this.create('JobQueue', () => environments.onDemand);
  }

  public get jobQueueArn(): string {
    return this.jobQueue.attrJobQueueArn;
  }

  public get spotJobQueueArn(): string {
    return this.spotJobQueue.attrJobQueueArn;
  }

  /** Made when somebody asks for the first time. */
  public get spotJobQueue(): batch.CfnJobQueue {
    if (this.spot === undefined) {
      void this.environments.onSpot;
      this.spot = this.create('SpotJobQueue', () => this.environments.onSpot);
    }
    return this.spot;
  }

  public get maxVcpus(): number {
    return Math.max(...this.supplies.map((capacity) => capacity.maxVcpus));
  }

  public get supplies(): BatchCapacityConfig[] {
    return this.environments.supplies;
  }

  public noteTimeout(timeout: Duration): void {
    this.environments.noteTimeout(timeout);
  }

  private create(id: string, environments: () => batch.CfnComputeEnvironment[]): batch.CfnJobQueue {
    const { priority, schedulingPolicyArn } = this.rank;
    return createJobQueue(this.scope, id, { environments, priority, schedulingPolicyArn, gpu: this.supplies[0].instances?.gpu });
  }
}
