import * as path from 'path';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { App, CfnOutput, Duration, RemovalPolicies, Stack, TimeZone } from 'aws-cdk-lib/core';
import { ended } from './executions';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import { ClusterNetwork, EcsMicroservice, EcsTask, EcsTaskProps, FargateCluster, RunOverlap, ServiceRoute, ServiceScaling, TaskTrigger } from '../../src';

const STACK = 'ScenarioTasks';
const LOOK_AT = 'the executions of the task and its log group';
const NIGHTLY = scheduler.ScheduleExpression.cron({ hour: '3', minute: '0', timeZone: TimeZone.EUROPE_ROME });

type Outputs = Record<string, string>;

/** Tasks without a service: at a deployment, by a schedule, an event and by hand; retries, alarm, time-out, the three policies for runs that overlap. */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App): void {
    const stack = new Stack(app, STACK);
    const topic = new sns.Topic(stack, 'OnCall');
    const heard = new sqs.Queue(stack, 'Messages');
    topic.addSubscription(new subscriptions.SqsSubscription(heard));
    const cluster = new FargateCluster(stack, 'Platform', {
      network: ClusterNetwork.natGateways(1), alarmActions: [new actions.SnsAction(topic)], explainFailures: false,
    });
    const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/errand'));
    const task = (id: string, props: Partial<EcsTaskProps> = {}) => new EcsTask(stack, id, { cluster, image, ...props });
    const tasks = {
      Seed: task('Seed', { trigger: TaskTrigger.deployment({ environment: { ERRAND: 'seed' } }) }),
      Report: task('Report', { trigger: TaskTrigger.schedule(NIGHTLY, { flexibleWindow: Duration.minutes(15), environment: { ERRAND: 'nightly' } }) }),
      Arrival: task('Arrival', {
        trigger: TaskTrigger.event({ source: ['shop'] }, { environment: { ERRAND: events.EventField.fromPath('$.detail.key') } }),
      }),
      Broken: task('Broken', { retries: 1, container: { command: ['fail'] } }),
      Slow: task('Slow', { timeout: Duration.seconds(60), container: { command: ['work', '600'] } }),
      Allowing: task('Allowing', { overlap: RunOverlap.allow() }),
      Skipping: task('Skipping', { overlap: RunOverlap.skip() }),
      Waiting: task('Waiting', { overlap: RunOverlap.wait(Duration.minutes(5)) }),
      Caller: task('Caller', { container: { command: ['call'] } }),
    };
    tasks.Caller.connectTo(new EcsMicroservice(stack, 'Hello', {
      cluster,
      image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/hello')),
      routes: [ServiceRoute.insideVpc()],
      scaling: ServiceScaling.fixed(1),
    }));
    const outputs: Outputs = { Heard: heard.queueUrl, CallerRequest: tasks.Caller.runRequest };
    Object.entries(tasks).forEach(([id, { logGroup, stateMachine }]) => {
      outputs[`${id}Logs`] = logGroup.logGroupName;
      outputs[`${id}Machine`] = stateMachine!.stateMachineArn;
    });
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
    RemovalPolicies.of(stack).destroy(); // nothing of a test is to be kept
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    const slow = await start(steps, outputs, 'Slow'); // its minute passes meanwhile
    steps.checks.equal('a task runs at the deployment, which waits for its end', await lines(steps, outputs, 'Seed', 2), ['work seed begins', 'work seed ends'], LOOK_AT);
    await byOthers(steps, outputs);
    await failing(steps, outputs);
    await overlapping(steps, outputs);
    await timeout(steps, outputs, slow);
  },
};

async function byOthers(steps: Steps, outputs: Outputs): Promise<void> {
  const { Schedules: [{ Name, GroupName }] } = await steps.call('scheduler', 'ListSchedules', {});
  const { ScheduleExpression, ScheduleExpressionTimezone, FlexibleTimeWindow } = await steps.call('scheduler', 'GetSchedule', { Name, GroupName });
  steps.checks.equal('the schedule is as it was declared', { ScheduleExpression, ScheduleExpressionTimezone, FlexibleTimeWindow }, {
    ScheduleExpression: 'cron(0 3 * * ? *)', ScheduleExpressionTimezone: 'Europe/Rome', FlexibleTimeWindow: { MaximumWindowInMinutes: 15, Mode: 'FLEXIBLE' },
  }, 'the schedule');
  await steps.control('schedules/start', { name: Name, group: GroupName });
  steps.checks.equal('it starts the task, with its variables', await lines(steps, outputs, 'Report', 2), ['work nightly begins', 'work nightly ends'], LOOK_AT);

  await steps.call('events', 'PutEvents', { Entries: [{ Source: 'shop', DetailType: 'arrived', Detail: JSON.stringify({ key: 'rows.csv' }) }] });
  steps.checks.equal('an event starts the task, and is in its variables', await lines(steps, outputs, 'Arrival', 2), ['work rows.csv begins', 'work rows.csv ends'], LOOK_AT);

  const { tasks } = await steps.call('ecs', 'RunTask', JSON.parse(outputs.CallerRequest));
  steps.checks.equal('somebody starts it with its request', tasks.length, 1, LOOK_AT);
  const [, answer] = await lines(steps, outputs, 'Caller', 3);
  steps.checks.contains('it calls a service through its internal load balancer', answer, '"says":"hello"', LOOK_AT);
}

async function failing(steps: Steps, outputs: Outputs): Promise<void> {
  const execution = await ended(steps, await start(steps, outputs, 'Broken'));
  steps.checks.equal('a task with an exit code fails its run', [execution.status, execution.error], ['FAILED', 'States.TaskFailed'], LOOK_AT);
  steps.checks.contains('the cause has the exit code', String(execution.cause), '"ExitCode": 7', LOOK_AT);
  steps.checks.equal('it was tried once more', await lines(steps, outputs, 'Broken', 4), ['fail begins', 'fail ends', 'fail begins', 'fail ends'], LOOK_AT);

  const { MetricAlarms } = await steps.call('cloudwatch', 'DescribeAlarms', {});
  const alarm = MetricAlarms.find(({ AlarmDescription = '' }) => AlarmDescription.startsWith(`${STACK}/Broken: A run failed`));
  await steps.call('cloudwatch', 'SetAlarmState', { AlarmName: alarm.AlarmName, StateValue: 'ALARM', StateReason: 'a test' });
  const told = await until('the alarm tells its topic', async () => {
    const { Messages = [] } = await steps.call('sqs', 'ReceiveMessage', { QueueUrl: outputs.Heard, WaitTimeSeconds: 5 });
    return Messages[0]?.Body as string | undefined;
  });
  steps.checks.contains('its alarm says what it means and where to look', told, 'Look first at the last failed execution', 'the topic OnCall');
}

async function overlapping(steps: Steps, outputs: Outputs): Promise<void> {
  const both = async (id: string) => {
    const first = await start(steps, outputs, id, 'first', 8);
    await lines(steps, outputs, id, 1);
    const second = await start(steps, outputs, id, 'second', 1);
    const statuses = [(await ended(steps, first)).status, (await ended(steps, second)).status];
    return { statuses, said: await lines(steps, outputs, id, 2) };
  };
  const [allowed, skipped, waited] = await Promise.all(['Allowing', 'Skipping', 'Waiting'].map(both));
  const [begin, end, later, over] = ['work first begins', 'work first ends', 'work second begins', 'work second ends'];
  const statuses = ['SUCCEEDED', 'SUCCEEDED'];
  steps.checks.equal('runs that may overlap do', allowed, { statuses, said: [begin, later, over, end] }, LOOK_AT);
  steps.checks.equal('a run that is skipped does nothing, and is no failure', skipped, { statuses, said: [begin, end] }, LOOK_AT);
  steps.checks.equal('a run that waits begins after the one before it', waited, { statuses, said: [begin, end, later, over] }, LOOK_AT);
}

async function timeout(steps: Steps, outputs: Outputs, executionArn: string): Promise<void> {
  const { status, error } = await ended(steps, executionArn);
  steps.checks.equal('a run that takes too long fails', [status, error], ['FAILED', 'TaskTimedOut'], LOOK_AT);
  steps.checks.equal('its task is told to stop', await lines(steps, outputs, 'Slow', 2), ['work begins', 'told to stop'], LOOK_AT);
}

async function start(steps: Steps, outputs: Outputs, id: string, errand?: string, seconds = 0): Promise<string> {
  const override = { Name: 'App', Command: ['work', String(seconds)], Environment: [{ Name: 'ERRAND', Value: errand }] };
  const input = errand === undefined ? {} : { ContainerOverrides: [override] };
  const { executionArn } = await steps.call('sfn', 'StartExecution', { stateMachineArn: outputs[`${id}Machine`], input: JSON.stringify(input) });
  return executionArn;
}

/** All that a task's containers have said, once it is so much. */
function lines(steps: Steps, outputs: Outputs, id: string, count: number): Promise<string[]> {
  return until(`${id} has said ${count} lines`, async () => {
    const { events: said = [] } = await steps.call('logs', 'FilterLogEvents', { logGroupName: outputs[`${id}Logs`] });
    const messages = said.sort((one: any, other: any) => one.timestamp - other.timestamp).map(({ message }: any) => message.trim());
    return messages.length >= count ? messages : undefined;
  });
}
