import type * as batch from 'aws-cdk-lib/aws-batch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { BatchCapacityConfig } from './batch-capacity-config';
import { createComputeEnvironment } from './compute-environment';
import type { ComputeLane } from './compute-lane';
import { createInstanceStart, type InstanceStart } from './launch-template';
import type { IFargateCluster } from '../../cluster/ifargate-cluster';
import { instancePrerequisites } from '../../cluster/instance-role';
import { fail } from '../../private/fail';
import { createJobQueue, type JobQueueProps, renderOrder } from '../job-queue';

/** What the queues stand before. */
export interface ComputeQueuesProps extends Pick<JobQueueProps, 'priority' | 'schedulingPolicyArn'> {
  readonly cluster: IFargateCluster;
  readonly capacity: BatchCapacityConfig;
  readonly securityGroup: ec2.ISecurityGroup;
}

/** AWS waits no longer than that for jobs at an update of instances. */
const LONGEST_PATIENCE = Duration.hours(6);

/** The places of the environments behind the first, by the order in which they are tried. */
const FALLBACKS = ['Second', 'Third'];

/**
 * A queue with its environments, on demand, and where a job asks for Spot the same once more on Spot.
 *
 * Two queues, not one with both: a job that Spot took back as often as it may goes to the other queue, instead of being taken back again.
 */
export class ComputeQueues implements ComputeLane {
  public readonly jobQueue: batch.CfnJobQueue;
  public readonly platform: 'FARGATE' | 'EC2';
  public readonly arm?: boolean;
  private readonly capacities: BatchCapacityConfig[];
  private readonly starts: (InstanceStart | undefined)[] = [];
  private readonly environments: batch.CfnComputeEnvironment[] = [];
  private readonly spotEnvironments: batch.CfnComputeEnvironment[] = [];
  private spot?: batch.CfnJobQueue;
  private longest = Duration.minutes(30);

  constructor(private readonly scope: Construct, private readonly props: ComputeQueuesProps) {
    const { capacity } = props;
    this.platform = capacity.platform;
    this.arm = capacity.arm;
    this.capacities = [capacity];
    this.environments.push(this.createEnvironment(0, false));
    this.jobQueue = this.createQueue('JobQueue', this.environments);
  }

  /** The environments, in the order in which they are tried. */
  public get computeEnvironments(): batch.CfnComputeEnvironment[] {
    return [...this.environments];
  }

  public get jobQueueArn(): string {
    return this.jobQueue.attrJobQueueArn;
  }

  /** Made when a job asks for it for the first time. */
  public get spotJobQueueArn(): string {
    return this.spotJobQueue.attrJobQueueArn;
  }

  public get spotJobQueue(): batch.CfnJobQueue {
    if (this.spot === undefined) {
      this.capacities.forEach((_, index) => this.spotEnvironments.push(this.createEnvironment(index, true)));
      this.spot = this.createQueue('SpotJobQueue', this.spotEnvironments);
    }
    return this.spot;
  }

  public get hasSpot(): boolean {
    return this.spot !== undefined;
  }

  public get maxVcpus(): number {
    return Math.max(...this.capacities.map((capacity) => capacity.maxVcpus));
  }

  public get supplies(): BatchCapacityConfig[] {
    return [...this.capacities];
  }

  public noteTimeout(timeout: Duration): void {
    if (!timeout.isUnresolved() && timeout.toSeconds() > this.longest.toSeconds()) this.longest = timeout;
  }

  /** Adds what is tried when what is there already has no room. */
  public addFallback(capacity: BatchCapacityConfig): void {
    this.checkFallback(capacity);
    this.capacities.push(capacity);
    const index = this.capacities.length - 1;
    this.environments.push(this.createEnvironment(index, false));
    this.jobQueue.computeEnvironmentOrder = renderOrder(this.environments);
    if (this.spot === undefined) return;
    this.spotEnvironments.push(this.createEnvironment(index, true));
    this.spot.computeEnvironmentOrder = renderOrder(this.spotEnvironments);
  }

  private checkFallback(capacity: BatchCapacityConfig): void {
    const { length } = this.capacities;
    if (length > FALLBACKS.length) {
      fail(this.scope, `'addFallback' must leave at most ${FALLBACKS.length + 1} compute environments in a queue, got one more; make a BatchCompute of its own`);
    }
    if (capacity.platform !== this.platform) {
      fail(this.scope, `'addFallback' must not mix Fargate with instances in a queue, got ${capacity.platform} beside ${this.platform}; make a BatchCompute of its own`);
    }
    if (capacity.arm !== this.arm) {
      const name = (arm?: boolean) => arm === true ? 'ARM64' : 'X86_64';
      fail(this.scope, `'addFallback' must be of the architecture of the queue, which is ${name(this.arm)}, got ${name(capacity.arm)}; make a BatchCompute of its own`);
    }
    if (capacity.instances?.gpu !== this.capacities[0].instances?.gpu) {
      fail(this.scope, "'addFallback' must have GPUs where the first has them, got the one and the other: jobs without a GPU would block instances with one; "
        + 'make a BatchCompute of its own');
    }
  }

  private createEnvironment(index: number, spot: boolean): batch.CfnComputeEnvironment {
    const { cluster, securityGroup } = this.props;
    const capacity = this.capacities[index];
    const place = index === 0 ? '' : FALLBACKS[index - 1];
    const start = capacity.instances === undefined ? undefined : this.starts[index] ??= this.createStart(place, capacity);
    const environment = createComputeEnvironment(this.scope, `${spot ? 'Spot' : ''}${place}ComputeEnvironment`, {
      cluster, capacity, securityGroup, spot, start, patience: this.patience(),
    });
    if (start !== undefined) environment.node.addDependency(...instancePrerequisites(this.scope, cluster));
    return environment;
  }

  private createStart(place: string, capacity: BatchCapacityConfig): InstanceStart {
    const { cluster } = this.props;
    if (cluster.assignPublicIp) {
      fail(this.scope, "'capacity' with instances needs a cluster whose tasks run in private subnets, got public ones: AWS Batch gives its instances no public address; "
        + "give the cluster a 'network' with private subnets, or use Fargate");
    }
    const scope = place === '' ? this.scope : new Construct(this.scope, `${place}Instances`);
    return createInstanceStart(scope, cluster, capacity.instances!);
  }

  private createQueue(id: string, environments: batch.CfnComputeEnvironment[]): batch.CfnJobQueue {
    const { priority, schedulingPolicyArn, capacity } = this.props;
    return createJobQueue(this.scope, id, { environments, priority, schedulingPolicyArn, gpu: capacity.instances?.gpu });
  }

  private patience(): number {
    return Lazy.number({ produce: () => Math.ceil(Math.min(this.longest.toMinutes({ integral: false }), LONGEST_PATIENCE.toMinutes())) });
  }
}
