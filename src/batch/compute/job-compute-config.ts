import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Size } from 'aws-cdk-lib/core';
import type { IBatchCompute } from './ibatch-compute';
import type { JobSpot } from './job-spot';

/** What a job asks for. */
export interface JobComputeConfig {
  readonly platform: string;
  /** Of one item, where the job is fanned out. */
  readonly vcpus: number;
  readonly memory: Size;
  /** 0 for none. */
  readonly gpus: number;
  /** Absent where the compute says it. */
  readonly architecture?: ecs.CpuArchitecture;
  readonly sharedMemory?: Size;
  readonly spot?: JobSpot;
  /** Absent where the pipeline has compute of its own for it. */
  readonly on?: IBatchCompute;
  readonly share?: string;
  readonly priority?: number;
  /** Why a rule has chosen instances. */
  readonly reason?: string;
}
