import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeJob, runStateMachine } from '../lib/execution.mjs';

/** A real Fargate job takes a minute to start; a local one a second. */
const TIMEOUT_MS = { local: 5 * 60_000, real: 30 * 60_000 };

/** What the pipeline must make of examples/shop/data/diamonds.csv: 4150 rows, 4 of them without a size. */
const SOUND_ROWS = 4146;
const LEAST_R2 = 0.9;
const SHARDS = 4;

/**
 * @typedef {object} PipelineResult
 * @property {import('../lib/execution.mjs').Execution} execution
 * @property {(import('../lib/execution-history.mjs').Step & import('../lib/execution.mjs').JobRecord)[]} steps
 * @property {string} prefix where the results lie in the bucket
 */

/**
 * What Train writes: of the diamonds that it has not seen, how much of the prices it explains and by how many dollars it errs.
 *
 * @typedef {{ rows: number, trainRows: number, testRows: number, r2: number, mae: number }} Metrics
 */

/**
 * Runs the pipeline and checks that each step ran as often as it should.
 *
 * @param {import('../lib/clients.mjs').Aws} aws
 * @param {Record<string, string>} outputs
 * @param {{ checks: import('../lib/checks.mjs').Checks, log: string }} judge `log`: the file to which the jobs' output is saved
 * @param {(news: string) => void} tell
 * @returns {Promise<PipelineResult>}
 */
export async function exercisePipeline(aws, outputs, { checks, log }, tell) {
  const execution = await runStateMachine(aws, {
    stateMachineArn: outputs.StateMachineArn, name: `demo-${Date.now()}`, timeoutMs: TIMEOUT_MS[aws.target.kind], tell,
  });
  const causes = execution.steps.filter(({ cause }) => cause).map(({ name, cause }) => `, ${name}: ${reasonOf(cause)}`);
  checks.equal('the execution succeeds', execution.status + causes.join(''), 'SUCCEEDED', log);
  checks.equal('the steps run one after the other', execution.steps.map(({ name }) => name), ['Extract', 'Clean', 'Train'], log);

  const steps = await Promise.all(execution.steps.map(async (step) => (
    step.jobId === undefined ? { ...step, children: 0, attempts: 0 } : { ...step, ...await describeJob(aws, step.jobId), status: step.status }
  )));
  checks.equal('each step is one job, and Clean four side by side', steps.map(({ children }) => children), [1, SHARDS, 1], log);
  checks.equal('every one of these jobs ran', steps.map(({ attempts, children }) => attempts >= children), [true, true, true], log);
  return { execution, steps, prefix: `${outputs.ResultsPrefix}/${execution.name}/` };
}

/** The cause of a failed job is all that Batch knows of it, as JSON: of that, the sentence. */
function reasonOf(cause) {
  try {
    return JSON.parse(cause).StatusReason ?? cause;
  } catch {
    return cause;
  }
}

/**
 * Reads the results back from S3, checks them, and keeps a copy beside the logs of the run.
 *
 * @param {import('../lib/clients.mjs').Aws} aws
 * @param {{ bucket: string, prefix: string, folder: string }} place
 * @param {import('../lib/checks.mjs').Checks} checks
 * @returns {Promise<Metrics | undefined>} undefined where the pipeline wrote none
 */
export async function readResults(aws, { bucket, prefix, folder }, checks) {
  const where = `s3://${bucket}/${prefix}`;
  const { Contents: contents = [] } = await aws.call('s3', 'ListObjectsV2', { Bucket: bucket, Prefix: prefix });
  const shards = Array.from({ length: SHARDS }, (_, index) => index);
  checks.equal('the pipeline writes its files', contents.map(({ Key }) => Key.slice(prefix.length)).sort(),
    [
      ...shards.map((shard) => `Clean/clean/${shard}.csv`), ...shards.map((shard) => `Extract/raw/${shard}.csv`),
      'Train/model/metrics.json', 'Train/model/model.json',
    ], where);

  const files = {};
  for (const name of ['metrics.json', 'model.json']) {
    const key = `${prefix}Train/model/${name}`;
    if (!contents.some(({ Key }) => Key === key)) return undefined;
    const { Body } = await aws.call('s3', 'GetObject', { Bucket: bucket, Key: key });
    files[name] = await Body.transformToString();
    writeFileSync(join(folder, name), files[name]);
  }
  const metrics = JSON.parse(files['metrics.json']);
  checks.equal('the model is made of all sound rows of the data', metrics.rows, SOUND_ROWS, where);
  checks.atLeast('the model explains the prices (r2)', metrics.r2, LEAST_R2, where);
  return metrics;
}
