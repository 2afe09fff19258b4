import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib/core';
import type { IBatchCompute } from './compute/ibatch-compute';
import { checkInstanceSize } from './compute/instance-job-size';
import type { JobComputeConfig } from './compute/job-compute-config';
import { checkShare, priorityIn } from './compute/job-share';
import type { JobGpuOptions, JobInstanceOptions, JobOnOptions, JobSizeOptions } from './compute/job-size-options';
import { reasonForInstances } from './compute/size-rule';
import { cpuUnitsMeant, memoryProblem, vcpusProblem } from './fargate-job-size';
import { fail } from '../private/fail';

/**
 * What a job runs on.
 *
 * A value holds no state: one may serve several jobs. The pipeline makes the compute environments and queues that its jobs need, one for each kind:
 * Fargate, instances of either architecture, GPUs.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/best-practices.html
 */
export class JobCompute {
  /**
   * So many vCPUs and so much memory: on Fargate up to 4 vCPUs and 30 GiB, beyond that on EC2 instances.
   *
   * Where instances are chosen, an information annotation says so, and the runbook. Choose yourself with `fargate` and `ec2`. On Fargate, jobs are charged
   * by the second, one minute at least, and start within a minute; it offers 0.25, 0.5, 1, 2 and 4 vCPUs, each with a range of memory, and a size that it
   * does not offer is an error that names the nearest one. Instances are charged by the second while they run, and take minutes to start.
   *
   * Under the hood, these are `ResourceRequirements` and `RuntimePlatform` of the job definition.
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * pipeline.addJob('Train', { image, compute: JobCompute.size({ vcpus: 4, memory: Size.gibibytes(16) }) });
   *
   * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html
   */
  public static size(options: JobSizeOptions): JobCompute {
    const { vcpus } = options;
    const areUnits = !Token.isUnresolved(vcpus) && cpuUnitsMeant(vcpus) !== undefined;
    const reason = areUnits ? undefined : reasonForInstances(vcpus, options.memory);
    return reason === undefined ? JobCompute.fargate(options) : new JobCompute({ ...instanceConfig(options), reason });
  }

  /**
   * AWS Fargate, up to 16 vCPUs and 120 GiB: for large jobs that run now and then, and shall start within a minute.
   *
   * Fargate offers 0.25, 0.5, 1, 2, 4, 8 and 16 vCPUs, each with a range of memory. Creates nothing.
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * pipeline.addJob('Merge', { image, compute: JobCompute.fargate({ vcpus: 16, memory: Size.gibibytes(64) }) });
   *
   * @see https://docs.aws.amazon.com/batch/latest/userguide/fargate.html
   */
  public static fargate(options: JobSizeOptions): JobCompute {
    checkFargateSize(options.vcpus, options.memory);
    return new JobCompute({ platform: 'FARGATE', gpus: 0, ...options, architecture: options.architecture ?? ecs.CpuArchitecture.X86_64 });
  }

  /**
   * EC2 instances, that Batch starts for the job and ends after it.
   *
   * The first such job of a pipeline creates a compute environment of general instances of the architecture, a queue, a launch template and a role.
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * pipeline.addJob('Index', { image, compute: JobCompute.ec2({ vcpus: 2, memory: Size.gibibytes(15) }) });
   *
   * @see https://docs.aws.amazon.com/batch/latest/userguide/create-compute-environment-managed-ec2.html
   */
  public static ec2(options: JobInstanceOptions): JobCompute {
    return new JobCompute(instanceConfig(options));
  }

  /**
   * EC2 instances with NVIDIA GPUs, of 24 GB each.
   *
   * The first such job of a pipeline creates a compute environment of the families g5 and g6, a queue, a launch template and a role. AWS accounts begin with
   * a quota of no such instances: ask for one. For other GPUs, make a `BatchCompute` and use `on`.
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * pipeline.addJob('Train', { image, compute: JobCompute.gpu({ gpus: 1, vcpus: 8, memory: Size.gibibytes(30) }), timeout: Duration.hours(6) });
   *
   * @see https://docs.aws.amazon.com/batch/latest/userguide/gpu-jobs.html
   */
  public static gpu(options: JobGpuOptions): JobCompute {
    checkInstanceSize(options.vcpus, options.memory, options.gpus, options.sharedMemory);
    return new JobCompute({
      platform: 'EC2', ...options, architecture: ecs.CpuArchitecture.X86_64, sharedMemory: options.sharedMemory ?? half(options.memory),
    });
  }

  /**
   * Compute that several pipelines share, or that has what the pipeline's own has not: other instance types, warm instances, Reserved Instances.
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * const memory = new BatchCompute(this, 'Memory', { cluster, capacity: BatchCapacity.ec2({ instanceTypes: ['r7i'] }) });
   * pipeline.addJob('Join', { image, compute: JobCompute.on(memory, { vcpus: 8, memory: Size.gibibytes(60) }) });
   */
  public static on(compute: IBatchCompute, options: JobOnOptions): JobCompute {
    const { platform, arm } = compute._lane;
    checkShare(compute._lane.shares, options);
    const { gpus = 0, architecture, sharedMemory } = options;
    if (platform === 'FARGATE') {
      if (options.gpus !== undefined || sharedMemory !== undefined) {
        fail(undefined, "'gpus' and 'sharedMemory' need instances, got compute on Fargate; make a BatchCompute with BatchCapacity.gpu or BatchCapacity.ec2");
      }
      return new JobCompute({ ...JobCompute.fargate(options)._bind(), on: compute, priority: priorityIn(compute._lane.shares, options) });
    }
    checkInstanceSize(options.vcpus, options.memory, options.gpus, sharedMemory);
    const ofCompute = arm === true ? ecs.CpuArchitecture.ARM64 : ecs.CpuArchitecture.X86_64;
    if (architecture !== undefined && architecture !== ofCompute) {
      fail(undefined, `'architecture' must be that of the compute, which is ${ofCompute._cpuArchitecture}, got ${architecture._cpuArchitecture}; omit it, or use other compute`);
    }
    return new JobCompute({
      ...options,
      platform,
      gpus,
      architecture: ofCompute,
      on: compute,
      priority: priorityIn(compute._lane.shares, options),
      sharedMemory: sharedMemory ?? (gpus === 0 ? undefined : half(options.memory)),
    });
  }

  private constructor(private readonly config: JobComputeConfig) {
  }

  /** @internal */
  public _bind(): JobComputeConfig {
    return this.config;
  }
}

function instanceConfig(options: JobInstanceOptions): JobComputeConfig {
  checkInstanceSize(options.vcpus, options.memory, undefined, options.sharedMemory);
  return { platform: 'EC2', gpus: 0, ...options, architecture: options.architecture ?? ecs.CpuArchitecture.X86_64 };
}

function checkFargateSize(vcpus: number, memory: Size): void {
  if (Token.isUnresolved(vcpus)) return;
  const memoryMiB = memory.isUnresolved() ? undefined : memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  const problem = vcpusProblem(vcpus) ?? (memoryMiB === undefined ? undefined : memoryProblem(vcpus, memoryMiB));
  if (problem !== undefined) fail(undefined, problem);
}

/** Docker gives 64 MiB, which is not enough for processes that hand batches of data to each other. */
function half(memory: Size): Size | undefined {
  return memory.isUnresolved() ? undefined : Size.mebibytes(Math.floor(memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE }) / 2));
}
