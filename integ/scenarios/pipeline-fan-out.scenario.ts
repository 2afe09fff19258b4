import * as path from 'path';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { App, CfnOutput, RemovalPolicy, Size, Stack } from 'aws-cdk-lib/core';
import { ended } from './executions';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import { ClusterProfile, EcsBatchPipeline, FanOut, FargateCluster, JobCompute } from '../../src';

const STACK = 'ScenarioPipelineFanOut';
const LOOK_AT = 'the history of the execution, and the log of its jobs';
const ITEMS = 50;
const BAD = 7;
const OBJECTS = 500;

/** An array of 50 jobs of which one fails, its report and its redrive; a Map over 500 objects. */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App): void {
    const stack = new Stack(app, STACK);
    const topic = new sns.Topic(stack, 'OnCall');
    const heard = new sqs.Queue(stack, 'Heard');
    topic.addSubscription(new subscriptions.SqsSubscription(heard));
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT, alarmActions: [new actions.SnsAction(topic)] });
    const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/pipeline'));
    const small = { image, command: ['note'], compute: JobCompute.size({ vcpus: 0.25, memory: Size.mebibytes(512) }) };

    const numbers = new EcsBatchPipeline(stack, 'Numbers', { cluster, maxVcpus: 4 });
    const before = numbers.addJob('Before', { image, command: ['run'], outputs: ['runs'] });
    const each = numbers.addJob('Each', { ...small, after: [before], outputs: ['runs'], fanOut: FanOut.array(ITEMS), environment: { BAD: String(BAD) } });
    numbers.addJob('After', { image, command: ['run'], outputs: ['runs'], after: [each] });

    const photos = new s3.Bucket(stack, 'Photos', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    const objects = new EcsBatchPipeline(stack, 'Objects', { cluster, maxVcpus: 4 });
    objects.addJob('Every', { ...small, fanOut: FanOut.objects(photos, 'photos/', { maxConcurrency: 16 }) });

    const alone = new EcsBatchPipeline(stack, 'Single', { cluster });
    alone.addJob('Fails', { image, command: ['run'], outputs: ['runs'], environment: { FAIL: 'yes' }, attempts: 2 });

    const outputs = {
      HeardUrl: heard.queueUrl,
      PhotosName: photos.bucketName,
      ...outputsOf('Numbers', numbers),
      ...outputsOf('Objects', objects),
      ...outputsOf('Single', alone),
    };
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('last');
    await Promise.all([array(steps, outputs), single(steps, outputs)]);
    await map(steps, outputs);
    await reports(steps, outputs);
  },
};

type Outputs = Record<string, string>;

function outputsOf(id: string, pipeline: EcsBatchPipeline): Outputs {
  return {
    [`${id}Machine`]: pipeline.stateMachine.stateMachineArn,
    [`${id}Command`]: pipeline.redriveCommand,
    [`${id}Log`]: pipeline.logGroup.logGroupName,
    [`${id}Bucket`]: pipeline.artifactBucket.bucketName,
    [`${id}Prefix`]: pipeline.artifactPrefix,
  };
}

function start(steps: Steps, outputs: Outputs, id: string): Promise<any> {
  return steps.call('sfn', 'StartExecution', { stateMachineArn: outputs[`${id}Machine`], name: 'once' });
}

/** What the jobs say in their logs: the items, each as often as it was done. */
async function items(steps: Steps, outputs: Outputs, id: string): Promise<string[]> {
  const found: string[] = [];
  for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
    const page: any = await steps.call('logs', 'FilterLogEvents', { logGroupName: outputs[`${id}Log`], nextToken });
    found.push(...page.events.map((event: any) => event.message.trim()).filter((message: string) => message.startsWith('item ')));
    nextToken = page.nextToken;
  }
  return found.map((message) => message.slice('item '.length));
}

async function array(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Numbers');
  const failed = await ended(steps, executionArn);
  steps.checks.equal('one item of an array fails the execution', [failed.status, failed.redriveStatus], ['FAILED', 'REDRIVABLE'], LOOK_AT);
  const numbers = Array.from({ length: ITEMS }, (_, index) => String(index)).sort();
  steps.checks.equal('all its other items are done once', (await items(steps, outputs, 'Numbers')).sort(), numbers, LOOK_AT);

  await steps.call('s3', 'PutObject', { Bucket: outputs.NumbersBucket, Key: `${outputs.NumbersPrefix}/once/Each/runs/repaired`, Body: 'yes' });
  steps.checks.equal('the command in the outputs redrives this execution', outputs.NumbersCommand.replace('EXECUTION_NAME', 'once').split(' ').pop(), executionArn, LOOK_AT);
  await steps.call('sfn', 'RedriveExecution', { executionArn });
  steps.checks.equal('repaired and redriven, it succeeds', (await ended(steps, executionArn)).status, 'SUCCEEDED', LOOK_AT);
  steps.checks.equal('a redrive does the array again as a whole', (await items(steps, outputs, 'Numbers')).sort(), numbers.flatMap((number) => [number, number]), LOOK_AT);
  steps.checks.equal('and the jobs before and after it once', await runs(steps, outputs, ['Before', 'After']), [1, 1], LOOK_AT);
}

/** How often jobs began. */
async function runs(steps: Steps, outputs: Outputs, jobs: string[]): Promise<number[]> {
  return Promise.all(jobs.map(async (job) => {
    const { KeyCount } = await steps.call('s3', 'ListObjectsV2', {
      Bucket: outputs.NumbersBucket, Prefix: `${outputs.NumbersPrefix}/once/${job}/runs/began-`,
    });
    return KeyCount;
  }));
}

async function map(steps: Steps, outputs: Outputs): Promise<void> {
  const keys = Array.from({ length: OBJECTS }, (_, index) => `photos/${String(index).padStart(3, '0')}`);
  for (const Key of [...keys, 'other']) await steps.call('s3', 'PutObject', { Bucket: outputs.PhotosName, Key, Body: '.' });
  const { executionArn } = await start(steps, outputs, 'Objects');
  steps.checks.equal('a Map over 500 objects succeeds', (await ended(steps, executionArn)).status, 'SUCCEEDED', LOOK_AT);
  const uris = keys.map((key) => `s3://${outputs.PhotosName}/${key}`);
  steps.checks.equal('each object below the prefix is an item, done once', (await items(steps, outputs, 'Objects')).sort(), uris, LOOK_AT);
  steps.checks.equal('what became of each is written down', (await written(steps, outputs)).sort(), uris, LOOK_AT);
}

/** The items that Step Functions has written down as succeeded. */
async function written(steps: Steps, { ObjectsBucket: Bucket, ObjectsPrefix }: Outputs): Promise<string[]> {
  const { Contents = [] } = await steps.call('s3', 'ListObjectsV2', { Bucket, Prefix: `${ObjectsPrefix}/once/.items/Every/` });
  const read = async (Key: string) => JSON.parse(await (await steps.call('s3', 'GetObject', { Bucket, Key })).Body.transformToString());
  const manifest = await read(Contents.map((found: any) => found.Key).find((key: string) => key.endsWith('/manifest.json')));
  const files = await Promise.all(manifest.ResultFiles.SUCCEEDED.map((file: any) => read(file.Key)));
  return files.flat().map((item: any) => JSON.parse(item.Input).item);
}

async function single(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Single');
  steps.checks.equal('a job that fails at each attempt fails the execution', (await ended(steps, executionArn)).status, 'FAILED', LOOK_AT);
}

async function reports(steps: Steps, outputs: Outputs): Promise<void> {
  const texts: string[] = [];
  await until('four reports', async () => {
    const { Messages = [] } = await steps.call('sqs', 'ReceiveMessage', { QueueUrl: outputs.HeardUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    for (const { Body, ReceiptHandle } of Messages) {
      texts.push(JSON.parse(Body).Message);
      await steps.call('sqs', 'DeleteMessage', { QueueUrl: outputs.HeardUrl, ReceiptHandle });
    }
    return texts.length >= 4 ? texts : undefined;
  });
  const [ofArray, ofSingle, ofNumbers, ofExecution] = ['Job Each', 'Job Fails', 'Stack/Numbers: execution', 'Stack/Single: execution']
    .map((beginning) => texts.filter((text) => text.includes(beginning.replace('Stack', STACK))));
  steps.checks.equal('an array reports once, a job once, each execution once', [ofArray, ofSingle, ofNumbers, ofExecution].map(({ length }) => length), [1, 1, 1, 1], LOOK_AT);
  const [job] = ofSingle;
  steps.checks.contains('a report tells the exit code', job, 'exit code 7', LOOK_AT);
  steps.checks.contains('and how many attempts there may be', job, 'attempts of 2 used up', LOOK_AT);
  steps.checks.equal('and each attempt, with its exit code', job.slice(job.indexOf('its attempts')).match(/exitCode\W+7\b/g)?.length, 2, LOOK_AT);
  steps.checks.contains('and where its log is', job, `log-group/${outputs.SingleLog}$3FlogStreamNameFilter$3DFails/`, LOOK_AT);
  steps.checks.contains('the report of an execution redrives it', ofExecution[0], `${outputs.SingleMachine.replace(':stateMachine:', ':execution:')}:once`, LOOK_AT);
}
