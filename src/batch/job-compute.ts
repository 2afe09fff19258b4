import type * as batch from 'aws-cdk-lib/aws-batch';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Size, SizeRoundingBehavior, Token, Tokenization } from 'aws-cdk-lib/core';
import { memoryProblem, vcpusProblem } from './fargate-job-size';
import { fail } from '../private/fail';

/** Options of `JobCompute.size`. */
export interface JobSizeOptions {
  /**
   * The number of virtual CPUs: 0.25, 0.5, 1, 2, 4, 8 or 16.
   *
   * These are vCPUs, not the CPU units of ECS, of which 1024 make one vCPU.
   */
  readonly vcpus: number;

  /**
   * The memory, in one of the amounts that Fargate offers beside the number of vCPUs.
   *
   * A process that needs more is killed, with exit code 137.
   */
  readonly memory: Size;

  /**
   * The processor that the image is built for.
   *
   * ARM64 (AWS Graviton) costs about a fifth less. The jobs of a pipeline may differ in it.
   *
   * @default ecs.CpuArchitecture.X86_64
   * @see https://docs.aws.amazon.com/batch/latest/userguide/fargate-multi-architecture.html
   */
  readonly architecture?: ecs.CpuArchitecture;
}

/** What a job asks of the compute environment, as the job definition says it. */
interface JobComputeConfig {
  /** Of one item, where the job is fanned out. */
  readonly vcpus: number;
  readonly platform: string;
  readonly resourceRequirements: batch.CfnJobDefinition.ResourceRequirementProperty[];
  readonly runtimePlatform: batch.CfnJobDefinition.RuntimePlatformProperty;
}

/**
 * What a job runs on.
 *
 * A value holds no state: one may serve several jobs.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/fargate.html
 */
export class JobCompute {
  /**
   * So many vCPUs and so much memory, on Fargate.
   *
   * Charged by the second while the job runs, one minute at least. Fargate offers 0.25, 0.5, 1, 2, 4, 8 and 16 vCPUs, each with a range of memory; a
   * size that it does not offer is an error that names the nearest one that holds what was asked for. Creates nothing.
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
    const { vcpus, memory, architecture = ecs.CpuArchitecture.X86_64 } = options;
    if (!Token.isUnresolved(vcpus)) {
      const memoryMiB = memory.isUnresolved() ? undefined : memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
      const problem = vcpusProblem(vcpus) ?? (memoryMiB === undefined ? undefined : memoryProblem(vcpus, memoryMiB));
      if (problem !== undefined) fail(undefined, problem);
    }
    return new JobCompute(vcpus, memory, architecture);
  }

  private constructor(private readonly vcpus: number, private readonly memory: Size, private readonly architecture: ecs.CpuArchitecture) {
  }

  /** @internal */
  public _bind(): JobComputeConfig {
    return {
      vcpus: this.vcpus,
      platform: 'FARGATE',
      resourceRequirements: [
        { type: 'VCPU', value: Tokenization.stringifyNumber(this.vcpus) },
        { type: 'MEMORY', value: Tokenization.stringifyNumber(this.memory.toMebibytes()) },
      ],
      runtimePlatform: { cpuArchitecture: this.architecture._cpuArchitecture, operatingSystemFamily: 'LINUX' },
    };
  }
}
