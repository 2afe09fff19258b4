import type * as batch from 'aws-cdk-lib/aws-batch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { BatchCapacity } from './batch-capacity';
import type { BatchComputeAttributes } from './batch-compute-attributes';
import { ComputeEnvironments } from './compute-environments';
import type { ComputeLane } from './compute-lane';
import { ComputeQueues } from './compute-queues';
import { createFairShare } from './fair-share';
import type { FairShareOptions } from './fair-share-options';
import { FurtherQueue } from './further-queue';
import type { IBatchCompute } from './ibatch-compute';
import { ImportedCompute } from './imported-compute';
import type { IFargateCluster } from '../../cluster/ifargate-cluster';
import { checkInteger } from '../../private/check';
import { createSecurityGroup } from '../../private/security-group';

/** Properties of `BatchCompute`. */
export interface BatchComputeProps {
  /** The cluster whose private subnets the jobs run in. */
  readonly cluster: IFargateCluster;

  /**
   * What the jobs run on.
   *
   * @default BatchCapacity.fargate()
   */
  readonly capacity?: BatchCapacity;

  /**
   * Whose jobs go first where several queues stand before the same environments, 0 to 1000: higher ones. See `addQueue`.
   *
   * Under the hood, this is `Priority` of the queue.
   *
   * @default 1
   * @see https://docs.aws.amazon.com/batch/latest/userguide/job_queue_parameters.html
   */
  readonly priority?: number;

  /**
   * Shares of the queue, so that whoever submits much does not keep others waiting: each job says its share with `JobCompute.on`.
   *
   * Creates a scheduling policy. A queue cannot become fair later, nor stop being so, without being replaced: make another `BatchCompute` then.
   *
   * @default - first come, first served
   * @see https://docs.aws.amazon.com/batch/latest/userguide/fair-share-scheduling.html
   */
  readonly fairShare?: FairShareOptions;
}

/**
 * A job queue with what its jobs run on, for several pipelines.
 *
 * Pipelines have compute of their own, which they make as their jobs need it. Share one instead where jobs of a like kind shall share a ceiling, warm
 * instances or Reserved Instances: AWS has room for 50 queues and 50 environments in a Region.
 *
 * Creates a queue, a compute environment and a security group; with instances a launch template and a role as well; and a second queue and environment as
 * soon as a job asks for Spot. Idle, all of this costs nothing but for `minVcpus` and `keepWarm`. Nothing has a name, tags of the app are kept off, and
 * updates are done in place, so that nothing is replaced by accident.
 *
 * @example
 * const gpus = new BatchCompute(this, 'Gpus', { cluster, capacity: BatchCapacity.gpu({ maxVcpus: 64 }) });
 * const etl = new EcsBatchPipeline(this, 'Etl', { cluster });
 * etl.addJob('Train', { image, compute: JobCompute.on(gpus, { vcpus: 4, memory: Size.gibibytes(14), gpus: 1 }) });
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_queues.html
 */
export class BatchCompute extends Construct implements IBatchCompute {
  /**
   * A queue that is declared elsewhere: another app's, or one made by hand.
   *
   * Creates nothing. What is not said of it is not checked.
   *
   * @example
   * const shared = BatchCompute.fromAttributes(this, 'Shared', {
   *   jobQueueArn: 'arn:aws:batch:eu-west-1:123456789012:job-queue/shared',
   *   instances: true,
   *   maxVcpus: 128,
   * });
   */
  public static fromAttributes(scope: Construct, id: string, attributes: BatchComputeAttributes): IBatchCompute {
    return new ImportedCompute(scope, id, attributes);
  }

  /** The queue that jobs wait in: the escape hatch to what this class has no word for. */
  public readonly jobQueue: batch.CfnJobQueue;

  /** Whom the jobs may call. They can call everybody, and nobody can call them. */
  public readonly connections: ec2.Connections;

  private readonly environments: ComputeEnvironments;
  private readonly queues: ComputeQueues;

  constructor(scope: Construct, id: string, props: BatchComputeProps) {
    super(scope, id);
    const { cluster, capacity = BatchCapacity.fargate(), priority, fairShare } = props;
    checkPriority(this, priority);
    const securityGroup = createSecurityGroup(this, 'SecurityGroup', cluster.vpc, 'Jobs of pipelines');
    this.connections = new ec2.Connections({ securityGroups: [securityGroup] });
    this.environments = new ComputeEnvironments(this, { cluster, capacity: capacity._bind(), securityGroup });
    this.queues = new ComputeQueues(this, this.environments, {
      priority,
      schedulingPolicyArn: fairShare && createFairShare(this, fairShare).attrArn,
      shares: fairShare && Object.keys(fairShare.weights),
    });
    this.jobQueue = this.queues.jobQueue;
  }

  /** The ARN of the queue that jobs wait in. */
  public get jobQueueArn(): string {
    return this.queues.jobQueueArn;
  }

  /** The queue that jobs with `spot` wait in, with environments of its own on Spot capacity. It is made when it is asked for the first time. */
  public get spotJobQueue(): batch.CfnJobQueue {
    return this.queues.spotJobQueue;
  }

  /** The compute environments on demand, in the order in which they are tried: the escape hatch to what this class has no word for. A copy. */
  public get computeEnvironments(): batch.CfnComputeEnvironment[] {
    return this.environments.onDemand;
  }

  /** @internal */
  public get _lane(): ComputeLane {
    return this.queues;
  }

  /**
   * Adds a compute environment that is tried when those before it have no room: other instance types for times when the ones that are liked best are short.
   *
   * A queue has three environments at the most, all on Fargate or all with instances, of one CPU architecture, with GPUs or without.
   *
   * @example
   * declare const gpus: BatchCompute;
   * gpus.addFallback(BatchCapacity.gpu({ instanceTypes: ['g6e'], maxVcpus: 32 }));
   */
  public addFallback(capacity: BatchCapacity): void {
    this.environments.add(capacity._bind());
  }

  /**
   * Adds a queue before the same environments, whose jobs go first where its priority is higher, and wait where it is lower.
   *
   * It is first come, first served. Creates a queue, and one for Spot once a job asks for it.
   *
   * @param id names the construct
   * @param priority 0 to 1000; that of the queue which is there already is 1 unless it was given
   *
   * @example
   * declare const compute: BatchCompute;
   * const urgent = compute.addQueue('Urgent', 100);
   */
  public addQueue(id: string, priority: number): IBatchCompute {
    checkPriority(this, priority);
    return new FurtherQueue(this, id, this.connections, this.environments, priority);
  }
}

function checkPriority(scope: Construct, priority?: number): void {
  checkInteger(scope, 'priority', priority, 0, 1000, 'higher ones go first');
}
