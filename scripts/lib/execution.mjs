import { setTimeout as sleep } from 'node:timers/promises';
import { stepsOf } from './execution-history.mjs';
import { Problem } from './problem.mjs';

const POLL_MS = { local: 300, real: 5_000 };

/**
 * @typedef {object} Execution
 * @property {string} arn
 * @property {string} name
 * @property {string} status
 * @property {import('./execution-history.mjs').Step[]} steps
 */

/**
 * Starts a state machine and follows its execution to the end.
 *
 * @param {import('./clients.mjs').Aws} aws
 * @param {{ stateMachineArn: string, name: string, timeoutMs: number, tell: (news: string) => void }} options
 * @returns {Promise<Execution>}
 */
export async function runStateMachine(aws, { stateMachineArn, name, timeoutMs, tell }) {
  const { executionArn } = await aws.call('sfn', 'StartExecution', { stateMachineArn, name, input: '{}' });
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    // Asked in this order: the history read after the end is the whole history.
    const { status } = await aws.call('sfn', 'DescribeExecution', { executionArn });
    const steps = stepsOf(await history(aws, executionArn));
    if (status !== 'RUNNING') return { arn: executionArn, name, status, steps };
    tell(steps.map((step) => `${step.name} ${step.status.toLowerCase()}`).join(', '));
    if (Date.now() > deadline) throw new Problem(`The execution ${executionArn} has not ended within ${timeoutMs / 1000} seconds.`);
    await sleep(POLL_MS[aws.target.kind]);
  }
}

async function history(aws, executionArn) {
  const events = [];
  let nextToken;
  do {
    const page = await aws.call('sfn', 'GetExecutionHistory', { executionArn, nextToken });
    events.push(...page.events);
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return events;
}

/**
 * What Batch tells of a job: an array job with its children.
 *
 * @typedef {object} JobRecord
 * @property {string} status
 * @property {number} children how many jobs ran: 1 for a job that is no array
 * @property {number} attempts of all children together
 */

/**
 * @param {import('./clients.mjs').Aws} aws
 * @param {string} jobId
 * @returns {Promise<JobRecord>}
 */
export async function describeJob(aws, jobId) {
  const { jobs: [job] } = await aws.call('batch', 'DescribeJobs', { jobs: [jobId] });
  if (job === undefined) throw new Problem(`Batch does not know the job ${jobId} that the state machine has submitted.`);
  const size = job.arrayProperties?.size;
  if (size === undefined) return { status: job.status, children: 1, attempts: job.attempts?.length ?? 0 };
  const ids = Array.from({ length: size }, (_, index) => `${jobId}:${index}`);
  let attempts = 0;
  for (let first = 0; first < ids.length; first += 100) { // DescribeJobs takes up to 100 ids
    const { jobs } = await aws.call('batch', 'DescribeJobs', { jobs: ids.slice(first, first + 100) });
    attempts += jobs.reduce((sum, child) => sum + (child.attempts?.length ?? 0), 0);
  }
  return { status: job.status, children: size, attempts };
}
