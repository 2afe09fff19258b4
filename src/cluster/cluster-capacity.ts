import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Duration, Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createAutoScalingCapacity } from './auto-scaling-capacity';
import type { FargateCluster } from './fargate-cluster';
import type { Ec2CapacityOptions, ManagedInstancesOptions } from './instance-capacity-options';
import { hardwareOf, InstanceHardware } from './instance-hardware';
import type { CreatedCapacity } from './instance-role';
import { createManagedInstancesCapacity } from './managed-instances-capacity';
import { CapacityKind } from '../private/capacity-kind';
import { checkInteger, checkSeconds } from '../private/check';
import { fail } from '../private/fail';

const DAY = 86400;

/** What a capacity is, before it is made. */
interface CapacityConfig {
  readonly kind: CapacityKind;
  readonly hardware: InstanceHardware;
  /** Whether some of the instances may be Spot instances. */
  readonly spot: boolean;
  create(scope: Construct, cluster: FargateCluster): CreatedCapacity;
}

/**
 * Instances for a cluster, beside Fargate, which every cluster has.
 *
 * A value holds no state: one may be added to several clusters.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/capacity-launch-type-comparison.html
 */
export class ClusterCapacity {
  /**
   * EC2 instances of an Auto Scaling group, as many as the tasks need: for GPUs, Graviton, Reserved Instances, and where many small tasks share machines.
   *
   * Creates the group, a launch template with the newest ECS image of Amazon Linux 2023 for the types, one role that may register the instances with this
   * cluster and no more, a security group that lets nothing in, and the capacity provider. The instances have no public address, an encrypted disk and
   * IMDSv2, which tasks cannot reach. Before one ends, its tasks are moved. Instances and disks cost money as long as they run.
   *
   * Tasks, and not the number of instances, are what is asked for: ECS starts an instance for a task that finds no room, and ends those that are empty.
   *
   * @example
   * const gpu = cluster.addCapacity('Gpu', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('g6.xlarge')], max: 4 }));
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
   */
  public static ec2(options: Ec2CapacityOptions): ClusterCapacity {
    if (options.instanceTypes.length === 0) {
      fail(undefined, "'instanceTypes' must have one instance type or more, got none; give one, such as new ec2.InstanceType('m7g.large')");
    }
    checkEc2(options);
    const hardware = hardwareOf(options.instanceTypes);
    return new ClusterCapacity({
      kind: CapacityKind.EC2,
      hardware,
      spot: options.onDemandPercent !== undefined && options.onDemandPercent !== 100,
      create: (scope, cluster) => createAutoScalingCapacity(scope, cluster, hardware, options),
    });
  }

  /**
   * EC2 instances that ECS chooses, starts, patches and ends by itself: instances without the care for them, at a surcharge.
   *
   * Creates the capacity provider, the role with which ECS manages the instances, their own role that may register them with this cluster and no more, and
   * a security group that lets nothing in. Instances cost money as long as they run, and a management fee on top.
   *
   * @example
   * const general = cluster.addCapacity('General', ClusterCapacity.managedInstances({ minVcpus: 2, maxVcpus: 16 }));
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ManagedInstances.html
   */
  public static managedInstances(options: ManagedInstancesOptions = {}): ClusterCapacity {
    checkManagedInstances(options);
    const hardware = options.instanceTypes === undefined || options.instanceTypes.length === 0
      ? { architecture: ec2.InstanceArchitecture.X86_64, gpu: false }
      : hardwareOf(options.instanceTypes);
    return new ClusterCapacity({
      kind: CapacityKind.MANAGED_INSTANCES,
      hardware,
      spot: options.spot === true,
      create: (scope, cluster) => createManagedInstancesCapacity(scope, cluster, options),
    });
  }

  private constructor(private readonly config: CapacityConfig) {
  }

  /** @internal */
  public _bind(): CapacityConfig {
    return this.config;
  }
}

function checkEc2(options: Ec2CapacityOptions): void {
  const { min = 0, max } = options;
  checkInteger(undefined, 'min', min, 0, 5000, 'it is a number of instances');
  checkInteger(undefined, 'max', max, 1, 5000, 'it is a number of instances, and without any no task runs');
  if (!Token.isUnresolved(min) && !Token.isUnresolved(max) && min > max) {
    fail(undefined, `'min' must not be larger than 'max', got ${min} and ${max}; swap them`);
  }
  checkInteger(undefined, 'onDemandBase', options.onDemandBase, 0, 5000, 'it is a number of instances');
  checkInteger(undefined, 'onDemandPercent', options.onDemandPercent, 0, 100, 'the others are Spot instances');
  checkInteger(undefined, 'targetPercent', options.targetPercent, 1, 100, '100 uses the instances to the full');
  checkDisk(options.diskSize);
  checkDays('maxInstanceLifetime', options.maxInstanceLifetime, 1, 365);
}

function checkManagedInstances(options: ManagedInstancesOptions): void {
  const { instanceTypes, minVcpus, maxVcpus, minMemory, maxMemory } = options;
  const ranges = [minVcpus, maxVcpus, minMemory, maxMemory].some((bound) => bound !== undefined);
  if (instanceTypes !== undefined && (ranges || instanceTypes.length === 0)) {
    fail(undefined, "'instanceTypes' must have one instance type or more, and stand for itself: the ranges of vCPUs and memory choose among all types; give one of the two");
  }
  checkInteger(undefined, 'minVcpus', minVcpus, 1, 1024, 'it is the smallest number of vCPUs of an instance');
  checkInteger(undefined, 'maxVcpus', maxVcpus, 1, 1024, 'it is the largest number of vCPUs of an instance');
  checkOrder('minVcpus', minVcpus, 'maxVcpus', maxVcpus);
  checkOrder('minMemory', mebibytes(minMemory), 'maxMemory', mebibytes(maxMemory));
  checkDisk(options.diskSize);
  checkSeconds(undefined, 'scaleInAfter', options.scaleInAfter, 0, 3600, 'omit it to let ECS decide');
}

function checkDisk(size: Size | undefined): void {
  if (size === undefined || size.isUnresolved()) return;
  checkInteger(undefined, 'diskSize', size.toGibibytes({ rounding: SizeRoundingBehavior.NONE }), 30, 16384, 'it is in GiB, and the image needs 30 of them');
}

function checkDays(prop: string, value: Duration | undefined, min: number, max: number): void {
  if (value === undefined || value.isUnresolved()) return;
  checkSeconds(undefined, prop, value, min * DAY, max * DAY, `that is ${min} to ${max} days`);
}

function checkOrder(minProp: string, min: number | undefined, maxProp: string, max: number | undefined): void {
  if (min === undefined || max === undefined || Token.isUnresolved(min) || Token.isUnresolved(max) || min <= max) return;
  fail(undefined, `'${minProp}' must not be larger than '${maxProp}', got ${min} and ${max}; swap them`);
}

function mebibytes(size: Size | undefined): number | undefined {
  return size?.isUnresolved() === false ? size.toMebibytes() : undefined;
}
