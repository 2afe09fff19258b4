import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Duration, Size } from 'aws-cdk-lib/core';

/** Options of `ClusterCapacity.ec2`. */
export interface Ec2CapacityOptions {
  /**
   * The instance types, the one that is liked best first.
   *
   * All of one CPU architecture, and all with NVIDIA GPUs or all without: the machine image follows from them. Several types of about one size find
   * capacity, and Spot capacity above all, more often than one. A task takes a network interface of its instance, of which small types have few.
   */
  readonly instanceTypes: ec2.InstanceType[];

  /**
   * The largest number of instances, 1 to 5000.
   *
   * A deployment starts new tasks before it stops old ones, and waits where they find no room: leave some.
   */
  readonly max: number;

  /**
   * The smallest number of instances, 0 to 5000. They cost money whether tasks run on them or not.
   *
   * Set it where tasks must start at once: a new instance takes minutes.
   *
   * @default 0
   */
  readonly min?: number;

  /**
   * How many instances are on demand before the share counts, 0 to 5000.
   *
   * @default 0
   */
  readonly onDemandBase?: number;

  /**
   * The share of further instances that are on demand, 0 to 100 percent; the others are Spot instances.
   *
   * Spot instances cost far less and may be taken back with a notice of two minutes, in which their tasks move.
   *
   * @default 100
   */
  readonly onDemandPercent?: number;

  /**
   * How full the instances are to be, 1 to 100 percent. What is below 100 is kept free for tasks that must start at once, and costs accordingly.
   *
   * Under the hood, this is `TargetCapacity` of managed scaling.
   *
   * @default 100
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
   */
  readonly targetPercent?: number;

  /**
   * The size of each instance's disk, 30 to 16384 GiB, for images, logs and what tasks write. Encrypted, of the type gp3.
   *
   * @default Size.gibibytes(50)
   */
  readonly diskSize?: Size;

  /**
   * How long an instance lives, 1 to 365 days. It is then drained and replaced by one with the newest image, so that patches arrive by themselves.
   *
   * Under the hood, this is `MaxInstanceLifetime` of the Auto Scaling group.
   *
   * @default Duration.days(30)
   */
  readonly maxInstanceLifetime?: Duration;
}

/** Options of `ClusterCapacity.managedInstances`. */
export interface ManagedInstancesOptions {
  /**
   * The instance types to choose from, instead of ranges: for GPUs, for Graviton, for Reserved Instances.
   *
   * All of one CPU architecture, and all with NVIDIA GPUs or all without.
   *
   * @default - ECS chooses by what the tasks need
   */
  readonly instanceTypes?: ec2.InstanceType[];

  /**
   * The smallest number of vCPUs of an instance, 1 or more.
   *
   * @default - ECS chooses by what the tasks need
   */
  readonly minVcpus?: number;

  /**
   * The largest number of vCPUs of an instance.
   *
   * @default - no bound
   */
  readonly maxVcpus?: number;

  /**
   * The smallest memory of an instance.
   *
   * @default - ECS chooses by what the tasks need
   */
  readonly minMemory?: Size;

  /**
   * The largest memory of an instance.
   *
   * @default - no bound
   */
  readonly maxMemory?: Size;

  /**
   * Whether the instances are Spot instances: they cost far less and may be taken back with a notice of two minutes.
   *
   * @default false
   */
  readonly spot?: boolean;

  /**
   * The size of the volume for images, logs and what tasks write, 30 to 16384 GiB.
   *
   * @default Size.gibibytes(80)
   */
  readonly diskSize?: Size;

  /**
   * How long an instance may be idle or half empty before ECS moves its tasks together and ends it, 0 to 3600 seconds.
   *
   * A longer time starts tasks faster after a lull, and costs accordingly.
   *
   * @default - ECS decides
   */
  readonly scaleInAfter?: Duration;
}
