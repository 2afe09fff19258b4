import type { Artifacts } from './artifacts';
import type { JobCondition } from './job-condition';
import type { JobOutput } from './job-output';
import { type FlowCondition, REDRIVES, resultPath } from './machine/flow-job';

/** A result is a few numbers and words. The range bounds what is read: the state and all that it hands on have 256 KiB together. */
const MOST_BYTES = 32 * 1024;

/** A condition, as the state machine needs it: what it reads, and the rules on it. */
export function flowCondition({ _parts: { outputs, valid, rule } }: JobCondition, artifacts: Artifacts, partition: string): FlowCondition {
  const pathOf = (output: JobOutput) => `${resultPath(outputs.findIndex((other) => other._path === output._path))}.value`;
  const rules = new Map(valid.map((each) => each(pathOf)).map((each) => [JSON.stringify(each), each]));
  return {
    producers: [...new Set(outputs.map((output) => output.job.node.id))],
    reads: outputs.map((output, index) => ({ name: output._path, task: readState(output, index, artifacts, partition) })),
    valid: [...rules.values()],
    rule: rule(pathOf),
  };
}

/** How often the execution had been redriven is noted, so that a redrive can tell that it has to read again. */
function readState(output: JobOutput, index: number, artifacts: Artifacts, partition: string): object {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:s3:getObject`,
    Parameters: { 'Bucket': artifacts.bucket.bucketName, 'Key.$': artifacts.key(output, '$$.Execution.Name'), 'Range': `bytes=0-${MOST_BYTES - 1}` },
    ResultSelector: { 'value.$': 'States.StringToJson($.Body)', 'redrives.$': REDRIVES },
    ResultPath: resultPath(index),
    Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2, JitterStrategy: 'FULL' }],
  };
}
