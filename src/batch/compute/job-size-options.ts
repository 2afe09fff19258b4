import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Size } from 'aws-cdk-lib/core';
import type { JobSpot } from './job-spot';

/** Options of `JobCompute.size` and `JobCompute.fargate`. */
export interface JobSizeOptions {
  /**
   * The number of virtual CPUs: on Fargate 0.25, 0.5, 1, 2, 4, 8 or 16, on instances whole numbers.
   *
   * These are vCPUs, not the CPU units of ECS, of which 1024 make one vCPU.
   */
  readonly vcpus: number;

  /**
   * The memory: on Fargate, one of the amounts that it offers beside the number of vCPUs.
   *
   * A process that needs more is killed, with exit code 137. An instance has less for jobs than it has by name: 30 GiB of 32.
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

  /**
   * Spare capacity, which costs less and may be taken away.
   *
   * @default - on demand
   */
  readonly spot?: JobSpot;
}

/** Options of `JobCompute.ec2`. */
export interface JobInstanceOptions extends JobSizeOptions {
  /**
   * How much of its memory the job may use as shared memory, `/dev/shm`, in whole MiB.
   *
   * Under the hood, this is `SharedMemorySize`.
   *
   * @default - 64 MiB
   */
  readonly sharedMemory?: Size;
}

/** Options of `JobCompute.gpu`. */
export interface JobGpuOptions {
  /** The number of NVIDIA GPUs, 1 or more. A job has them for itself. */
  readonly gpus: number;

  /** The number of virtual CPUs, a whole number: 4 a GPU on the smallest instances. */
  readonly vcpus: number;

  /** The memory. An instance has less for jobs than it has by name: 14 GiB of 16. */
  readonly memory: Size;

  /**
   * How much of its memory the job may use as shared memory, `/dev/shm`, in whole MiB: for processes that load data beside the one that trains.
   *
   * Under the hood, this is `SharedMemorySize`.
   *
   * @default - half of the memory
   */
  readonly sharedMemory?: Size;

  /**
   * Spare capacity, which costs less and may be taken away.
   *
   * @default - on demand
   */
  readonly spot?: JobSpot;
}

/** Options of `JobCompute.on`. */
export interface JobOnOptions {
  /** The number of virtual CPUs: on Fargate 0.25, 0.5, 1, 2, 4, 8 or 16, on instances whole numbers. */
  readonly vcpus: number;

  /** The memory: on Fargate, one of the amounts that it offers beside the number of vCPUs. */
  readonly memory: Size;

  /**
   * The number of NVIDIA GPUs.
   *
   * @default 0
   */
  readonly gpus?: number;

  /**
   * The processor that the image is built for, on Fargate. Instances have the one that they have.
   *
   * @default - x86 on Fargate, that of the compute with instances
   */
  readonly architecture?: ecs.CpuArchitecture;

  /**
   * How much of its memory the job may use as shared memory, `/dev/shm`. With instances only.
   *
   * @default - half of the memory with GPUs, else 64 MiB
   */
  readonly sharedMemory?: Size;

  /**
   * The share that the job counts for, where the queue is fair.
   *
   * Under the hood, this is `ShareIdentifier` of each submission.
   *
   * @default - none, which is an error where the queue is fair
   */
  readonly share?: string;

  /**
   * Which jobs of a share go first, 0 to 9999: higher ones. Where the queue is fair.
   *
   * Under the hood, this is `SchedulingPriority` of the job definition.
   *
   * @default 0
   */
  readonly priority?: number;

  /**
   * Spare capacity, which costs less and may be taken away.
   *
   * @default - on demand
   */
  readonly spot?: JobSpot;
}
