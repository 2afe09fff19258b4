import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { App, Duration, SecretValue, Stack } from 'aws-cdk-lib/core';
import {
  ClusterIngress, ClusterProfile, EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, EcsTask, FargateCluster, FireLensRouter, OpenTelemetryCollector,
  RouteAuthentication, ServiceRoute, TaskTrigger,
} from '../../src';
import { ENV, IMAGE } from '../util/fixtures';

/** A value that must never be seen. It has the form of a key, as real ones have. */
const CANARY = 'sk_live_51CanaryQ9zT4xW7vB2nM8kL3';

const hourly = scheduler.ScheduleExpression.rate(Duration.hours(1));

/** An app with a cluster, written to a folder with all of its assets. */
function assemblyOf(declare: (stack: Stack, cluster: FargateCluster) => void): Record<string, string> {
  const outdir = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'canary-'));
  try {
    const app = new App({ analyticsReporting: false, outdir });
    const stack = new Stack(app, 'Stack', { env: ENV });
    const certificates = [acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/1')];
    declare(stack, new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT, ingress: ClusterIngress.publicAlb({ certificates }) }));
    app.synth();
    const files = (fs.readdirSync(outdir, { recursive: true }) as string[]).filter((file) => fs.statSync(path.join(outdir, file)).isFile());
    return Object.fromEntries(files.map((file) => [path.basename(file), fs.readFileSync(path.join(outdir, file), 'utf8')]));
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

function signIn(clientSecret: SecretValue): RouteAuthentication {
  return RouteAuthentication.oidc({
    issuer: 'https://login.example.com',
    authorizationEndpoint: 'https://login.example.com/authorize',
    tokenEndpoint: 'https://login.example.com/token',
    userInfoEndpoint: 'https://login.example.com/user',
    clientId: 'orders',
    clientSecret,
  });
}

describe('a secret that is given as a secret', () => {
  const files = assemblyOf((stack, cluster) => {
    const stored = new secretsmanager.Secret(stack, 'Stored', { secretObjectValue: { key: SecretValue.unsafePlainText(CANARY) } });
    const secret = ecs.Secret.fromSecretsManager(stored, 'key');
    const secrets = { API_KEY: secret };
    const routes = [ServiceRoute.internetFacing({ authentication: signIn(SecretValue.secretsManager('sign-in')) })];
    const web = new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE, secrets, routes });
    web.addSidecar('Proxy', { image: IMAGE, secrets });
    web.addExtension('Logs', new FireLensRouter({ output: { Name: 'datadog' }, secrets: { apikey: secret } }));
    web.addExtension('Tracing', new OpenTelemetryCollector());
    web.deployments.preflight();
    web.deployments.beforeDeploy('Migrate', { command: ['migrate'] });
    web.redeployOnRotation();
    new EcsQueueWorker(stack, 'Worker', { cluster, image: IMAGE, secrets });
    new EcsTask(stack, 'Task', { cluster, image: IMAGE, secrets, retries: 1, trigger: TaskTrigger.schedule(hourly) });
    new EcsBatchPipeline(stack, 'Pipeline', { cluster }).addJob('Job', { image: IMAGE, secrets });
  });

  test('is nowhere but in the secret itself: not in an environment, a state machine, an output, an asset or metadata', () => {
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['Stack.template.json', 'manifest.json', 'tree.json', 'index.js']));
    const template = JSON.parse(files['Stack.template.json']);
    const [stored] = Object.keys(template.Resources).filter((id) => id.startsWith('Stored'));
    expect(JSON.stringify(template.Resources[stored])).toContain(CANARY);
    delete template.Resources[stored];
    const others: Record<string, string> = { ...files, 'Stack.template.json': JSON.stringify(template) };
    // the tree is a copy of the template's properties, for tools: of the secret too
    const tree = JSON.parse(files['tree.json']);
    delete tree.tree.children.Stack.children.Stored;
    others['tree.json'] = JSON.stringify(tree);
    expect(Object.entries(others).filter(([, content]) => content.includes(CANARY)).map(([name]) => name)).toEqual([]);
  });

  test('is read by a dynamic reference only where ELB takes it in no other way', () => {
    const template = JSON.parse(files['Stack.template.json']);
    const resolved = Object.values<any>(template.Resources).filter((resource) => JSON.stringify(resource).includes('{{resolve:'));
    expect(resolved.map(({ Type }) => Type)).toEqual(['AWS::ElasticLoadBalancingV2::ListenerRule']);
  });

  test('is named by its ARN wherever it is used', () => {
    const template = JSON.parse(files['Stack.template.json']);
    const definitions = Object.values<any>(template.Resources).filter(({ Type }) => ['AWS::ECS::TaskDefinition', 'AWS::Batch::JobDefinition'].includes(Type));
    expect(definitions).toHaveLength(4);
    for (const { Properties } of definitions) expect(JSON.stringify(Properties)).toMatch(/"Name":"API_KEY","ValueFrom":\{"Fn::Join"/);
  });
});

describe('a secret that is given as a plain text is refused, and not repeated', () => {
  const environment = { SETTING: CANARY };
  test.each<[string, (stack: Stack, cluster: FargateCluster) => void]>([
    ['to a service', (stack, cluster) => {
      new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE, environment });
    }],
    ['to a sidecar', (stack, cluster) => {
      new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE }).addSidecar('Proxy', { image: IMAGE, environment });
    }],
    ['to a task before deployments', (stack, cluster) => {
      new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE }).deployments.beforeDeploy('Migrate', { command: ['migrate'], environment });
    }],
    ['to a log router', (stack, cluster) => {
      new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE }).addExtension('Logs', new FireLensRouter({ output: { Name: 'datadog', apikey: CANARY } }));
    }],
    ['to a collector', (stack, cluster) => {
      const configuration = `exporters:\n  otlp: { headers: { api-key: "${CANARY}" } }\n`;
      new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE }).addExtension('Tracing', new OpenTelemetryCollector({ configuration }));
    }],
    ['to a sign-in', (stack, cluster) => {
      const routes = [ServiceRoute.internetFacing({ authentication: signIn(SecretValue.unsafePlainText(CANARY)) })];
      new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE, routes });
    }],
    ['to a worker', (stack, cluster) => {
      new EcsQueueWorker(stack, 'Worker', { cluster, image: IMAGE, environment });
    }],
    ['to a task', (stack, cluster) => {
      new EcsTask(stack, 'Task', { cluster, image: IMAGE, environment });
    }],
    ['to the runs of a schedule', (stack, cluster) => {
      new EcsTask(stack, 'Task', { cluster, image: IMAGE }).addTrigger('Hourly', TaskTrigger.schedule(hourly, { environment }));
    }],
    ['to a job', (stack, cluster) => {
      new EcsBatchPipeline(stack, 'Pipeline', { cluster }).addJob('Job', { image: IMAGE, environment });
    }],
  ])('%s', (_, declare) => {
    let message = '';
    try {
      assemblyOf(declare);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/must (hold no secrets|be a reference to a secret)/);
    expect(message).not.toContain(CANARY);
  });
});
