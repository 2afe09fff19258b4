/** Options of `EcsBatchPipelineProps.ceiling`: what an execution may use at worst. */
export interface PipelineCeiling {
  /**
   * vCPUs times hours, above 0.
   *
   * @default - no ceiling
   */
  readonly vcpuHours?: number;

  /**
   * GPUs times hours, 0 or more.
   *
   * @default - no ceiling
   */
  readonly gpuHours?: number;
}

/** What an execution of a pipeline uses at worst, as `EcsBatchPipeline.estimate` tells. */
export interface PipelineEstimate {
  /** vCPUs times hours: each job for as long as it may take, as often as it may be tried, with all its items. */
  readonly vcpuHours: number;

  /** GPUs times hours, likewise. */
  readonly gpuHours: number;

  /** The jobs that are not counted, since nobody knows how many items they have, or since their size or time is only known at deployment. */
  readonly uncountedJobs: string[];
}
