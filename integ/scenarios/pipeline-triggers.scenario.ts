import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib/core';
import { ended, PATIENCE } from './executions';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import {
  ClusterProfile, EcsBatchPipeline, EcsBatchPipelineProps, FanOut, FargateCluster, PipelineParameter, PipelineTrigger, RunOverlap,
} from '../../src';

const STACK = 'ScenarioPipelineTriggers';
const LOOK_AT = 'the executions of the pipeline, their input and their history';
const NIGHTLY = scheduler.ScheduleExpression.cron({ hour: '2', minute: '30', timeZone: TimeZone.EUROPE_ROME });

type Outputs = Record<string, string>;

/** What starts a pipeline, what it is told, what is refused, executions that overlap, and a redrive, which is told the same again. */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App, phase: string): void {
    const stack = new Stack(app, STACK);
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/pipeline'));
    const outputs: Outputs = {};
    const pipeline = (id: string, props: Partial<EcsBatchPipelineProps> = {}) => {
      const created = new EcsBatchPipeline(stack, id, { cluster, ...props });
      Object.assign(outputs, { [`${id}Machine`]: created.stateMachine.stateMachineArn });
      return created;
    };
    const teller = (id: string, props: Partial<EcsBatchPipelineProps>, environment?: Record<string, string>) => {
      const created = pipeline(id, props);
      const tell = created.addJob('Tell', { image, command: ['tell', 'Ref::source', 'Ref::count'], outputs: ['told'], environment });
      Object.assign(outputs, { [`${id}Bucket`]: created.artifactBucket.bucketName, [`${id}Prefix`]: created.artifactPrefix });
      return { created, tell };
    };
    const uploads = new s3.Bucket(stack, 'Uploads', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    const dead = new sqs.Queue(stack, 'DeadOrders');
    const orders = new sqs.Queue(stack, 'Orders', { deadLetterQueue: { queue: dead, maxReceiveCount: 3 } });

    const { created: etl, tell } = teller('Etl', { parameters: PARAMETERS });
    etl.addJob('Each', { image, command: ['tell', 'each', 'Ref::source'], outputs: ['told'], fanOut: FanOut.outputObjects(tell.output('told')) });
    declareTriggers(etl, { uploads, orders, isLast: phase === 'last' });
    teller('After', { parameters: PARAMETERS, trigger: PipelineTrigger.pipelineEnded(etl, { parameters: { source: events.EventField.fromPath('$.detail.name') } }) });
    teller('Broken', { parameters: PARAMETERS }, { FAIL: 'yes' });

    const alone = pipeline('Skipping', { overlap: RunOverlap.skip() });
    const turns = pipeline('Waiting', { overlap: RunOverlap.wait(Duration.minutes(10)) });
    for (const [id, created] of [['Skipping', alone], ['Waiting', turns]] as const) {
      created.addJob('Hold', { image, command: ['run'], outputs: ['runs'], environment: { HOLD: 'yes' } });
      Object.assign(outputs, { [`${id}Bucket`]: created.artifactBucket.bucketName, [`${id}Prefix`]: created.artifactPrefix });
    }
    pipeline('AfterSkipping', { trigger: PipelineTrigger.pipelineEnded(alone) }).addJob('Tell', { image, command: ['tell'], outputs: ['told'] });

    Object.assign(outputs, { UploadsName: uploads.bucketName, OrdersUrl: orders.queueUrl });
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    await triggers(steps, outputs);
    await Promise.all([atOnce(steps, outputs), refusals(steps, outputs), redrive(steps, outputs), skipping(steps, outputs), waiting(steps, outputs)]);
    await steps.deploy('last');
    await send(steps, outputs, { order: { from: 'shop', count: 4 } });
    await startedWith(steps, outputs, 'a message is read where the updated trigger says', { source: 'shop', count: 4 }, ['shop', '4']);
  },
};

const PARAMETERS = {
  source: PipelineParameter.text({ defaultValue: 'nobody' }),
  count: PipelineParameter.number({ defaultValue: 1, min: 1, max: 9 }),
  mode: PipelineParameter.text({ defaultValue: "some o'clock {daily}", allowedValues: ["some o'clock {daily}", 'full "load"'] }),
  dryRun: PipelineParameter.flag({ defaultValue: false }),
};

function declareTriggers(etl: EcsBatchPipeline, { uploads, orders, isLast }: { uploads: s3.IBucket; orders: sqs.IQueue; isLast: boolean }): void {
  etl.addTrigger('Nightly', PipelineTrigger.schedule(NIGHTLY, { parameters: { source: 'nightly', mode: 'full "load"', dryRun: 'true' } }));
  etl.addTrigger('OnShop', PipelineTrigger.event({ source: ['shop'] }, {
    parameters: { source: events.EventField.fromPath('$.detail.shop'), count: events.EventField.fromPath('$.detail.count') },
  }));
  etl.addTrigger('OnUpload', PipelineTrigger.objectCreated(uploads, {
    prefix: 'in/', suffix: '.csv', parameters: { source: events.EventField.fromPath('$.detail.object.key') },
  }));
  const parameters = isLast ? { source: '<$.body.order.from>', count: '<$.body.order.count>' } : undefined;
  etl.addTrigger('OnOrder', PipelineTrigger.queue(orders, { parameters }));
}

async function triggers(steps: Steps, outputs: Outputs): Promise<void> {
  const { Schedules: [{ Name, GroupName }] } = await steps.call('scheduler', 'ListSchedules', {});
  const { ScheduleExpression, ScheduleExpressionTimezone } = await steps.call('scheduler', 'GetSchedule', { Name, GroupName });
  steps.checks.equal('the schedule is as it was declared', [ScheduleExpression, ScheduleExpressionTimezone], ['cron(30 2 * * ? *)', 'Europe/Rome'], 'the schedule');
  await steps.control('schedules/start', { name: Name, group: GroupName });
  await startedWith(steps, outputs, 'a schedule starts the pipeline with its values', { source: 'nightly', mode: 'full "load"', dryRun: true }, ['nightly', '1']);

  const detail = { shop: 'Rome "2"', count: 5 };
  await steps.call('events', 'PutEvents', { Entries: [{ Source: 'shop', DetailType: 'opened', Detail: JSON.stringify(detail) }] });
  await startedWith(steps, outputs, 'an event starts it with fields of its own', { source: 'Rome "2"', count: 5 }, ['Rome "2"', '5']);

  for (const Key of ['out/rows.csv', 'in/rows.txt', 'in/rows of today.csv']) {
    await steps.call('s3', 'PutObject', { Bucket: outputs.UploadsName, Key, Body: 'rows' });
  }
  await startedWith(steps, outputs, 'of three objects, the one that is meant starts it', { source: 'in/rows of today.csv' }, ['in/rows of today.csv', '1']);

  await send(steps, outputs, { source: 'queue', count: 2 });
  const name = await startedWith(steps, outputs, 'a message starts it with what it says', [{ source: 'queue', count: 2 }], ['queue', '2']);

  const after = await until('the end starts the pipeline after it', async () => (await toldBy(steps, outputs, 'After')).find(({ words }) => words[0] === name), PATIENCE);
  steps.checks.equal('the end of one pipeline starts another, which is told its name', after.words, [name, '1'], LOOK_AT);
  await send(steps, outputs, 'no parameters');
  const bad = await until('a message without parameters starts an execution', () => executionWith(steps, outputs, ['no parameters']));
  steps.checks.contains('a message that is no object fails its execution', (await ended(steps, bad.executionArn)).cause,
    'the input must be a JSON object of the parameters source, count, mode, dryRun, got "no parameters"', LOOK_AT);
}

async function send(steps: Steps, outputs: Outputs, body: unknown): Promise<void> {
  await steps.call('sqs', 'SendMessage', { QueueUrl: outputs.OrdersUrl, MessageBody: JSON.stringify(body) });
}

/** Waits for the execution with an input, and for its end; gives its name. */
async function startedWith(steps: Steps, outputs: Outputs, what: string, input: object, words: string[]): Promise<string> {
  const { executionArn, name } = await until(what, () => executionWith(steps, outputs, input));
  const { status, cause } = await ended(steps, executionArn);
  const told = await toldBy(steps, outputs, 'Etl', name);
  steps.checks.equal(what, [status, cause, told.map((each) => each.words)], ['SUCCEEDED', undefined, [['each', words[0]], words]], LOOK_AT);
  const given: any = Array.isArray(input) ? input[0] : input;
  const { source, count, mode, dryRun } = { source: 'nobody', count: 1, mode: "some o'clock {daily}", dryRun: false, ...read(given) };
  for (const each of told) {
    steps.checks.equal(`${what}: what job ${each.job} finds in its environment`, [each.PARAMETER_SOURCE, each.PARAMETER_COUNT, each.PARAMETER_MODE, each.PARAMETER_DRYRUN],
      [source, String(count), mode, String(dryRun)], LOOK_AT);
  }
  return name;
}

/** Only what is a parameter. */
function read(given: any): object {
  return given.order === undefined ? given : { source: given.order.from, count: given.order.count };
}

async function executionWith(steps: Steps, outputs: Outputs, input: object): Promise<{ executionArn: string; name: string } | undefined> {
  const { executions } = await steps.call('sfn', 'ListExecutions', { stateMachineArn: outputs.EtlMachine });
  const described = await Promise.all(executions.map(({ executionArn }: any) => steps.call('sfn', 'DescribeExecution', { executionArn })));
  const same = (text: string) => [input, [input]].some((each) => JSON.stringify(JSON.parse(text)) === JSON.stringify(each));
  return described.find((execution: any) => same(execution.input));
}

/** What the jobs of an execution, or of all, were told, sorted by job. */
async function toldBy(steps: Steps, outputs: Outputs, id: string, name?: string): Promise<any[]> {
  const [Bucket, Prefix] = [outputs[`${id}Bucket`], `${outputs[`${id}Prefix`]}/${name === undefined ? '' : `${name}/`}`];
  const { Contents = [] } = await steps.call('s3', 'ListObjectsV2', { Bucket, Prefix });
  const keys: string[] = Contents.map(({ Key }: any) => Key).filter((key: string) => /\/told-[0-9a-f]+$/.test(key));
  return Promise.all(keys.sort().map(async (Key) => {
    const { Body } = await steps.call('s3', 'GetObject', { Bucket, Key });
    return { job: Key.split('/').at(-3), ...JSON.parse(await Body.transformToString()) };
  }));
}

async function start(steps: Steps, outputs: Outputs, id: string, name: string, input: unknown = {}): Promise<string> {
  const { executionArn } = await steps.call('sfn', 'StartExecution', { stateMachineArn: outputs[`${id}Machine`], name, input: JSON.stringify(input) });
  return executionArn;
}

async function atOnce(steps: Steps, outputs: Outputs): Promise<void> {
  const names = ['one', 'two'];
  const started = await Promise.all(names.map((name, index) => start(steps, outputs, 'Etl', name, { source: `by ${name}`, count: index + 1 })));
  const statuses = (await Promise.all(started.map((each) => ended(steps, each)))).map(({ status }) => status);
  steps.checks.equal('two executions at once succeed', statuses, ['SUCCEEDED', 'SUCCEEDED'], LOOK_AT);
  for (const [index, name] of names.entries()) {
    const words = (await toldBy(steps, outputs, 'Etl', name)).map((each) => each.words);
    steps.checks.equal(`execution ${name} has its own values and its own outputs`, words, [['each', `by ${name}`], [`by ${name}`, String(index + 1)]], LOOK_AT);
  }
}

async function refusals(steps: Steps, outputs: Outputs): Promise<void> {
  const refused: [string, unknown, string][] = [
    ['unknown', { sauce: 'x' }, 'the input must have no keys but the parameters source, count, mode, dryRun, got {"sauce":"x"}'],
    ['type', { source: 5 }, 'parameter "source" must be a text, got 5'],
    ['range', { count: 10 }, 'parameter "count" must be a number, at least 1, at most 9, got 10'],
    ['value', { mode: 'hourly' }, 'parameter "mode" must be a text, one of "some o\'clock {daily}", "full \\"load\\"", got "hourly"'],
    ['flag', { dryRun: 'true' }, 'parameter "dryRun" must be true or false, got "true"'],
    ['list', [1, 2], 'the input must be a JSON object of the parameters source, count, mode, dryRun, got [1,2]'],
  ];
  for (const [name, input, cause] of refused) {
    const execution = await ended(steps, await start(steps, outputs, 'Broken', name, input));
    steps.checks.equal(`an input with a wrong ${name} fails at once`, [execution.status, execution.error, execution.cause], ['FAILED', 'InvalidInput', cause], LOOK_AT);
    steps.checks.equal(`and no job is done: ${name}`, await toldBy(steps, outputs, 'Broken', name), [], LOOK_AT);
  }
}

async function redrive(steps: Steps, outputs: Outputs): Promise<void> {
  const executionArn = await start(steps, outputs, 'Broken', 'repaired', { source: 'once', count: 3 });
  steps.checks.equal('a job that fails fails the execution', (await ended(steps, executionArn)).status, 'FAILED', LOOK_AT);
  await steps.call('s3', 'PutObject', { Bucket: outputs.BrokenBucket, Key: `${outputs.BrokenPrefix}/repaired/Tell/told/repaired`, Body: 'yes' });
  await steps.call('sfn', 'RedriveExecution', { executionArn });
  const again = await ended(steps, executionArn);
  steps.checks.equal('it succeeds once it is repaired', again.status, 'SUCCEEDED', LOOK_AT);
  const told = (await toldBy(steps, outputs, 'Broken', 'repaired')).map((each) => each.words);
  steps.checks.equal('a redrive is told the same again', told, [['once', '3'], ['once', '3']], LOOK_AT);
}

async function skipping(steps: Steps, outputs: Outputs): Promise<void> {
  const first = await start(steps, outputs, 'Skipping', 'first');
  await runs(steps, outputs, 'Skipping', 'first');
  const second = await ended(steps, await start(steps, outputs, 'Skipping', 'second'));
  steps.checks.equal('an execution beside another one is skipped', [second.status, JSON.parse(second.output)], ['SUCCEEDED', { skipped: 'another run had not ended' }], LOOK_AT);
  await release(steps, outputs, 'Skipping', 'first');
  steps.checks.equal('the other one goes on', (await ended(steps, first)).status, 'SUCCEEDED', LOOK_AT);
  const started = await until('the end starts the pipeline after it', async () => {
    const { executions } = await steps.call('sfn', 'ListExecutions', { stateMachineArn: outputs.AfterSkippingMachine });
    return executions.length > 0 ? executions : undefined;
  });
  // events arrive in their order: that of the skipped one came first.
  steps.checks.equal('what was skipped starts nothing', started.length, 1, LOOK_AT);
}

async function waiting(steps: Steps, outputs: Outputs): Promise<void> {
  const first = await start(steps, outputs, 'Waiting', 'first');
  await runs(steps, outputs, 'Waiting', 'first');
  const second = await start(steps, outputs, 'Waiting', 'second');
  await until('the second one looks at the first', async () => {
    const { events: history } = await steps.call('sfn', 'GetExecutionHistory', { executionArn: second, maxResults: 1000 });
    return history.some(({ stateEnteredEventDetails }: any) => stateEnteredEventDetails?.name === 'Await others') || undefined;
  });
  await release(steps, outputs, 'Waiting', 'first');
  await release(steps, outputs, 'Waiting', 'second');
  const [one, two] = await Promise.all([first, second].map((each) => ended(steps, each)));
  steps.checks.equal('both succeed, one after the other', [one.status, two.status, two.stopDate >= one.stopDate], ['SUCCEEDED', 'SUCCEEDED', true], LOOK_AT);
  const [{ began: later }, { ended: over }] = await Promise.all(['second', 'first'].map((name) => runs(steps, outputs, 'Waiting', name)));
  steps.checks.equal('the second one begins its job once that of the first has ended', later! >= over!, true, LOOK_AT);
}

/** When the job that holds began and ended, once it has begun. */
function runs(steps: Steps, outputs: Outputs, id: string, name: string): Promise<{ began?: number; ended?: number }> {
  const [Bucket, Prefix] = [outputs[`${id}Bucket`], `${outputs[`${id}Prefix`]}/${name}/`];
  return until(`the job of ${id} begins`, async () => {
    const { Contents = [] } = await steps.call('s3', 'ListObjectsV2', { Bucket, Prefix });
    const notes = await Promise.all(Contents.map(({ Key }: any) => Key).filter((key: string) => /\/(began|ended)-/.test(key)).map(async (Key: string) => {
      const { Body } = await steps.call('s3', 'GetObject', { Bucket, Key });
      return [Key.split('/').at(-1)!.split('-')[0], Number(await Body.transformToString())];
    }));
    return notes.length === 0 ? undefined : Object.fromEntries(notes);
  }, PATIENCE);
}

async function release(steps: Steps, outputs: Outputs, id: string, name: string): Promise<void> {
  await steps.call('s3', 'PutObject', { Bucket: outputs[`${id}Bucket`], Key: `${outputs[`${id}Prefix`]}/${name}/Hold/runs/release`, Body: 'yes' });
}
