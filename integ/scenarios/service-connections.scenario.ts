import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import { App, CfnOutput, Stack, TimeZone } from 'aws-cdk-lib/core';
import { ended } from './executions';
import type { Scenario, Steps } from './scenario';
import { eventually, until } from './waiting';
import {
  ClusterProfile, EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, FargateCluster, ServiceDiscovery, ServiceRoute, ServiceScaling, WorkerScaling,
} from '../../src';

const STACK = 'ScenarioServiceConnections';
const LOOK_AT = 'the events of the services, and the logs of their tasks';

type Outputs = Record<string, string>;

/**
 * A service calls another one by its name in DNS, a worker one by Service Connect, a job one in DNS and one behind an internal load balancer. A process that
 * dies is replaced, and found again; a schedule takes a service down to no task, and another brings it back.
 */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App): void {
    const stack = new Stack(app, STACK);
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const namespace = new servicediscovery.PrivateDnsNamespace(stack, 'Domain', { vpc: cluster.vpc, name: 'scenario.internal' });
    const service = (id: string, props: object) => new EcsMicroservice(stack, id, {
      cluster, image: image('chain'), environment: { LINK: id, VERSION: '1' }, scaling: ServiceScaling.between(1, 2), ...props,
    });
    const orders = service('Orders', { discovery: ServiceDiscovery.dns({ namespace }) });
    const users = service('Users', { routes: [ServiceRoute.insideVpc()] });
    const stock = service('Stock', {});
    const front = service('Front', { routes: [ServiceRoute.internetFacing()] });
    front.connectTo(orders);
    front.container.addEnvironment('NEXT_URL', orders.endpoint);
    orders.scaling.officeHours({ timeZone: TimeZone.EUROPE_ROME, opens: '07:30', closes: '19:00' });

    const worker = new EcsQueueWorker(stack, 'Watcher', { cluster, image: image('caller'), scaling: WorkerScaling.between(1, 2) });
    worker.connectTo(stock);
    const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster });
    const exports = pipeline.addJob('Export', { image: image('caller'), environment: { ONCE: 'true' } });
    exports.connectTo(orders);
    exports.connectTo(users);

    const ingress = cluster.publicIngress();
    const outputs: Outputs = {
      Url: ingress.url,
      ListenerArn: ingress.listenerArn,
      Cluster: cluster.cluster.clusterName,
      OrdersService: orders.service.serviceName,
      WorkerLogs: worker.logGroup.logGroupName,
      JobLogs: pipeline.logGroup.logGroupName,
      StateMachine: pipeline.stateMachine.stateMachineArn,
    };
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    const url = await steps.url(outputs);
    steps.checks.equal('a service reaches another one by its name in DNS', await links(url), ['Front', 'Orders'], LOOK_AT);
    steps.checks.contains('a worker reaches a service by Service Connect', await heard(steps, outputs.WorkerLogs), 'STOCK_URL is Stock 1', outputs.WorkerLogs);
    await job(steps, outputs);
    await kill(steps, outputs, url);
    await night(steps, outputs, url);
  },
};

async function job(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await steps.call('sfn', 'StartExecution', { stateMachineArn: outputs.StateMachine });
  steps.checks.equal('a job that calls two services succeeds', (await ended(steps, executionArn)).status, 'SUCCEEDED', outputs.JobLogs);
  const lines = await heard(steps, outputs.JobLogs);
  steps.checks.contains('it reached one by its name in DNS', lines, 'ORDERS_URL is Orders 1', outputs.JobLogs);
  steps.checks.contains('it reached one behind the internal load balancer', lines, 'USERS_URL is Users 1', outputs.JobLogs);
}

/** The process ends itself without a word, as after running out of memory. */
async function kill(steps: Steps, outputs: Outputs, url: string): Promise<void> {
  const [before] = await tasksOf(steps, outputs);
  await fetch(`${url}/crash/Orders`);
  await eventually('another task runs in the place of one that died', async () => {
    const tasks = await tasksOf(steps, outputs);
    return tasks.length === 1 && tasks[0] !== before;
  });
  const answer = await until('it is found by its name', async () => {
    const found = await links(url);
    return found.length === 2 ? found : undefined;
  });
  steps.checks.equal('a task that died is replaced, and found by its name', answer, ['Front', 'Orders'], LOOK_AT);
}

async function night(steps: Steps, outputs: Outputs, url: string): Promise<void> {
  await steps.control('scaling/scheduled-action', { scheduledActionName: 'OfficeCloses' });
  await eventually('no task runs', async () => (await tasksOf(steps, outputs)).length === 0);
  steps.checks.equal('a schedule takes a service down to no task', await counts(steps, outputs), [0, 0], LOOK_AT);
  await steps.control('scaling/scheduled-action', { scheduledActionName: 'OfficeOpens' });
  await eventually('a task runs', async () => (await counts(steps, outputs))[1] === 1);
  const answer = await until('it answers', async () => {
    const found = await links(url);
    return found.length === 2 ? found : undefined;
  });
  steps.checks.equal('another one brings it back', answer, ['Front', 'Orders'], LOOK_AT);
}

/** The names of those who answer, from the front on; fewer where one cannot reach the next. */
async function links(url: string): Promise<string[]> {
  const response = await fetch(url);
  if (response.status !== 200) return [];
  const found = [];
  for (let answer = await response.json() as any; answer !== undefined; answer = answer.next) found.push(answer.link);
  return found;
}

/** What a caller says that it has heard. */
function heard(steps: Steps, logGroupName: string): Promise<string> {
  return until('the caller says what it heard', async () => {
    const { events } = await steps.call('logs', 'FilterLogEvents', { logGroupName, filterPattern: '"_URL is"' });
    return events.length > 0 ? events.map((event: { message: string }) => event.message).join('\n') : undefined;
  });
}

async function counts(steps: Steps, outputs: Outputs): Promise<[number, number]> {
  const { services: [found] } = await steps.call('ecs', 'DescribeServices', { cluster: outputs.Cluster, services: [outputs.OrdersService] });
  return [found.desiredCount, found.runningCount];
}

async function tasksOf(steps: Steps, outputs: Outputs): Promise<string[]> {
  return (await steps.call('ecs', 'ListTasks', { cluster: outputs.Cluster, serviceName: outputs.OrdersService })).taskArns;
}

function image(name: string): ecs.ContainerImage {
  return ecs.ContainerImage.fromAsset(path.join(__dirname, '../images', name));
}
