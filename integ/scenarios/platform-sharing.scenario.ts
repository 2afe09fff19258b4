import * as path from 'path';
import { setTimeout as pause } from 'timers/promises';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import {
  ClusterNetwork, ClusterProfile, EcsBatchPipeline, EcsMicroservice, FargateCluster, IFargateCluster, RoutePriorities, ServiceRoute, ServiceScaling,
} from '../../src';

const PATH = '/scenario/platform';
const PLATFORM = 'ScenarioSharingPlatform';
const ORDERS = 'ScenarioSharingOrders';
const REPORTS = 'ScenarioSharingReports';
const LOOK_AT = 'the rules of the listener, and the log of the tasks';

/** One app owns the cluster, two attach to it by its parameters. One of the two goes while the other answers; then all go. */
export const scenario: Scenario = {
  stack: PLATFORM,
  otherStacks: [ORDERS, REPORTS],

  declare(app: App, phase: string): void {
    switch (phase) {
      case 'orders': return declareOrders(app);
      case 'reports': return declareReports(app, 2);
      case 'reports in too many zones': return declareReports(app, 3);
      default: return declarePlatform(app);
    }
  },

  async run(steps: Steps): Promise<void> {
    const reason = await steps.deployFails('orders', ORDERS);
    steps.checks.contains('without the platform, the reason is named', reason, `Unable to fetch parameters [${PATH}/v1/`, 'the output of cdk deploy');

    const platform = await steps.deploy('platform');
    const url = await steps.url(platform);
    steps.checks.equal('the platform alone answers nothing', await status(`${url}/orders`), 404, LOOK_AT);

    await steps.deploy('orders', ORDERS);
    const reports = await steps.deploy('reports', REPORTS);
    steps.checks.equal('orders answers', await says(`${url}/orders`), { says: 'orders', backend: undefined }, LOOK_AT);
    steps.checks.equal('orders calls stock by its name', await says(`${url}/through`), { says: 'orders', backend: 'stock' }, LOOK_AT);
    steps.checks.equal('reports answers', await says(`${url}/reports`), { says: 'reports', backend: undefined }, LOOK_AT);
    steps.checks.equal('each app has the numbers of its band', await bandsOf(steps, platform.ListenerArn), [1, 2], LOOK_AT);
    steps.checks.equal('the pipeline of a product app runs', await execute(steps, reports.StateMachine), 'SUCCEEDED', 'the execution and the logs of its jobs');

    const wrong = await steps.deployFails('reports in too many zones', REPORTS);
    steps.checks.contains('a platform that is another than expected stops the deployment', wrong, `'zones' is 3, and the platform at ${PATH} has fewer`,
      'the output of cdk deploy');

    const unanswered = await failuresDuring(`${url}/reports`, () => steps.destroy('orders', ORDERS));
    steps.checks.equal('reports goes on answering while orders is removed', unanswered, [], LOOK_AT);
    steps.checks.equal('orders is gone', await status(`${url}/orders`), 404, LOOK_AT);
    steps.checks.equal('only the rule of reports is left', await bandsOf(steps, platform.ListenerArn), [2], LOOK_AT);

    await steps.destroy('reports', REPORTS);
    steps.checks.equal('no rule is left', await bandsOf(steps, platform.ListenerArn), [], LOOK_AT);
  },
};

function declarePlatform(app: App): void {
  const stack = new Stack(app, PLATFORM);
  const cluster = new FargateCluster(stack, 'Platform', {
    profile: ClusterProfile.DEVELOPMENT,
    network: ClusterNetwork.natGateways(1),
    publication: { path: PATH, publicIngress: true },
  });
  new CfnOutput(stack, 'Url', { value: cluster.publicIngress().url });
  new CfnOutput(stack, 'ListenerArn', { value: cluster.publicIngress().listenerArn });
}

function declareOrders(app: App): void {
  const stack = new Stack(app, ORDERS);
  const cluster = importPlatform(stack, 1, 2);
  const stock = createService(stack, 'Stock', cluster, {}, []);
  createService(stack, 'Orders', cluster, { BACKEND_URL: stock.endpoint }, ['/orders', '/through']).connectTo(stock);
}

function declareReports(app: App, zones: number): void {
  const stack = new Stack(app, REPORTS);
  const cluster = importPlatform(stack, 2, zones);
  createService(stack, 'Reports', cluster, {}, ['/reports']);
  const pipeline = new EcsBatchPipeline(stack, 'Nightly', { cluster });
  pipeline.addJob('Collect', { image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/batch')), environment: { SAYS: 'collected' } });
  new CfnOutput(stack, 'StateMachine', { value: pipeline.stateMachine.stateMachineArn });
}

function importPlatform(stack: Stack, band: number, zones: number): IFargateCluster {
  return FargateCluster.fromParameters(stack, 'Platform', PATH, {
    zones, priorities: RoutePriorities.band(band), profile: ClusterProfile.DEVELOPMENT,
  });
}

/** A service that says its own name. */
function createService(stack: Stack, id: string, cluster: IFargateCluster, environment: Record<string, string>, paths: string[]): EcsMicroservice {
  return new EcsMicroservice(stack, id, {
    cluster,
    image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/hello')),
    environment: { ...environment, SAYS: id.toLowerCase() },
    routes: paths.length === 0 ? [] : [ServiceRoute.internetFacing({ paths })],
    scaling: ServiceScaling.fixed(1),
  });
}

async function status(url: string): Promise<number> {
  return (await fetch(url)).status;
}

async function says(url: string): Promise<{ says: string; backend?: string }> {
  const answer = await (await fetch(url)).json() as { says: string; backend?: { says: string } };
  return { says: answer.says, backend: answer.backend?.says };
}

/** The band of each rule on the listener: 5000 numbers each. */
async function bandsOf(steps: Steps, listenerArn: string): Promise<number[]> {
  const { Rules } = await steps.call('elbv2', 'DescribeRules', { ListenerArn: listenerArn });
  const priorities = Rules.filter((rule: any) => !rule.IsDefault).map((rule: any) => Number(rule.Priority));
  return priorities.map((priority: number) => Math.floor((priority - 1) / 5000)).sort();
}

async function execute(steps: Steps, stateMachineArn: string): Promise<string> {
  const { executionArn } = await steps.call('sfn', 'StartExecution', { stateMachineArn });
  return until('the execution ends', async () => {
    const { status: now } = await steps.call('sfn', 'DescribeExecution', { executionArn });
    return now === 'RUNNING' ? undefined : now;
  });
}

/** Sends one request after the other for as long as the work lasts, and tells of those that were not answered well. */
async function failuresDuring(url: string, work: () => Promise<void>): Promise<string[]> {
  const failures: string[] = [];
  let working = true;
  const requests = (async () => {
    let sent = 0;
    for (; working; sent++) {
      const found = await status(url).catch(String);
      if (found !== 200) failures.push(`request ${sent}: ${found}`);
      await pause(20);
    }
    return sent;
  })();
  await work().finally(() => { working = false; });
  if (await requests === 0) failures.push('no request was sent');
  return failures;
}
