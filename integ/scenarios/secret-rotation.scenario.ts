import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { App, CfnOutput, Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import { ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute, ServiceScaling, SidecarRole } from '../../src';

const LOOK_AT = 'the events of the service, the executions of the state machine, and the log of the tasks';
const STACK = 'ScenarioSecretRotation';

/** A sidecar is healthy before the application starts; a secret gets a new value, and new tasks come with it, once for several events. */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App): void {
    const stack = new Stack(app, STACK);
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const db = new secretsmanager.Secret(stack, 'Db', {
      secretObjectValue: { password: SecretValue.unsafePlainText('one') }, // a secret of a test
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const service = new EcsMicroservice(stack, 'Mirror', {
      cluster,
      image: image('mirror'),
      environment: { STAGE: 'scenario' },
      secrets: {
        DB_PASSWORD: ecs.Secret.fromSecretsManager(db, 'password'),
        MAP_KEY: ecs.Secret.fromSsmParameter(new ssm.StringParameter(stack, 'MapKey', { stringValue: 'map' })),
      },
      container: { environmentFiles: [ecs.EnvironmentFile.fromAsset(path.join(__dirname, '../files/mirror.env'))] },
      routes: [ServiceRoute.internetFacing({ paths: ['/mirror'] })],
      healthCheck: { path: '/mirror' },
      scaling: ServiceScaling.fixed(1),
    });
    service.addSidecar('Gate', {
      image: image('gate'),
      role: SidecarRole.PROXY,
      port: 9000,
      container: {
        healthCheck: {
          command: ['CMD-SHELL', 'node -e "fetch(\'http://localhost:9000/\').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"'],
          interval: Duration.seconds(5),
        },
      },
    });
    service.redeployOnRotation({ quietTime: Duration.seconds(5) });
    const ingress = cluster.publicIngress();
    const machine = service.node.findChild('SecretRotation').node.findChild('StateMachine') as sfn.CfnStateMachine;
    const outputs = {
      Url: ingress.url,
      ListenerArn: ingress.listenerArn,
      Cluster: cluster.cluster.clusterName,
      Service: service.service.serviceName,
      Secret: db.secretArn,
      Operator: operator(stack, db).ref,
      StateMachine: machine.ref,
      LogGroup: service.logGroup.logGroupName,
    };
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    const url = await steps.url(outputs);
    const [before] = await tasksOf(steps, outputs);
    steps.checks.equal('the process finds variables, secrets and the environment file, and its sidecar was healthy before it started', await mirror(url),
      { stage: 'scenario', greeting: 'hello from a file', password: 'one', mapKey: 'map', gate: 200 }, LOOK_AT);
    const lines = await until('the line of the application is in its log', async () => {
      const { events } = await steps.call('logs', 'FilterLogEvents', { logGroupName: outputs.LogGroup, logStreamNamePrefix: 'ecs/App/' });
      return events.length > 0 ? events.map((event: { message: string }) => event.message).join('\n') : undefined;
    });
    steps.checks.contains('the log group of the service has the line', lines, '"started":"scenario"', 'the log group');

    const operation = await steps.call('sfn', 'StartExecution', { stateMachineArn: outputs.Operator });
    const operated = await until('the secret has its new value', async () => {
      const execution = await steps.call('sfn', 'DescribeExecution', { executionArn: operation.executionArn });
      return execution.status === 'RUNNING' ? undefined : `${execution.status} ${execution.cause ?? ''}`.trim();
    });
    steps.checks.equal('a new value is put and the events are sent', operated, 'SUCCEEDED', 'the execution of the operator');
    steps.checks.equal('new tasks come with the new value', await until('the new value is served', async () => {
      const said = await mirror(url);
      return said.password === 'two' ? said.password : undefined;
    }), 'two', LOOK_AT);
    const after = await until('only the new task runs', async () => {
      const tasks = await tasksOf(steps, outputs);
      return tasks.length === 1 && tasks[0] !== before ? tasks : undefined;
    });
    steps.checks.equal('the old task is gone', after.includes(before), false, LOOK_AT);

    const executions = await until('all executions have ended', async () => {
      const { executions: found } = await steps.call('sfn', 'ListExecutions', { stateMachineArn: outputs.StateMachine });
      return found.every((execution: { status: string }) => execution.status !== 'RUNNING') ? found : undefined;
    });
    const results = await Promise.all(executions.map(async ({ executionArn }: { executionArn: string }) => {
      const { status, output } = await steps.call('sfn', 'DescribeExecution', { executionArn });
      return `${status} ${JSON.parse(output).service === undefined ? 'left it to a later one' : 'redeployed'}`;
    }));
    steps.checks.equal('two of the four events counted, and they made one deployment', results.sort(),
      ['SUCCEEDED left it to a later one', 'SUCCEEDED redeployed'], 'the executions of the state machine');
  },
};

/**
 * Does what an operator does: puts a new value. Then it sends by hand what CloudTrail sends in an account: of the call, of a step of the rotation that counts
 * for nothing, of the end of the rotation, and of another secret.
 */
function operator(stack: Stack, db: secretsmanager.Secret): sfn.CfnStateMachine {
  const role = new iam.Role(stack, 'OperatorRole', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') });
  db.grantWrite(role);
  role.addToPolicy(new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [`arn:aws:events:${stack.region}:${stack.account}:event-bus/default`] }));
  const call = 'AWS API Call via CloudTrail';
  return new sfn.CfnStateMachine(stack, 'OperatorMachine', {
    roleArn: role.roleArn,
    definitionString: stack.toJsonString({
      StartAt: 'PutValue',
      States: {
        PutValue: {
          Type: 'Task',
          Resource: 'arn:aws:states:::aws-sdk:secretsmanager:putSecretValue',
          Parameters: { SecretId: db.secretArn, SecretString: '{"password":"two"}' },
          Next: 'SendEvents',
        },
        SendEvents: {
          Type: 'Task',
          Resource: 'arn:aws:states:::events:putEvents',
          Parameters: {
            Entries: [
              entry(call, { eventName: 'PutSecretValue', requestParameters: { secretId: db.secretArn } }),
              entry(call, { eventName: 'PutSecretValue', requestParameters: { secretId: db.secretArn, versionStages: ['AWSPENDING'] } }),
              entry('AWS Service Event via CloudTrail', { eventName: 'RotationSucceeded', additionalEventData: { SecretId: db.secretArn } }),
              entry(call, { eventName: 'PutSecretValue', requestParameters: { secretId: 'another' } }),
            ],
          },
          End: true,
        },
      },
    }),
  });
}

function image(name: string): ecs.ContainerImage {
  return ecs.ContainerImage.fromAsset(path.join(__dirname, '../images', name));
}

function entry(detailType: string, detail: object) {
  return { Source: 'aws.secretsmanager', DetailType: detailType, Detail: { eventSource: 'secretsmanager.amazonaws.com', ...detail } };
}

async function mirror(url: string): Promise<{ password: string }> {
  return (await (await fetch(`${url}/mirror`)).json()) as { password: string };
}

async function tasksOf(steps: Steps, outputs: Record<string, string>): Promise<string[]> {
  return (await steps.call('ecs', 'ListTasks', { cluster: outputs.Cluster, serviceName: outputs.Service })).taskArns;
}
