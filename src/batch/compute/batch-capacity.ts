import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib/core';
import type { BatchCapacityConfig } from './batch-capacity-config';
import type { BatchFargateOptions, BatchInstanceOptions } from './batch-capacity-options';
import { hardwareOfWords } from './instance-words';
import { checkInteger, checkMinutes } from '../../private/check';
import { fail } from '../../private/fail';

const DEFAULT_MAX_VCPUS = 256;
const DAY_IN_MINUTES = 1440;

/** Families of 24 GB of GPU memory, with 1, 4 or 8 GPUs. */
const GPU_FAMILIES = ['g5', 'g6'];

/**
 * What the jobs of a queue run on.
 *
 * A value holds no state: one may serve several queues.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/compute_environments.html
 */
export class BatchCapacity {
  /**
   * AWS Fargate: no instances to care for, jobs start within a minute, and each is charged by the second for what it asks for.
   *
   * Jobs of both architectures may share it. No GPUs, 16 vCPUs and 120 GiB a job at the most. Creates a compute environment, which costs nothing by itself.
   *
   * @example
   * const compute = new BatchCompute(this, 'Compute', { cluster, capacity: BatchCapacity.fargate({ maxVcpus: 64 }) });
   *
   * @see https://docs.aws.amazon.com/batch/latest/userguide/fargate.html
   */
  public static fargate(options: BatchFargateOptions = {}): BatchCapacity {
    checkMaxVcpus(options.maxVcpus);
    return new BatchCapacity({ platform: 'FARGATE', maxVcpus: options.maxVcpus ?? DEFAULT_MAX_VCPUS });
  }

  /**
   * EC2 instances that Batch starts for jobs and ends after them: for jobs beyond 4 vCPUs or 30 GiB, for many short ones, for special hardware.
   *
   * Creates a compute environment, a launch template with its role, and instances only for jobs: on Amazon Linux 2023, patched at each update, with an
   * encrypted disk and IMDSv2. Instances and disks are charged by the second while they run.
   *
   * @example
   * const compute = new BatchCompute(this, 'Compute', { cluster, capacity: BatchCapacity.ec2({ instanceTypes: ['r7i', 'r6i'], maxVcpus: 512 }) });
   *
   * @see https://docs.aws.amazon.com/batch/latest/userguide/create-compute-environment-managed-ec2.html
   */
  public static ec2(options: BatchInstanceOptions = {}): BatchCapacity {
    return new BatchCapacity(instancesOf(options, [options.architecture === ecs.CpuArchitecture.ARM64 ? 'default_arm64' : 'default_x86_64']));
  }

  /**
   * EC2 instances with NVIDIA GPUs, as `ec2` makes them, with the drivers.
   *
   * By default of the families g5 and g6: 1, 4 or 8 GPUs of 24 GB each. Not every Region has both, and AWS accounts begin with a quota of none.
   *
   * @example
   * const compute = new BatchCompute(this, 'Gpu', { cluster, capacity: BatchCapacity.gpu({ maxVcpus: 64, keepWarm: Duration.minutes(30) }) });
   *
   * @see https://docs.aws.amazon.com/batch/latest/userguide/gpu-jobs.html
   */
  public static gpu(options: BatchInstanceOptions = {}): BatchCapacity {
    const config = instancesOf(options, GPU_FAMILIES);
    if (!config.instances!.gpu) {
      fail(undefined, `'instanceTypes' of BatchCapacity.gpu must have GPUs, got ${JSON.stringify(options.instanceTypes)}; choose families such as "g6", or use BatchCapacity.ec2`);
    }
    return new BatchCapacity(config);
  }

  private constructor(private readonly config: BatchCapacityConfig) {
  }

  /** @internal */
  public _bind(): BatchCapacityConfig {
    return this.config;
  }
}

function instancesOf(options: BatchInstanceOptions, defaultTypes: string[]): BatchCapacityConfig {
  const { instanceTypes = defaultTypes, minVcpus = 0, maxVcpus = DEFAULT_MAX_VCPUS, diskSize = Size.gibibytes(100) } = options;
  checkMaxVcpus(options.maxVcpus);
  checkInteger(undefined, 'minVcpus', options.minVcpus, 0, 100_000, 'they cost money all the time: 0 for none');
  if (!Token.isUnresolved(minVcpus) && !Token.isUnresolved(maxVcpus) && minVcpus > maxVcpus) {
    fail(undefined, `'minVcpus' must not be larger than 'maxVcpus', got ${minVcpus} and ${maxVcpus}; swap them`);
  }
  checkMinutes(undefined, 'keepWarm', options.keepWarm, 20, 7 * DAY_IN_MINUTES, 'omit it to end instances at once');
  if (!diskSize.isUnresolved()) {
    checkInteger(undefined, 'diskSize', diskSize.toGibibytes({ rounding: SizeRoundingBehavior.NONE }), 30, 16384, 'it is in GiB, and the image needs 30 of them');
  }
  const { arm, gpu } = hardwareOfWords(instanceTypes, options.architecture);
  return { platform: 'EC2', maxVcpus, arm, instances: { instanceTypes, minVcpus, diskSize, gpu, options } };
}

function checkMaxVcpus(maxVcpus: number | undefined): void {
  checkInteger(undefined, 'maxVcpus', maxVcpus, 1, 100_000, 'give the most vCPUs that jobs may use at the same time');
}
