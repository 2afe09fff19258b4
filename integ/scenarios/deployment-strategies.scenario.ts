import * as path from 'path';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { Outcome, SteadyRequests, steadyRequests } from './steady-requests';
import { eventually, until } from './waiting';
import { Weights } from './weights';
import { ClusterNetwork, EcsMicroservice, FargateCluster, ServiceDeployment, ServiceRoute, ServiceScaling } from '../../src';

const STACK = 'ScenarioStrategies';
const REQUESTS_PER_SECOND = 40;
const ENOUGH_FAILURES = 10;
const LOOK_AT = 'the service deployments, and the weights of the live rule';

/** A bad release bakes for so long that only its alarm can end it. */
const strategies: Record<string, (bad: boolean) => ServiceDeployment> = {
  BlueGreen: (bad) => ServiceDeployment.blueGreen({ bakeTime: Duration.minutes(bad ? 600 : 1) }),
  Canary: (bad) => ServiceDeployment.canary({ percent: 10, stepBakeTime: Duration.minutes(bad ? 600 : 1), bakeTime: Duration.minutes(0) }),
  Linear: (bad) => ServiceDeployment.linear({ stepPercent: 25, stepBakeTime: Duration.minutes(1), bakeTime: Duration.minutes(bad ? 600 : 0) }),
};
const NAMES = Object.keys(strategies);

/** What the weights are in the course of a good release, and where a bad one is stopped at the earliest. */
const EXPECTED: Record<string, { parts: number[]; stopAt: number }> = {
  BlueGreen: { parts: [0, 1], stopAt: 1 },
  Canary: { parts: [0, 0.1, 1], stopAt: 0.1 },
  Linear: { parts: [0, 0.25, 0.5, 0.75, 1], stopAt: 0.5 },
};

/** Each strategy that shifts requests, with a good release and with a bad one that an alarm stops, under steady requests. */
export const scenario: Scenario = {
  stack: STACK,

  /** The phase is `first`, `good`, `last`, or the service whose release is bad. */
  declare(app: App, phase: string): void {
    const stack = new Stack(app, STACK);
    const topic = new sns.Topic(stack, 'OnCall');
    const queue = new sqs.Queue(stack, 'Heard');
    topic.addSubscription(new subscriptions.SqsSubscription(queue));
    const cluster = new FargateCluster(stack, 'Platform', {
      network: ClusterNetwork.natGateways(1), alarmActions: [new actions.SnsAction(topic)],
    });
    NAMES.forEach((name) => declareService(cluster, stack, name, phase));
    const ingress = cluster.publicIngress();
    const outputs = { Url: ingress.url, ListenerArn: ingress.listenerArn, Cluster: cluster.cluster.clusterName, Queue: queue.queueUrl };
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    const url = await steps.url(outputs);
    const releases = NAMES.map((name) => new Releases(steps, outputs, name, `${url}/${name}/page`));
    await Promise.all(releases.map((release) => release.begin()));
    await steps.deploy('good');
    await Promise.all(releases.map((release) => release.expectGood()));
    for (const release of releases) await release.expectBadToBeStopped();
  },
};

function declareService(cluster: FargateCluster, stack: Stack, name: string, phase: string): void {
  const bad = phase === name;
  const service = new EcsMicroservice(stack, name, {
    cluster,
    image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/release')),
    environment: { VERSION: phase === 'first' ? '1' : bad ? '3' : '2', ...bad ? { BAD: 'true' } : {} },
    routes: [ServiceRoute.internetFacing({ paths: [`/${name}/*`] })],
    healthCheck: { path: `/${name}/health` },
    scaling: ServiceScaling.fixed(1),
    deployment: strategies[name](bad),
  });
  new CfnOutput(stack, `Service${name}`, { value: service.service.serviceName });
}

/** The releases of one service. */
class Releases {
  private requests!: SteadyRequests;
  private weights!: Weights;

  constructor(
    private readonly steps: Steps, private readonly outputs: Record<string, string>, private readonly name: string, private readonly url: string,
  ) {
  }

  private get serviceName(): string {
    return this.outputs[`Service${this.name}`];
  }

  public async begin(): Promise<void> {
    const service = await this.describe();
    this.weights = await Weights.watch(this.steps, service.loadBalancers[0].advancedConfiguration.productionListenerRule);
    this.requests = steadyRequests(this.url, REQUESTS_PER_SECOND);
  }

  public async expectGood(): Promise<void> {
    const outcome = await this.end();
    this.steps.checks.equal(`${this.name}: no request fails during a good release`, outcome.failures, [], LOOK_AT);
    this.steps.checks.equal(`${this.name}: the requests move in its steps`, this.weights.parts, EXPECTED[this.name].parts, LOOK_AT);
    this.steps.checks.equal(`${this.name}: the good release serves`, await this.says(), 'version 2', LOOK_AT);
    this.steps.checks.equal(`${this.name}: the deployment succeeds`, await this.status(), 'SUCCESSFUL', LOOK_AT);
  }

  public async expectBadToBeStopped(): Promise<void> {
    const { checks } = this.steps;
    await this.begin();
    const [reason] = await Promise.all([this.steps.deployFails(this.name), this.raiseAlarm()]);
    const outcome = await this.end();
    checks.contains(`${this.name}: the deployment of the bad release fails and names its alarm`, reason, 'alarm detected', 'the output of cdk deploy');
    this.expectAllowedShare(outcome);
    checks.equal(`${this.name}: the requests have moved back`, this.weights.parts.at(-1), 0, LOOK_AT);
    checks.equal(`${this.name}: the good release serves again`, await this.says(), 'version 2', LOOK_AT);
    checks.equal(`${this.name}: the bad release is rolled back`, await this.status(), 'ROLLBACK_SUCCESSFUL', LOOK_AT);
    await this.expectMessage();
    await this.setAlarm('OK');
  }

  /** Of n requests of which each goes to the new version with the probability p, np do, give or take five standard deviations. */
  private expectAllowedShare({ answers, failures }: Outcome): void {
    const failed = answers.filter((answer) => answer.failed).length;
    const allowed = this.weights.allowed(answers);
    const most = allowed + 5 * Math.sqrt(allowed);
    const { checks } = this.steps;
    checks.equal(`${this.name}: requests fail for the bad release alone`, failures, ['500 version 3 is broken'], LOOK_AT);
    checks.equal(`${this.name}: and no more of them than the weights allow (${failed} of ${answers.length}, allowed ${Math.round(allowed)})`,
      failed >= ENOUGH_FAILURES && failed <= most && failed < answers.length, true, LOOK_AT);
    const { parts, stopAt } = EXPECTED[this.name];
    const seen = this.weights.parts.slice(0, -1);
    checks.equal(`${this.name}: the requests have moved no further than to where it was stopped`, [seen, seen.at(-1)! >= stopAt], [parts.slice(0, seen.length), true], LOOK_AT);
  }

  /** Once the release has come so far and has failed a few requests: on the local AWS nobody else raises it. */
  private async raiseAlarm(): Promise<void> {
    await eventually(`${this.name} has its part of the requests`, async () => this.weights.part >= EXPECTED[this.name].stopAt);
    const reached = Date.now();
    await eventually(`requests to ${this.name} fail`, async () => (
      this.requests.answers.filter(({ failed, sentAt }) => failed && sentAt > reached).length >= ENOUGH_FAILURES));
    await this.setAlarm('ALARM');
  }

  private async setAlarm(StateValue: string): Promise<void> {
    const { deploymentConfiguration: { alarms } } = await this.describe();
    const name = alarms.alarmNames.find((one: string) => /ServerErrors/.test(one));
    await this.steps.call('cloudwatch', 'SetAlarmState', { AlarmName: name, StateValue, StateReason: 'a scenario' });
  }

  private async expectMessage(): Promise<void> {
    const subject = `deployment failed (alarm): service ${this.serviceName}`.slice(0, 100);
    const message = await until(`a message of ${this.name}`, async () => {
      const { Messages = [] } = await this.steps.call('sqs', 'ReceiveMessage', { QueueUrl: this.outputs.Queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
      for (const { ReceiptHandle } of Messages) await this.steps.call('sqs', 'DeleteMessage', { QueueUrl: this.outputs.Queue, ReceiptHandle });
      return Messages.map(({ Body }: { Body: string }) => JSON.parse(Body)).find(({ Subject }: { Subject: string }) => Subject === subject)?.Message;
    });
    this.steps.checks.contains(`${this.name}: on call is told the reason`, message, 'failed: alarm detected.', 'the log of the function that explains');
  }

  private async end(): Promise<Outcome> {
    const outcome = await this.requests.stop();
    await this.weights.stop();
    return outcome;
  }

  private async says(): Promise<string> {
    return (await fetch(this.url)).text();
  }

  /** Of the latest service deployment, once it is over: a rollback goes on for a moment after the stack has heard of it. */
  private async status(): Promise<string> {
    return until(`the deployment of ${this.name} is over`, async () => {
      const { serviceDeployments: [latest] } = await this.steps.call('ecs', 'ListServiceDeployments', { cluster: this.outputs.Cluster, service: this.serviceName });
      return /IN_PROGRESS|REQUESTED/.test(latest.status) ? undefined : latest.status;
    });
  }

  private async describe(): Promise<any> {
    const { services: [service] } = await this.steps.call('ecs', 'DescribeServices', { cluster: this.outputs.Cluster, services: [this.serviceName] });
    return service;
  }
}
