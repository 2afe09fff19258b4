import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { eventually } from './waiting';
import { ClusterProfile, EcsQueueWorker, FargateCluster, WorkerQueue, WorkerScaling } from '../../src';

const LOOK_AT = 'the log of the worker, and its ledger in the bucket';

/** How often a message is delivered before it goes to the dead-letter queue. */
const DELIVERIES = 3;
const MESSAGES = 200;

/** Workers from the example: 200 messages with a poison one, tasks that stop in the middle of a message, queues by priority, a long message. */
export const scenario: Scenario = {
  stack: 'ScenarioQueueWorker',

  declare(app: App): void {
    const stack = new Stack(app, 'ScenarioQueueWorker');
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const bucket = new s3.Bucket(stack, 'Reports', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
    const common = {
      cluster,
      image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../../examples/queue-worker/worker')),
      environment: { REPORTS_BUCKET: bucket.bucketName, POLL_SECONDS: '1' },
    };
    const reports = new EcsQueueWorker(stack, 'Worker', {
      ...common,
      maxMessageTime: Duration.seconds(5),
      queue: WorkerQueue.standard({ deliveryAttempts: DELIVERIES }),
      scaling: WorkerScaling.between(0, 4, { backlogPerTask: 10 }),
    });
    const bulk = reports.addQueue('Bulk', WorkerQueue.standard());
    const yearly = new EcsQueueWorker(stack, 'Yearly', { ...common, maxMessageTime: Duration.minutes(10), scaling: WorkerScaling.fixed(1) });
    [reports, yearly].forEach((worker) => bucket.grantReadWrite(worker));
    const outputs = {
      Bucket: bucket.bucketName,
      Cluster: cluster.cluster.clusterName,
      Service: reports.service.serviceName,
      Queue: reports.queue.queueUrl,
      DeadLetterQueue: reports.deadLetterQueue!.queueUrl,
      Bulk: bulk.queueUrl,
      YearlyQueue: yearly.queue.queueUrl,
      YearlyService: yearly.service.serviceName,
    };
    Object.entries(outputs).forEach(([name, value]) => new CfnOutput(stack, name, { value }));
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    await allMessagesAreAccountedFor(steps, outputs);
    await aStoppedTaskFinishesItsMessage(steps, outputs);
    await aKilledTaskGivesItsMessageBack(steps, outputs);
    await queuesByPriority(steps, outputs);
    await aLongMessageIsNotCutShort(steps, outputs);
  },
};

type Outputs = Record<string, string>;

/** What the ledger says of one report: the deliveries that were begun, and those that were finished. */
interface Entry {
  begun: number[];
  done: number[];
  at: number;
}

async function allMessagesAreAccountedFor(steps: Steps, outputs: Outputs): Promise<void> {
  await sleep(steps, outputs); // ECS starts a new service with one task
  const names = Array.from({ length: MESSAGES }, (_, index) => `report-${index}`);
  const poison = names[100];
  await send(steps, outputs.Queue, names.map((report) => ({ report, rows: report === poison ? -1 : 3 })));
  await wake(steps, MESSAGES);
  await untilEmpty(steps, outputs.Queue);

  const ledger = await ledgerOf(steps, outputs, 'report-');
  steps.checks.equal('nothing is lost: each report is rendered', names.filter((name) => name !== poison && ledger[name]?.done.length === 0), [], LOOK_AT);
  steps.checks.equal('each of them is in the ledger', Object.keys(ledger).length, MESSAGES, LOOK_AT);
  steps.checks.equal('what was begun again is what the queue has delivered again', again(ledger), redelivered(ledger), LOOK_AT);
  steps.checks.equal('the poison message was tried as often as it is to be', [ledger[poison].begun, ledger[poison].done], [[1, 2, 3], []], LOOK_AT);
  const dead = await receive(steps, outputs.DeadLetterQueue);
  steps.checks.equal('it alone is in the dead-letter queue', dead.map(({ Body }) => JSON.parse(Body).report), [poison], 'the redrive policy of the queue');
}

async function aStoppedTaskFinishesItsMessage(steps: Steps, outputs: Outputs): Promise<void> {
  await sleepAndWake(steps, outputs, 1);
  await send(steps, outputs.Queue, [{ report: 'stopped', rows: 1, seconds: 1 }]);
  await untilBegun(steps, outputs, 'stopped');
  await stopTask(steps, outputs);
  await untilEmpty(steps, outputs.Queue);
  const { stopped } = await ledgerOf(steps, outputs, 'stopped');
  steps.checks.equal('a task that is stopped finishes its message', [stopped.begun, stopped.done], [[1], [1]], LOOK_AT);
}

/** It takes longer than it may, so that the stop cuts it off: the same as a crash. */
async function aKilledTaskGivesItsMessageBack(steps: Steps, outputs: Outputs): Promise<void> {
  await send(steps, outputs.Queue, [{ report: 'killed', rows: 1, seconds: 8 }]);
  await untilBegun(steps, outputs, 'killed');
  await stopTask(steps, outputs);
  await untilEmpty(steps, outputs.Queue);
  const ledger = await ledgerOf(steps, outputs, 'killed');
  steps.checks.equal('a message whose task was killed is done by another', ledger.killed.done.length > 0, true, LOOK_AT);
  steps.checks.equal('the first try was not finished', ledger.killed.done.includes(1), false, LOOK_AT);
  steps.checks.equal('it was begun again as often as it was delivered again', again(ledger), redelivered(ledger), LOOK_AT);
}

async function queuesByPriority(steps: Steps, outputs: Outputs): Promise<void> {
  await sleep(steps, outputs);
  await send(steps, outputs.Bulk, ['bulk-1', 'bulk-2', 'bulk-3'].map((report) => ({ report, rows: 1 })));
  await send(steps, outputs.Queue, ['urgent-1', 'urgent-2', 'urgent-3'].map((report) => ({ report, rows: 1 })));
  await wake(steps, 1);
  await untilEmpty(steps, outputs.Queue);
  await untilEmpty(steps, outputs.Bulk);
  const ledger = { ...await ledgerOf(steps, outputs, 'bulk-'), ...await ledgerOf(steps, outputs, 'urgent-') };
  const inOrder = Object.entries(ledger).sort(([, one], [, other]) => one.at - other.at).map(([name]) => name.split('-')[0]);
  steps.checks.equal('what is urgent comes first', inOrder, ['urgent', 'urgent', 'urgent', 'bulk', 'bulk', 'bulk'], LOOK_AT);
}

async function aLongMessageIsNotCutShort(steps: Steps, outputs: Outputs): Promise<void> {
  const service = { cluster: outputs.Cluster, service: outputs.YearlyService };
  await send(steps, outputs.YearlyQueue, [{ report: 'yearly', rows: 1, seconds: 12 }]);
  await untilBegun(steps, outputs, 'yearly');
  await steps.call('ecs', 'UpdateService', { ...service, desiredCount: 0 });
  await untilEmpty(steps, outputs.YearlyQueue);
  const { yearly } = await ledgerOf(steps, outputs, 'yearly');
  steps.checks.equal('a long message is finished while its task is no longer wanted', [yearly.begun, yearly.done], [[1], [1]], LOOK_AT);
  await eventually('the task has gone', async () => await tasksOf(steps, { ...outputs, Service: outputs.YearlyService }) === 0);
}

// what the steps above are made of

async function wake(steps: Steps, depth: number): Promise<void> {
  await steps.control('scaling/policy', { policyName: 'WakeScaling', breach: depth });
}

async function sleep(steps: Steps, outputs: Outputs): Promise<void> {
  await steps.control('scaling/policy', { policyName: 'SleepScaling', breach: -1 });
  await eventually('all tasks have gone', async () => await tasksOf(steps, outputs) === 0);
}

async function sleepAndWake(steps: Steps, outputs: Outputs, tasks: number): Promise<void> {
  await sleep(steps, outputs);
  await wake(steps, tasks);
}

/** Those that stop are still there, and may have a message. */
async function tasksOf(steps: Steps, { Cluster: cluster, Service: serviceName }: Outputs): Promise<number> {
  const lists = await Promise.all(['RUNNING', 'STOPPED'].map((desiredStatus) => steps.call('ecs', 'ListTasks', { cluster, serviceName, desiredStatus })));
  const arns = lists.flatMap(({ taskArns }) => taskArns);
  if (arns.length === 0) return 0;
  const { tasks } = await steps.call('ecs', 'DescribeTasks', { cluster, tasks: arns });
  return tasks.filter(({ lastStatus }: { lastStatus: string }) => lastStatus !== 'STOPPED').length;
}

async function stopTask(steps: Steps, outputs: Outputs): Promise<void> {
  const { taskArns: [task] } = await steps.call('ecs', 'ListTasks', { cluster: outputs.Cluster, serviceName: outputs.Service });
  await steps.call('ecs', 'StopTask', { cluster: outputs.Cluster, task });
}

async function send(steps: Steps, url: string, orders: object[]): Promise<void> {
  for (let from = 0; from < orders.length; from += 10) {
    const entries = orders.slice(from, from + 10).map((order, index) => ({ Id: String(index), MessageBody: JSON.stringify(order) }));
    const { Failed = [] } = await steps.call('sqs', 'SendMessageBatch', { QueueUrl: url, Entries: entries });
    steps.checks.equal(`all messages from ${from} on are sent`, Failed, [], 'the queue');
  }
}

async function receive(steps: Steps, url: string): Promise<{ Body: string }[]> {
  const { Messages = [] } = await steps.call('sqs', 'ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 });
  return Messages;
}

async function untilEmpty(steps: Steps, url: string): Promise<void> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  await eventually(`${url} is empty`, async () => {
    const { Attributes } = await steps.call('sqs', 'GetQueueAttributes', { QueueUrl: url, AttributeNames: names });
    return names.every((name) => Attributes[name] === '0');
  });
}

async function untilBegun(steps: Steps, outputs: Outputs, report: string): Promise<void> {
  await eventually(`${report} is begun`, async () => (await ledgerOf(steps, outputs, report))[report] !== undefined);
}

async function ledgerOf(steps: Steps, { Bucket }: Outputs, prefix: string): Promise<Record<string, Entry>> {
  const ledger: Record<string, Entry> = {};
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const page = await steps.call('s3', 'ListObjectsV2', { Bucket, Prefix: `ledger/${prefix}`, ContinuationToken: token });
    for (const { Key } of page.Contents ?? []) {
      const [, report, what] = Key.split('/');
      const [delivery, state] = what.split('-');
      ledger[report] ??= { begun: [], done: [], at: 0 };
      ledger[report][state as 'begun' | 'done'].push(Number(delivery));
      if (what === '1-begun') ledger[report].at = await timeIn(steps, Bucket, Key);
    }
    token = page.NextContinuationToken;
  }
  return ledger;
}

async function timeIn(steps: Steps, Bucket: string, Key: string): Promise<number> {
  const { Body } = await steps.call('s3', 'GetObject', { Bucket, Key });
  return JSON.parse(await Body.transformToString()).at;
}

/** How many deliveries were begun beyond the first of each message. */
function again(ledger: Record<string, Entry>): number {
  return Object.values(ledger).reduce((sum, { begun }) => sum + begun.length - 1, 0);
}

/** How many deliveries the queue has counted beyond the first of each message. */
function redelivered(ledger: Record<string, Entry>): number {
  return Object.values(ledger).reduce((sum, { begun }) => sum + Math.max(...begun) - 1, 0);
}
