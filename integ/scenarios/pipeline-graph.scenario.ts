import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import { ended, PATIENCE } from './executions';
import type { Scenario, Steps } from './scenario';
import { eventually, until } from './waiting';
import { AfterSkipped, type BatchJob, ClusterProfile, EcsBatchPipeline, type EcsBatchPipelineProps, FargateCluster, OnJobFailure } from '../../src';

const LOOK_AT = 'the history of the execution, and the log of its jobs';

/** A diamond; an N; conditions both ways; a job that fails beside one that takes long, which is stopped or let finish, and a redrive. */
export const scenario: Scenario = {
  stack: 'ScenarioPipelineGraph',

  declare(app: App): void {
    const stack = new Stack(app, 'ScenarioPipelineGraph');
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/pipeline'));
    const pipeline = (id: string, props: Partial<EcsBatchPipelineProps> = {}) => {
      const created = new EcsBatchPipeline(stack, id, { cluster, ...props });
      new CfnOutput(stack, `${id}Machine`, { value: created.stateMachine.stateMachineArn });
      new CfnOutput(stack, `${id}Queue`, { value: created.jobQueue.attrJobQueueArn });
      return { created, add: adder(created, image) };
    };
    const outputPlace = (id: string, created: EcsBatchPipeline) => {
      new CfnOutput(stack, `${id}Bucket`, { value: created.artifactBucket.bucketName });
      new CfnOutput(stack, `${id}Prefix`, { value: created.artifactPrefix });
    };

    const shapes = pipeline('Graphs');
    const top = shapes.add('Top', []);
    shapes.add('Bottom', [shapes.add('Left', [top]), shapes.add('Right', [top])]);
    const [a, b] = [shapes.add('A', []), shapes.add('B', [])];
    shapes.add('C', [a, b]);
    shapes.add('D', [b]);
    outputPlace('Graphs', shapes.created);

    const conditions = pipeline('Conditions');
    declareConditions(conditions.created, image);
    outputPlace('Conditions', conditions.created);

    for (const [id, onJobFailure] of [['Stop', undefined], ['Finish', OnJobFailure.FINISH_OTHERS]] as const) {
      const { created, add } = pipeline(id, { onJobFailure });
      const first = add('First', []);
      const broken = add('Broken', [first], { FAIL: 'yes' });
      add('Last', [add('Behind', [broken]), add('Long', [first], { HOLD: 'yes' })]);
      outputPlace(id, created);
    }
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('last');
    await graphs(steps, outputs);
    await Promise.all([
      condition(steps, outputs, 'good', ['Publish', 'Announce', 'Report']),
      condition(steps, outputs, 'bad', ['Retrain', 'Report']),
      unclear(steps, outputs),
    ]);
    await Promise.all([stop(steps, outputs), finish(steps, outputs)]);
  },
};

function adder(pipeline: EcsBatchPipeline, image: ecs.ContainerImage) {
  return (id: string, after: BatchJob[], environment: Record<string, string> = {}) => (
    pipeline.addJob(id, { image, command: ['run'], outputs: ['runs'], after, environment }));
}

/** Publish and Announce if the score is good, Retrain if it is not, Report after either. */
function declareConditions(pipeline: EcsBatchPipeline, image: ecs.ContainerImage): void {
  const score = pipeline.addJob('Score', { image, command: ['score'], outputs: ['metrics'] });
  const accuracy = score.output('metrics').value('accuracy');
  const run = { image, command: ['run'], outputs: ['runs'] };
  const publish = pipeline.addJob('Publish', { ...run, when: accuracy.isAtLeast(0.9) });
  pipeline.addJob('Announce', { ...run, after: [publish] });
  const retrain = pipeline.addJob('Retrain', { ...run, when: accuracy.isLessThan(0.9) });
  pipeline.addJob('Report', { ...run, after: [publish, retrain], afterSkipped: AfterSkipped.RUN_UNLESS_ALL_SKIPPED });
}

type Outputs = Record<string, string>;

function start(steps: Steps, outputs: Outputs, id: string, name: string): Promise<any> {
  return steps.call('sfn', 'StartExecution', { stateMachineArn: outputs[`${id}Machine`], name });
}

/** The notes of all jobs of an execution: when each run began and ended. */
async function notesOf(steps: Steps, outputs: Outputs, id: string, name: string): Promise<{ job: string; what: string; at: number }[]> {
  const [Bucket, Prefix] = [outputs[`${id}Bucket`], `${outputs[`${id}Prefix`]}/${name}/`];
  const { Contents = [] } = await steps.call('s3', 'ListObjectsV2', { Bucket, Prefix });
  const keys: string[] = Contents.map((found: any) => found.Key).filter((key: string) => /\/(began|ended)-[0-9a-f]+$/.test(key));
  return Promise.all(keys.map(async (key) => {
    const { Body } = await steps.call('s3', 'GetObject', { Bucket, Key: key });
    const [job, , note] = key.slice(Prefix.length).split('/');
    return { job, what: note.split('-')[0], at: Number(await Body.transformToString()) };
  }));
}

/** How often each job began, as in `A 1, B 2`. */
async function runsOf(steps: Steps, outputs: Outputs, id: string, name: string): Promise<string> {
  const began = (await notesOf(steps, outputs, id, name)).filter((note) => note.what === 'began').map((note) => note.job).sort();
  return [...new Set(began)].map((job) => `${job} ${began.filter((other) => other === job).length}`).join(', ');
}

async function put(steps: Steps, outputs: Outputs, id: string, name: string, key: string, Body = 'yes'): Promise<void> {
  await steps.call('s3', 'PutObject', { Bucket: outputs[`${id}Bucket`], Key: `${outputs[`${id}Prefix`]}/${name}/${key}`, Body });
}

async function graphs(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Graphs', 'once');
  steps.checks.equal('a diamond and an N beside each other succeed', (await ended(steps, executionArn)).status, 'SUCCEEDED', LOOK_AT);
  const notes = await notesOf(steps, outputs, 'Graphs', 'once');
  const at = (job: string, what: string) => notes.find((note) => note.job === job && note.what === what)!.at;
  for (const [earlier, later] of [['Top', 'Left'], ['Top', 'Right'], ['Left', 'Bottom'], ['Right', 'Bottom'], ['A', 'C'], ['B', 'C'], ['B', 'D'], ['A', 'D']]) {
    steps.checks.equal(`${later} begins once ${earlier} has ended`, at(later, 'began') >= at(earlier, 'ended'), true, LOOK_AT);
  }
  steps.checks.equal('each job has run once', await runsOf(steps, outputs, 'Graphs', 'once'), 'A 1, B 1, Bottom 1, C 1, D 1, Left 1, Right 1, Top 1', LOOK_AT);
}

async function condition(steps: Steps, outputs: Outputs, name: string, expected: string[]): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Conditions', name);
  steps.checks.equal(`an execution with a ${name} score succeeds`, (await ended(steps, executionArn)).status, 'SUCCEEDED', LOOK_AT);
  const runs = expected.sort().map((job) => `${job} 1`).join(', ');
  steps.checks.equal(`with a ${name} score, what runs is ${expected.join(', ')}`, await runsOf(steps, outputs, 'Conditions', name), runs, LOOK_AT);
}

/** A value of another type than the condition's: nothing is skipped by mistake. */
async function unclear(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Conditions', 'unclear');
  const failed = await ended(steps, executionArn);
  steps.checks.equal('an unclear score fails the execution', [failed.status, failed.error], ['FAILED', 'States.NoChoiceMatched'], LOOK_AT);
  await put(steps, outputs, 'Conditions', 'unclear', 'Score/metrics', '{"accuracy": 0.1}');
  await steps.call('sfn', 'RedriveExecution', { executionArn });
  steps.checks.equal('it succeeds once the score is put right', (await ended(steps, executionArn)).status, 'SUCCEEDED', LOOK_AT);
  steps.checks.equal('then the score counts', await runsOf(steps, outputs, 'Conditions', 'unclear'), 'Report 1, Retrain 1', LOOK_AT);
}

async function stop(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Stop', 'once');
  const failed = await ended(steps, executionArn);
  steps.checks.equal('a failed job ends the execution', [failed.status, failed.redriveStatus], ['FAILED', 'REDRIVABLE'], LOOK_AT);
  const jobs = await until('two jobs fail', async () => {
    const found = await jobsOf(steps, outputs.StopQueue, 'FAILED');
    return found.length === 2 ? found : undefined;
  }, PATIENCE);
  steps.checks.equal('the long job beside it is stopped', jobs, ['Broken', 'Long'], LOOK_AT);
  await repair(steps, outputs, 'Stop', executionArn);
  steps.checks.equal('a redrive repeats what failed and what was stopped', await runsOf(steps, outputs, 'Stop', 'once'),
    'Behind 1, Broken 2, First 1, Last 1, Long 2', LOOK_AT);
}

async function finish(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Finish', 'once');
  await eventually('a job fails', async () => (await jobsOf(steps, outputs.FinishQueue, 'FAILED')).length === 1, PATIENCE);
  const [long] = await until('a job runs', async () => {
    const found = await jobsOf(steps, outputs.FinishQueue, 'RUNNING');
    return found.length > 0 ? found : undefined;
  }, PATIENCE);
  const { status } = await steps.call('sfn', 'DescribeExecution', { executionArn });
  steps.checks.equal('the long job goes on beside a failed one', [long, status], ['Long', 'RUNNING'], LOOK_AT);
  await put(steps, outputs, 'Finish', 'once', 'Long/runs/release');
  const failed = await ended(steps, executionArn);
  steps.checks.equal('then the execution fails', [failed.status, failed.redriveStatus], ['FAILED', 'REDRIVABLE'], LOOK_AT);
  steps.checks.equal('what waits for the failed job has not begun', await runsOf(steps, outputs, 'Finish', 'once'), 'Broken 1, First 1, Long 1', LOOK_AT);
  await repair(steps, outputs, 'Finish', executionArn);
  steps.checks.equal('a redrive repeats just what failed', await runsOf(steps, outputs, 'Finish', 'once'),
    'Behind 1, Broken 2, First 1, Last 1, Long 1', LOOK_AT);
}

async function repair(steps: Steps, outputs: Outputs, id: string, executionArn: string): Promise<void> {
  await put(steps, outputs, id, 'once', 'Broken/runs/repaired');
  await put(steps, outputs, id, 'once', 'Long/runs/release');
  await steps.call('sfn', 'RedriveExecution', { executionArn });
  steps.checks.equal(`${id}: the redriven execution succeeds`, (await ended(steps, executionArn)).status, 'SUCCEEDED', LOOK_AT);
}

async function jobsOf(steps: Steps, jobQueue: string, jobStatus: string): Promise<string[]> {
  const { jobSummaryList } = await steps.call('batch', 'ListJobs', { jobQueue, jobStatus });
  return jobSummaryList.map((job: any) => job.jobName).sort();
}
