/** The pipeline of a job, as events of the job tell it: several pipelines may share a queue. */
export const PIPELINE_PARAMETER = 'pipeline';

/** Said of a job that goes on elsewhere when its capacity is taken away: that is no failure then. */
export const ON_LOSS_PARAMETER = 'onLoss';
export const ON_DEMAND = 'onDemand';

/** What is told of a job beside its queue; undefined where the queue tells all: one of the pipeline's own, on demand. */
export function jobParameters(pipeline: string, props: { readonly spot: boolean; readonly shared: boolean; readonly escalates: boolean }):
Record<string, string> | undefined {
  if (!props.spot && !props.shared) return undefined;
  return { [PIPELINE_PARAMETER]: pipeline, ...(props.spot && props.escalates ? { [ON_LOSS_PARAMETER]: ON_DEMAND } : {}) };
}
