import { Stack } from 'aws-cdk-lib/core';
import type { Artifacts } from './artifacts';
import type { BatchJob } from './batch-job';
import { jobParameters } from './compute/job-parameters';
import { escalation } from './compute/spot-escalation';
import { flowCondition } from './condition-reads';
import { type ItemFanOut, renderItemSource } from './item-source';
import { uriVariable } from './job-data-names';
import { CHECKPOINT_VARIABLE, EXECUTION_VARIABLE, ITEM_VARIABLE } from './job-environment';
import type { JobTag } from './job-tag';
import type { FlowJob } from './machine/flow-job';
import { PARAMETERS_PATH } from './machine/parameter-states';
import { parameterVariable, type PipelineParameters } from './pipeline-parameters';
import { mapState, submitJobState } from './submit-job-state';

/** What the states of all jobs of a pipeline have in common. */
interface JobStateSurroundings {
  readonly artifacts: Artifacts;
  readonly parameters: PipelineParameters;
  /** The tag of all jobs of the pipeline, whichever queue they wait in. */
  readonly tag: JobTag;
}

/** The name of the execution, where the state machine's own states look for it. */
const EXECUTION = '$$.Execution.Name';

/** An item of a distributed Map is an execution with another name: it finds the name, and what it is about, in its input. */
const EXECUTION_OF_ITEM = '$.execution';
const ITEM = '$.item';

/** A job, as the state machine needs it. */
export function flowJob(job: BatchJob, surroundings: JobStateSurroundings): FlowJob {
  return {
    id: job.node.id,
    after: job._after.map((earlier) => earlier.node.id),
    task: jobState(job, surroundings),
    afterSkipped: job._afterSkipped,
    condition: job._when && flowCondition(job._when, surroundings.artifacts, Stack.of(job).partition),
  };
}

/** The state of a job: a task, or a Map of tasks. */
function jobState(job: BatchJob, surroundings: JobStateSurroundings): object {
  const items = job._submission.fanOut?._items;
  return items === undefined ? taskState(job, surroundings, EXECUTION) : itemsState(job, items, surroundings);
}

/** On Spot, on demand, or on Spot and then on demand. */
function taskState(job: BatchJob, surroundings: JobStateSurroundings, execution: string, item?: string): object {
  const { spot, platform } = job._compute;
  const onDemand = () => submissionState(job, false, surroundings, execution, item);
  const onSpot = () => submissionState(job, true, surroundings, execution, item);
  if (spot === undefined) return onDemand();
  if (!spot._escalates) return onSpot();
  const jobName = item === undefined ? job.node.id : `${job.node.id} item`;
  return escalation({ jobName, platform, onSpot: onSpot(), onDemand: onDemand() });
}

function submissionState(
  job: BatchJob, onSpot: boolean, { artifacts, parameters, tag }: JobStateSurroundings, execution: string, item?: string,
): object {
  const { fanOut, ...submission } = job._submission;
  const { _compute: { spot, on, share }, _lane: lane } = job;
  const outputs = job._outputs.map((output): [string, string] => [uriVariable('OUTPUT', output.name), artifacts.uri(output, execution)]);
  const inputs = Object.entries(job._inputs).map(([name, input]): [string, string] => [uriVariable('INPUT', name), artifacts.uri(input, execution)]);
  return submitJobState({
    partition: Stack.of(job).partition,
    jobName: job.node.id,
    jobQueueArn: onSpot ? lane.spotJobQueueArn : lane.jobQueueArn,
    jobDefinitionArn: job.jobDefinitionArn,
    environment: {
      [EXECUTION_VARIABLE]: execution,
      ...(item === undefined ? {} : { [ITEM_VARIABLE]: item }),
      ...(spot?._checkpoint === true ? { [CHECKPOINT_VARIABLE]: artifacts.checkpointUri(job, execution) } : {}),
      ...Object.fromEntries([...outputs, ...inputs]),
      ...parameters.paths(parameterVariable),
    },
    share,
    notes: jobParameters(job._pipelinePath, { spot: onSpot, shared: on !== undefined, escalates: spot?._escalates === true }),
    parameters: parameters.paths((name) => name),
    arraySize: fanOut?._size,
    tags: { ...job._tags, [tag.key]: tag.value },
    maxVcpus: lane.maxVcpus,
    ...submission,
  });
}

function itemsState(job: BatchJob, { source, ...limits }: ItemFanOut, surroundings: JobStateSurroundings): object {
  const { artifacts } = surroundings;
  const { partition } = Stack.of(job);
  const { reader, item } = renderItemSource(source, artifacts, partition);
  return mapState(taskState(job, surroundings, EXECUTION_OF_ITEM, ITEM), {
    itemStateName: `${job.node.id} item`,
    reader,
    writer: {
      Resource: `arn:${partition}:states:::s3:putObject`,
      Parameters: { 'Bucket': artifacts.bucket.bucketName, 'Prefix.$': artifacts.itemsPrefix(job.node.id, EXECUTION) },
    },
    selector: { execution: EXECUTION, item, ...(surroundings.parameters.isEmpty ? {} : { parameters: PARAMETERS_PATH }) },
    ...limits,
  });
}
