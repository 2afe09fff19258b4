import type { Construct } from 'constructs';
import type { BatchJob } from './batch-job';
import type { JobOptions } from './job-options';
import { outputsReadBy } from './job-reads';
import { OnJobFailure } from './on-job-failure';
import { fail, show } from '../private/fail';
import { warn, WarningId } from '../private/warnings';

/** Rejects jobs of another pipeline: `jobs` are those of this one. */
export function checkOwnJobs(pipeline: Construct, id: string, options: JobOptions, jobs: BatchJob[]): void {
  const { after = [], when } = options;
  const stranger = [...after, ...outputsReadBy(options).map((output) => output.job)].find((job) => !jobs.includes(job));
  if (stranger === undefined) return;
  const prop = after.includes(stranger) ? 'after' : when?._parts.outputs.some((output) => output.job === stranger) ? 'when' : 'inputs';
  fail(pipeline, `'${prop}' of ${show(id)} must name jobs of the same pipeline, got ${stranger.node.path}; `
    + 'add that job here, or start one pipeline from the other');
}

/** Each result may have 32 KiB, all that a state holds 256 KiB. */
const MOST_RESULTS = 4;

/** Rejects conditions on what is not one small object. */
export function checkCondition(pipeline: Construct, id: string, { when }: JobOptions): void {
  const outputs = when?._parts.outputs ?? [];
  if (outputs.length > MOST_RESULTS) {
    fail(pipeline, `'when' of ${show(id)} must be about at most ${MOST_RESULTS} outputs, got ${outputs.length}; let one job bring the values together`);
  }
  const many = outputs.find((output) => output.job._submission.fanOut !== undefined);
  if (many !== undefined) {
    fail(pipeline, `'when' of ${show(id)} must be about outputs of jobs that are done once, got ${many.job.node.id}, which has a fan-out; `
      + 'its items would overwrite each other: let a job behind it sum them up');
  }
}

/** Warns where a redrive does not go on item by item. */
export function warnOfItems(job: BatchJob, onJobFailure?: OnJobFailure): void {
  if (onJobFailure !== OnJobFailure.FINISH_OTHERS || job._submission.fanOut?._items === undefined) return;
  warn(job, WarningId.ITEMS_DONE_AGAIN, "the pipeline lets other jobs finish when one has failed ('onJobFailure'), for which the failure of this fan-out is caught: "
    + 'a redrive does all of its items again, those that succeeded too');
}

/** AWS takes no longer definition. Tokens count as they are written here, which is about the length of the ARNs that they stand for. */
const LONGEST_DEFINITION = 1_048_576;

/** What is wrong with a definition of so many characters. */
export function definitionProblems(pipeline: Construct, length: number, jobs: number): string[] {
  if (length <= LONGEST_DEFINITION) return [];
  return [`the state machine of 'addJob' must have at most ${LONGEST_DEFINITION} characters, got ${length} for ${jobs} jobs; `
    + `make a pipeline of its own of a part of them, and start it from the other (at ${pipeline.node.path})`];
}
