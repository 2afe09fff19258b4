import * as path from 'path';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { steadyRequests } from './steady-requests';
import { until } from './waiting';
import {
  ClusterProfile, DeploymentHook, DeploymentStage, EcsMicroservice, FargateCluster, ServiceDeployment, ServiceRoute, ServiceScaling, TestRoute,
} from '../../src';

const STACK = 'ScenarioHooks';
const REQUESTS_PER_SECOND = 20;
const LOOK_AT = 'the service deployments, and the log of the smoke test';

/** The version of each phase. In `broken` it answers with errors, but for its health check. */
const VERSIONS: Record<string, string> = { first: '1', approved: '2', unrelated: '2', refused: '3', broken: '4', last: '2' };

/** A release is tested before it gets a live request, and waits for somebody's approval: given, refused, and not even asked for. Another update moves no request. */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App, phase: string): void {
    const stack = new Stack(app, STACK);
    const [releases, onCall] = ['Releases', 'OnCall'].map((id) => new sns.Topic(stack, id));
    const queue = new sqs.Queue(stack, 'Heard');
    [releases, onCall].forEach((topic) => topic.addSubscription(new subscriptions.SqsSubscription(queue)));
    const cluster = new FargateCluster(stack, 'Platform', {
      profile: ClusterProfile.DEVELOPMENT, alarmActions: [new actions.SnsAction(onCall)], explainFailures: true,
    });
    const service = new EcsMicroservice(stack, 'Web', {
      cluster,
      image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/release')),
      environment: { VERSION: VERSIONS[phase], ...phase === 'broken' ? { BAD: 'true' } : {} },
      routes: [ServiceRoute.internetFacing({ paths: ['/*'] })],
      healthCheck: { path: '/health' },
      scaling: ServiceScaling.fixed(phase === 'unrelated' ? 2 : 1),
      deployment: ServiceDeployment.blueGreen({
        bakeTime: Duration.minutes(0),
        testRoute: TestRoute.header('x-release', 'next'),
        hooks: [
          DeploymentHook.smokeTest({ path: '/page', timeout: Duration.seconds(10) }),
          DeploymentHook.approval({ notify: releases, timeout: Duration.hours(12) }),
        ],
      }),
    });
    declareInside(stack, cluster);
    const ingress = cluster.publicIngress();
    const outputs = {
      Url: ingress.url, ListenerArn: ingress.listenerArn, Cluster: cluster.cluster.clusterName, Service: service.service.serviceName,
    };
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
  },

  async run(steps: Steps): Promise<void> {
    const heard = new Heard(steps);
    const [outputs] = await Promise.all([steps.deploy('first'), heard.question().then((question) => answer(steps, question.continue))]);
    const inside = await logOf(steps, 'InsideSmokeTest', '"passed"');
    steps.checks.contains('behind an internal load balancer, the new version is tested through its test port', inside, ':8443/inside/page', LOOK_AT);
    steps.checks.contains('a function of one\'s own hears of its stage', await logOf(steps, 'CheckLogs', '"PRE_SCALE_UP"'), '"team":"shop"', LOOK_AT);
    const url = await steps.url(outputs);
    const says = async (headers = {}) => (await fetch(`${url}/page`, { headers })).text();
    steps.checks.equal('the first version serves, once it is approved', await says(), 'version 1', LOOK_AT);
    const requests = steadyRequests(`${url}/page`, REQUESTS_PER_SECOND);

    const approving = async () => {
      const question = await heard.question();
      steps.checks.equal('while it waits, live requests go to the old version', await says(), 'version 1', LOOK_AT);
      steps.checks.equal('and test requests to the new one', await says({ 'x-release': 'next' }), 'version 2', LOOK_AT);
      await answer(steps, question.continue);
    };
    await Promise.all([steps.deploy('approved'), approving()]);
    steps.checks.equal('the second version serves, once it is approved', await says(), 'version 2', LOOK_AT);

    await steps.deploy('unrelated');
    steps.checks.equal('an update of anything else leaves the requests where they are', await says(), 'version 2', LOOK_AT);
    steps.checks.equal('and asks nobody', await heard.unanswered(), 0, 'the rule of the approval');

    const [refused] = await Promise.all([steps.deployFails('refused'), heard.question().then((question) => answer(steps, question.rollBack))]);
    steps.checks.contains('a release that is refused fails', refused, 'hook execution failure', 'the output of cdk deploy');
    await expectRolledBack(steps, outputs, heard, 'ROLLBACK');

    const broken = await steps.deployFails('broken');
    steps.checks.contains('a release that fails its smoke test fails', broken, 'hook execution failure', 'the output of cdk deploy');
    await expectRolledBack(steps, outputs, heard, 'POST_TEST_TRAFFIC_SHIFT');
    steps.checks.contains('the log of the smoke test says why', await logOf(steps, 'WebSmokeTest', '"failed"'), 'got status 500', LOOK_AT);
    steps.checks.equal('nobody was asked to approve it', await heard.unanswered(), 0, 'the rule of the approval');
    steps.checks.equal('the second version still serves', [await says(), await says({ 'x-release': 'next' })], ['version 2', 'version 2'], LOOK_AT);
    steps.checks.equal('no request has failed in all of that', (await requests.stop()).failures, [], LOOK_AT);
  },
};

/** A service behind an internal load balancer: with a test port, and with a function of the user's own. */
function declareInside(stack: Stack, cluster: FargateCluster): void {
  const check = new lambda.Function(stack, 'Check', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline("exports.handler = async (event) => { console.log(JSON.stringify(event)); return { hookStatus: 'SUCCEEDED' }; };"),
    logGroup: new logs.LogGroup(stack, 'CheckLogs', { removalPolicy: RemovalPolicy.DESTROY }),
  });
  new EcsMicroservice(stack, 'Inside', {
    cluster,
    image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/release')),
    environment: { VERSION: '1' },
    routes: [ServiceRoute.insideVpc({ paths: ['/inside/*'] })],
    healthCheck: { path: '/health' },
    scaling: ServiceScaling.fixed(1),
    deployment: ServiceDeployment.canary({
      stepBakeTime: Duration.minutes(0),
      bakeTime: Duration.minutes(0),
      testRoute: TestRoute.port(8443),
      hooks: [
        DeploymentHook.lambdaFunction(check, { stages: [DeploymentStage.PRE_SCALE_UP], details: { team: 'shop' } }),
        DeploymentHook.smokeTest({ path: '/inside/page', timeout: Duration.seconds(10) }),
      ],
    }),
  });
}

interface Question {
  readonly continue: string;
  readonly rollBack: string;
}

/** Does what the command of the message does, which is typed by a person. */
async function answer(steps: Steps, command: string): Promise<void> {
  const [, operation, flags] = /^aws ecs (continue-service-deployment) (.*)$/.exec(command)!;
  const given = Object.fromEntries([...flags.matchAll(/--(\S+) (\S+)/g)].map(([, name, value]) => [name, value]));
  steps.checks.equal(`the message has all that ${operation} needs`, Object.keys(given).sort(), ['action', 'hook-id', 'region', 'service-deployment-arn'], 'the rule of the approval');
  await steps.call('ecs', 'ContinueServiceDeployment', {
    serviceDeploymentArn: given['service-deployment-arn'], hookId: given['hook-id'], action: given.action,
  });
}

async function expectRolledBack(steps: Steps, outputs: Record<string, string>, heard: Heard, part: string): Promise<void> {
  const status = await until('the deployment is over', async () => {
    const { serviceDeployments: [latest] } = await steps.call('ecs', 'ListServiceDeployments', { cluster: outputs.Cluster, service: outputs.Service });
    return /IN_PROGRESS|REQUESTED/.test(latest.status) ? undefined : latest;
  });
  steps.checks.equal('it is rolled back', status.status, 'ROLLBACK_SUCCESSFUL', LOOK_AT);
  steps.checks.contains('for the reason that the service deployment gives', status.statusReason, part, LOOK_AT);
  const message = await heard.failure(`deployment failed (hook): service ${outputs.Service}`.slice(0, 100));
  steps.checks.contains('on call is told that a hook has stopped it', message, 'failed: hook execution failure(s) detected.', 'the log of the function that explains');
}

/** The first line with the pattern in the log group whose logical id begins so. */
async function logOf(steps: Steps, id: string, filterPattern: string): Promise<string> {
  const { StackResources } = await steps.call('cloudformation', 'DescribeStackResources', { StackName: STACK });
  const isLog = ({ ResourceType, LogicalResourceId }: Record<string, string>) => ResourceType === 'AWS::Logs::LogGroup' && LogicalResourceId.startsWith(id);
  const logGroupName = StackResources.find(isLog).PhysicalResourceId;
  return until(`a line ${filterPattern} of ${id}`, async () => {
    const { events } = await steps.call('logs', 'FilterLogEvents', { logGroupName, filterPattern });
    return events[0]?.message;
  });
}

/** What the two topics have told. */
class Heard {
  private readonly questions: Question[] = [];
  private readonly failures: { Subject: string; Message: string }[] = [];
  private queue?: string;

  constructor(private readonly steps: Steps) {
  }

  public async unanswered(): Promise<number> {
    await this.listen();
    return this.questions.length;
  }

  public question(): Promise<Question> {
    return until('somebody is asked', async () => {
      await this.listen();
      return this.questions.shift();
    });
  }

  public failure(subject: string): Promise<string> {
    return until(`a message "${subject}"`, async () => {
      await this.listen();
      return this.failures.splice(0).find(({ Subject }) => Subject === subject)?.Message;
    });
  }

  private async listen(): Promise<void> {
    this.queue ??= await this.findQueue();
    if (this.queue === undefined) return;
    const { Messages = [] } = await this.steps.call('sqs', 'ReceiveMessage', { QueueUrl: this.queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    for (const { Body, ReceiptHandle } of Messages) {
      const told = JSON.parse(Body);
      if (told.Subject === undefined) this.questions.push(JSON.parse(told.Message));
      else this.failures.push(told);
      await this.steps.call('sqs', 'DeleteMessage', { QueueUrl: this.queue, ReceiptHandle });
    }
  }

  /** The first question comes before the stack has outputs. */
  private async findQueue(): Promise<string | undefined> {
    try {
      const { StackResources } = await this.steps.call('cloudformation', 'DescribeStackResources', { StackName: STACK });
      const found = StackResources.find(({ ResourceType }: { ResourceType: string }) => ResourceType === 'AWS::SQS::Queue');
      return found?.ResourceStatus === 'CREATE_COMPLETE' ? found.PhysicalResourceId : undefined;
    } catch (error) {
      if (/does not exist/.test(String(error))) return undefined;
      throw error;
    }
  }
}
