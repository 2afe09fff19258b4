import { Stack } from 'aws-cdk-lib/core';
import type { Artifacts } from './artifacts';
import type { BatchJob } from './batch-job';
import { flowCondition } from './condition-reads';
import { type ItemFanOut, renderItemSource } from './item-source';
import { uriVariable } from './job-data-names';
import { EXECUTION_VARIABLE, ITEM_VARIABLE } from './job-environment';
import type { FlowJob } from './machine/flow-job';
import { PARAMETERS_PATH } from './machine/parameter-states';
import { parameterVariable, type PipelineParameters } from './pipeline-parameters';
import { mapState, submitJobState } from './submit-job-state';

/** What the states of all jobs of a pipeline have in common. */
interface JobStateSurroundings {
  readonly jobQueueArn: string;
  readonly maxVcpus: number;
  readonly artifacts: Artifacts;
  readonly parameters: PipelineParameters;
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

function taskState(job: BatchJob, { jobQueueArn, maxVcpus, artifacts, parameters }: JobStateSurroundings, execution: string, item?: string): object {
  const { fanOut, ...submission } = job._submission;
  const outputs = job._outputs.map((output): [string, string] => [uriVariable('OUTPUT', output.name), artifacts.uri(output, execution)]);
  const inputs = Object.entries(job._inputs).map(([name, input]): [string, string] => [uriVariable('INPUT', name), artifacts.uri(input, execution)]);
  return submitJobState({
    partition: Stack.of(job).partition,
    jobName: job.node.id,
    jobQueueArn,
    jobDefinitionArn: job.jobDefinitionArn,
    environment: {
      [EXECUTION_VARIABLE]: execution,
      ...(item === undefined ? {} : { [ITEM_VARIABLE]: item }),
      ...Object.fromEntries([...outputs, ...inputs]),
      ...parameters.paths(parameterVariable),
    },
    parameters: parameters.paths((name) => name),
    arraySize: fanOut?._size,
    maxVcpus,
    ...submission,
  });
}

function itemsState(job: BatchJob, { source, ...limits }: ItemFanOut, surroundings: JobStateSurroundings): object {
  const { reader, item } = renderItemSource(source, surroundings.artifacts, Stack.of(job).partition);
  return mapState(taskState(job, surroundings, EXECUTION_OF_ITEM, ITEM), {
    itemStateName: `${job.node.id} item`,
    reader,
    selector: { execution: EXECUTION, item, ...(surroundings.parameters.isEmpty ? {} : { parameters: PARAMETERS_PATH }) },
    ...limits,
  });
}
