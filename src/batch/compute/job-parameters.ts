/** The pipeline of a job, as events of the job tell it: several pipelines may share a queue. No parameter of a user has a hyphen. */
export const PIPELINE_PARAMETER = 'pipeline-path';

/** Said of a job that goes on elsewhere when its capacity is taken away: that is no failure then. */
export const ON_LOSS_PARAMETER = 'on-loss';
export const ON_DEMAND = 'on-demand';

/** What is told of a job beside its queue; undefined where the queue tells all: one of the pipeline's own, on demand. */
export function jobParameters(pipeline: string, props: { readonly spot: boolean; readonly shared: boolean; readonly escalates: boolean }):
Record<string, string> | undefined {
  if (!props.spot && !props.shared) return undefined;
  return { [PIPELINE_PARAMETER]: pipeline, ...(props.spot && props.escalates ? { [ON_LOSS_PARAMETER]: ON_DEMAND } : {}) };
}
