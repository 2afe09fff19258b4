import * as path from 'path';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { App, CfnOutput, Duration, Fn, RemovalPolicies, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import {
  ClusterNetwork, EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, EcsTask, FargateCluster, ServiceRoute, ServiceScaling, TaskTrigger,
  WorkerScaling,
} from '../../src';

const STACK = 'ScenarioAlarms';
const LOOK_AT = 'the alarm, and the queue that hears of the topic';
const SAID = 'exports.handler = async ({ alarmData }) => { console.log(alarmData.alarmName, alarmData.state.value); };';

/** The alarms of a workload that tell somebody, in the order in which they are made. */
const TOLD = {
  Orders: [
    'RunningTasksAlarm', 'CpuAlarm', 'MemoryAlarm', 'UnhealthyHostsAlarm', 'ServerErrorsAlarm', 'LatencyAlarm', 'SloOutageAlarm', 'SloLeakAlarm',
  ],
  Mailer: ['OldestMessageAlarm', 'DeadLetterAlarm', 'ConsumerAlarm', 'RunningTasksAlarm', 'MemoryAlarm'],
  Report: ['FailedAlarm', 'TriggerStartAlarm', 'TriggerMissingAlarm'],
  Etl: ['FailedAlarm', 'QueueBlockedAlarm'],
};

interface Described {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: string[];
  readonly OKActions: string[];
  readonly AlarmRule?: string;
}

/** Every alarm of every kind of workload: read back, set by hand, told to a topic and to a function; an outage by the parts of its alarm. */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App): void {
    const stack = new Stack(app, STACK);
    const topic = new sns.Topic(stack, 'OnCall');
    const heard = new sqs.Queue(stack, 'Messages');
    topic.addSubscription(new subscriptions.SqsSubscription(heard));
    const logGroup = new logs.LogGroup(stack, 'Called', { retention: logs.RetentionDays.ONE_DAY });
    const pager = new lambda.Function(stack, 'Pager', {
      runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline(SAID), logGroup,
    });
    const cluster = new FargateCluster(stack, 'Platform', {
      network: ClusterNetwork.natGateways(1), alarmActions: [new actions.SnsAction(topic), new actions.LambdaAction(pager)], explainFailures: false,
    });
    const image = (name: string) => ecs.ContainerImage.fromAsset(path.join(__dirname, '../images', name));
    const orders = new EcsMicroservice(stack, 'Orders', {
      cluster, image: image('hello'), routes: [ServiceRoute.internetFacing({ paths: ['/*'] })], scaling: ServiceScaling.fixed(1),
    });
    orders.alarms.addSlo({ availabilityPercent: 99.9, latency: Duration.millis(300) });
    const mailer = new EcsQueueWorker(stack, 'Mailer', {
      cluster, image: image('errand'), container: { command: ['work', '3600'] }, scaling: WorkerScaling.between(0, 1),
    });
    const daily = TaskTrigger.schedule(scheduler.ScheduleExpression.cron({ hour: '3', minute: '0' }));
    const report = new EcsTask(stack, 'Report', { cluster, image: image('errand'), trigger: daily });
    const etl = new EcsBatchPipeline(stack, 'Etl', { cluster });
    etl.addJob('Load', { image: image('errand') });
    const namesOf = ({ all }: { readonly all: cloudwatch.IAlarm[] }) => Fn.join(' ', all.map(({ alarmName }) => alarmName));
    const outputs = {
      Heard: heard.queueUrl,
      Topic: topic.topicArn,
      PagerArn: pager.functionArn,
      CalledGroup: logGroup.logGroupName,
      OrdersAlarms: namesOf(orders.alarms),
      MailerAlarms: namesOf(mailer.alarms),
      ReportAlarms: namesOf(report.alarms),
      EtlAlarms: namesOf(etl.alarms),
    };
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
    RemovalPolicies.of(stack).destroy(); // nothing of a test is to be kept
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('last');
    const inbox = new Inbox(steps, outputs.Heard);
    for (const [workload, expected] of Object.entries(TOLD)) {
      const names = outputs[`${workload}Alarms`].split(' ');
      steps.checks.equal(`the alarms of ${workload}`, names.map((name) => plain(workload, name)), expected, LOOK_AT);
      const alarms = await describe(steps, names);
      await readBack(steps, outputs, workload, alarms);
      for (const { AlarmName, AlarmRule } of alarms) if (AlarmRule === undefined) await rings(steps, inbox, AlarmName);
    }
    await outage(steps, inbox, outputs.OrdersAlarms.split(' '));
    await called(steps, outputs);
  },
};

async function readBack(steps: Steps, outputs: Record<string, string>, workload: string, alarms: Described[]): Promise<void> {
  const told = [outputs.Topic, outputs.PagerArn];
  steps.checks.equal(`${workload}: each tells the topic and the function, on both ways`, alarms.map(({ AlarmActions, OKActions }) => [AlarmActions, OKActions]),
    alarms.map(() => [told, told]), LOOK_AT);
  const silent = alarms.filter(({ AlarmDescription }) => !new RegExp(`^${STACK}/${workload}(/\\w+)*: .+ Look .*first`).test(AlarmDescription));
  steps.checks.equal(`${workload}: each says where, what and what to look at first`, silent.map(({ AlarmName }) => AlarmName), [], LOOK_AT);
}

/** On and off again by hand; the topic hears both. */
async function rings(steps: Steps, inbox: Inbox, name: string): Promise<void> {
  for (const state of ['ALARM', 'OK']) {
    await set(steps, name, state);
    const message = await inbox.of(name, state);
    steps.checks.equal(`${name} is told as ${state}`, message.NewStateReason, 'set by hand', LOOK_AT);
  }
}

/** One part of an outage is none; both are; and it ends with the first one that does. */
async function outage(steps: Steps, inbox: Inbox, orders: string[]): Promise<void> {
  const name = orders.find((alarm) => alarm.includes('SloOutageAlarm'))!;
  const [{ AlarmRule = '' }] = await describe(steps, [name]);
  const [hour, now] = AlarmRule.split(' AND ').map((part) => /"(.+)"/.exec(part)![1]);
  await set(steps, hour, 'ALARM');
  steps.checks.equal('an hour alone is no outage', await stateOf(steps, name), 'OK', LOOK_AT);
  await set(steps, now, 'ALARM');
  steps.checks.contains('an outage says what it is', (await inbox.of(name, 'ALARM')).AlarmDescription, 'An outage: 2 % of what may fail in 30 days', LOOK_AT);
  await set(steps, now, 'OK');
  steps.checks.equal('it ends', (await inbox.of(name, 'OK')).OldStateValue, 'ALARM', LOOK_AT);
  steps.checks.equal('its parts tell nobody', inbox.subjects().filter((subject) => subject.includes(hour) || subject.includes(now)), [], LOOK_AT);
  await set(steps, hour, 'OK');
}

async function called(steps: Steps, { CalledGroup: logGroupName, EtlAlarms }: Record<string, string>): Promise<void> {
  const expected = `${EtlAlarms.split(' ')[0]} ALARM`;
  const said = await until(`the function is called by ${expected}`, async () => {
    const { events } = await steps.call('logs', 'FilterLogEvents', { logGroupName });
    return (events as { message: string }[]).find(({ message }) => message.includes(expected));
  });
  steps.checks.contains('the function is called', said.message, expected, 'the log group of the function');
}

async function describe(steps: Steps, AlarmNames: string[]): Promise<Described[]> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await steps.call('cloudwatch', 'DescribeAlarms', { AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
  return AlarmNames.map((name) => [...MetricAlarms, ...CompositeAlarms].find(({ AlarmName }: Described) => AlarmName === name));
}

async function stateOf(steps: Steps, name: string): Promise<string> {
  const [alarm] = await describe(steps, [name]);
  return (alarm as Described & { readonly StateValue: string }).StateValue;
}

async function set(steps: Steps, AlarmName: string, StateValue: string): Promise<void> {
  await steps.call('cloudwatch', 'SetAlarmState', { AlarmName, StateValue, StateReason: 'set by hand' });
}

/** Without the stack and workload before it, and without what CloudFormation adds. */
function plain(workload: string, name: string): string {
  return name.slice(`${STACK}-${workload}`.length).replace(/[0-9A-F]{8}-\w+$/, '');
}

interface Told {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly NewStateValue: string;
  readonly NewStateReason: string;
  readonly OldStateValue: string;
}

/** What the topic has told. */
class Inbox {
  private readonly told: Told[] = [];

  constructor(private readonly steps: Steps, private readonly queue: string) {
  }

  public subjects(): string[] {
    return this.told.map(({ AlarmName }) => AlarmName);
  }

  /** The message of an alarm that went into a state, which is told once. */
  public of(name: string, state: string): Promise<Told> {
    return until(`a message that ${name} is ${state}`, async () => {
      const { Messages = [] } = await this.steps.call('sqs', 'ReceiveMessage', { QueueUrl: this.queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
      for (const { Body, ReceiptHandle } of Messages) {
        this.told.push(JSON.parse(JSON.parse(Body).Message));
        await this.steps.call('sqs', 'DeleteMessage', { QueueUrl: this.queue, ReceiptHandle });
      }
      return this.told.find(({ AlarmName, NewStateValue }) => AlarmName === name && NewStateValue === state);
    });
  }
}
