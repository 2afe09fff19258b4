import * as path from 'path';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { App, CfnOutput, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import { ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute, ServiceScaling } from '../../src';

const STACK = 'ScenarioFailures';
const LOOK_AT = 'the queue that hears of the topic, and the log of the function that explains';

/** What of a release is bad. */
type Phase = 'first' | 'crash' | 'image' | 'secret' | 'preflight' | 'fresh' | 'last';

/** Releases that fail, each for another reason, are told of with the reason and what helps, once each; a preflight says it before any task starts. */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App, phase: Phase): void {
    const stack = new Stack(app, STACK);
    const topic = new sns.Topic(stack, 'OnCall');
    const queue = new sqs.Queue(stack, 'Heard');
    topic.addSubscription(new subscriptions.SqsSubscription(queue));
    const cluster = new FargateCluster(stack, 'Platform', {
      profile: ClusterProfile.DEVELOPMENT, alarmActions: [new actions.SnsAction(topic)], explainFailures: true,
    });
    const repository = new ecr.Repository(stack, 'Repository', { removalPolicy: RemovalPolicy.DESTROY });
    const missingImage = ecs.ContainerImage.fromEcrRepository(repository, 'nobody-pushed-this');
    const db = new secretsmanager.Secret(stack, 'Db', {
      secretObjectValue: { password: SecretValue.unsafePlainText('one') }, // a secret of a test
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const asset = ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/migrated'));
    const service = new EcsMicroservice(stack, 'Web', {
      cluster,
      image: phase === 'image' || phase === 'preflight' ? missingImage : asset,
      environment: { VERSION: '1', ...(phase === 'crash' ? { BAD: 'server' } : {}) },
      secrets: {
        PASSWORD: ecs.Secret.fromSecretsManager(db, phase === 'preflight' ? 'user' : 'password'),
        KEY: ecs.Secret.fromSsmParameter(new ssm.StringParameter(stack, 'Key', { stringValue: 'key' })),
        ...(phase === 'secret' || phase === 'preflight'
          ? { MISSING: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Missing', 'nobody-made-this')) } : {}),
      },
      routes: [ServiceRoute.internetFacing({ paths: ['/*'] })],
      scaling: ServiceScaling.fixed(1),
    });
    if (['preflight', 'fresh', 'last'].includes(phase)) service.deployments.preflight();
    if (phase === 'fresh') {
      new EcsMicroservice(stack, 'Fresh', { cluster, image: missingImage, scaling: ServiceScaling.fixed(1) }).deployments.preflight();
    }
    const ingress = cluster.publicIngress();
    const outputs = {
      Url: ingress.url,
      ListenerArn: ingress.listenerArn,
      Cluster: cluster.cluster.clusterName,
      Service: service.service.serviceName,
      Queue: queue.queueUrl,
    };
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    const url = await steps.url(outputs);
    const heard = new Heard(steps, outputs.Queue);
    const who = `service ${outputs.Service}`;

    await steps.deployFails('crash');
    await heard.expect('a crash at the start, although several tasks crashed', [`deployment failed (exit code 9): ${who}`, `exit code 9: ${who}`]);
    steps.checks.contains('with what happened', heard.latest, 'Essential container in task exited; container App ended with exit code 9', LOOK_AT);
    steps.checks.contains('with what helps', heard.latest, 'Likely fix: the application ended with an error: the last lines of its log say which.', LOOK_AT);

    await steps.deployFails('image');
    await heard.expect('a missing image', [`deployment failed (image not found): ${who}`, `image not found: ${who}`]);
    steps.checks.contains('with what helps', heard.latest, 'Likely fix: push the image, or correct its repository and tag', LOOK_AT);

    await steps.deployFails('secret');
    await heard.expect('a missing secret', [`deployment failed (secret missing): ${who}`, `secret missing: ${who}`]);
    steps.checks.contains('with what helps', heard.latest, 'Likely fix: create the secret or parameter in this account and Region', LOOK_AT);

    const stopped = async () => (await steps.call('ecs', 'ListTasks', { cluster: outputs.Cluster, desiredStatus: 'STOPPED' })).taskArns.length;
    const before = await stopped();
    await steps.deployFails('preflight');
    const said = await reasons(steps);
    steps.checks.contains('the preflight names the image', said, ':nobody-pushed-this is not in its repository of account', 'the events of the stack');
    steps.checks.contains('and the secret', said, 'secret nobody-made-this does not exist', 'the events of the stack');
    steps.checks.contains('and the key of a secret', said, 'has no key user; put it into the JSON object', 'the events of the stack');
    steps.checks.equal('no task was started for it', await stopped(), before, 'the tasks of the cluster');

    await steps.deployFails('fresh');
    steps.checks.contains('a new service is not even made', await reasons(steps), `tasks of ${STACK}/Fresh could not start`, 'the events of the stack');
    const { serviceArns } = await steps.call('ecs', 'ListServices', { cluster: outputs.Cluster });
    steps.checks.equal('only the old one is there', serviceArns.length, 1, 'the services of the cluster');

    await steps.deploy('last');
    steps.checks.equal('with all in place the preflight lets it pass', await (await fetch(`${url}/`)).text(), 'version 1', 'the service');
    await heard.expect('what the preflight found', []);
  },
};

/** Why resources of the stack have failed, of all its deployments. */
async function reasons(steps: Steps): Promise<string> {
  const { StackEvents } = await steps.call('cloudformation', 'DescribeStackEvents', { StackName: STACK });
  return (StackEvents as { ResourceStatus: string; ResourceStatusReason?: string }[])
    .filter(({ ResourceStatus }) => ResourceStatus.endsWith('_FAILED')).map(({ ResourceStatusReason }) => ResourceStatusReason).join('\n');
}

/** What the topic has told. */
class Heard {
  /** The text of the message of the task that came last. */
  public latest = '';

  constructor(private readonly steps: Steps, private readonly queue: string) {
  }

  /** Exactly these subjects, in whatever order; a message too many may come after the others, so it would be seen at the next call. */
  public async expect(what: string, subjects: string[]): Promise<void> {
    const found: string[] = [];
    await until(`messages of ${what}`, async () => {
      const { Messages = [] } = await this.steps.call('sqs', 'ReceiveMessage', { QueueUrl: this.queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
      for (const { Body, ReceiptHandle } of Messages) {
        const { Subject, Message } = JSON.parse(Body);
        found.push(Subject);
        if (!Subject.includes('deployment failed')) this.latest = Message;
        await this.steps.call('sqs', 'DeleteMessage', { QueueUrl: this.queue, ReceiptHandle });
      }
      return found.length >= subjects.length && Messages.length === 0 ? found : undefined;
    });
    this.steps.checks.equal(`on call is told of ${what}, once each`, found.sort(), subjects, LOOK_AT);
  }
}
