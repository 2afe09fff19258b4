import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { ClusterNetwork, ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute, ServiceScaling } from '../../src';

/**
 * A network without NAT: it gets an endpoint when a workload begins to need one, and loses it when nobody does any more. In the phase `exec` the service
 * may be entered by ECS Exec and sends to a queue.
 */
export const scenario: Scenario = {
  stack: 'ScenarioPrivateNetwork',

  declare(app: App, phase: string): void {
    const stack = new Stack(app, 'ScenarioPrivateNetwork');
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.vpcEndpoints() });
    const service = new EcsMicroservice(stack, 'Hello', {
      cluster,
      image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/hello')),
      environment: { SAYS: phase },
      routes: [ServiceRoute.internetFacing({ paths: ['/hello'] })],
      healthCheck: { path: '/hello' },
      scaling: ServiceScaling.fixed(1),
    });
    if (phase === 'exec') {
      service.enableExec();
      service.grants.exec(new iam.Role(stack, 'OnCall', { assumedBy: new iam.AccountRootPrincipal() }));
      new sqs.Queue(stack, 'Queue', { removalPolicy: RemovalPolicy.DESTROY }).grantSendMessages(service);
    }
    const ingress = cluster.publicIngress();
    new CfnOutput(stack, 'Url', { value: ingress.url });
    new CfnOutput(stack, 'ListenerArn', { value: ingress.listenerArn });
    new CfnOutput(stack, 'Vpc', { value: cluster.vpc.vpcId });
    new CfnOutput(stack, 'Cluster', { value: cluster.cluster.clusterName });
    new CfnOutput(stack, 'Service', { value: service.service.serviceName });
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('plain');
    const url = await steps.url(outputs);
    steps.checks.equal('the service answers', await says(url), 'plain', LOOK_AT);
    steps.checks.equal('it has what every task needs', await endpoints(steps, outputs), ALWAYS, 'the endpoints of the VPC');

    const opened = await steps.deploy('exec');
    steps.checks.equal('the network, the cluster and the service are the same', [opened.Vpc, opened.Cluster, opened.Service],
      [outputs.Vpc, outputs.Cluster, outputs.Service], 'the events of the stack');
    steps.checks.equal('the service answers from new tasks', await says(url), 'exec', LOOK_AT);
    steps.checks.equal('it has endpoints for sessions, their key and the queue', await endpoints(steps, outputs), [...ALWAYS, 'kms', 'sqs', 'ssmmessages'].sort(),
      'the endpoints of the VPC');
    await checkExec(steps, opened);

    await steps.deploy('closed');
    steps.checks.equal('endpoints that nobody needs any more are gone', await endpoints(steps, outputs), ALWAYS, 'the endpoints of the VPC');
    const { enableExecuteCommand } = await describeService(steps, outputs);
    steps.checks.equal('nobody is let in any more', enableExecuteCommand, false, LOOK_AT);
  },
};

const LOOK_AT = 'the events of the service, and the log of its tasks';
const ALWAYS = ['ecr.api', 'ecr.dkr', 'logs', 's3'];

async function checkExec(steps: Steps, outputs: Record<string, string>): Promise<void> {
  const service = await describeService(steps, outputs);
  steps.checks.equal('the service lets sessions in', service.enableExecuteCommand, true, LOOK_AT);
  const { taskDefinition } = await steps.call('ecs', 'DescribeTaskDefinition', { taskDefinition: service.taskDefinition });
  const [container] = taskDefinition.containerDefinitions;
  steps.checks.equal('the root stays read-only, the agent has its volumes',
    [container.readonlyRootFilesystem, container.mountPoints.map((mount: { containerPath: string }) => mount.containerPath)],
    [true, ['/var/lib/amazon', '/var/log/amazon']], 'the task definition');
  const { clusters: [cluster] } = await steps.call('ecs', 'DescribeClusters', { clusters: [outputs.Cluster], include: ['CONFIGURATIONS'] });
  const { logging, kmsKeyId, logConfiguration } = cluster.configuration.executeCommandConfiguration;
  steps.checks.equal('sessions are encrypted and logged', [logging, kmsKeyId !== undefined, logConfiguration.cloudWatchEncryptionEnabled], ['OVERRIDE', true, true],
    'the configuration of the cluster');
}

async function describeService(steps: Steps, outputs: Record<string, string>): Promise<{ enableExecuteCommand: boolean; taskDefinition: string }> {
  const { services: [service] } = await steps.call('ecs', 'DescribeServices', { cluster: outputs.Cluster, services: [outputs.Service] });
  return service;
}

/** The last parts of their services' names, sorted. */
async function endpoints(steps: Steps, outputs: Record<string, string>): Promise<string[]> {
  const { VpcEndpoints } = await steps.call('ec2', 'DescribeVpcEndpoints', { Filters: [{ Name: 'vpc-id', Values: [outputs.Vpc] }] });
  return (VpcEndpoints as { ServiceName: string; State: string }[])
    .filter((endpoint) => !endpoint.State.toLowerCase().startsWith('delet'))
    .map((endpoint) => endpoint.ServiceName.split('.').slice(3).join('.'))
    .sort();
}

async function says(url: string): Promise<string> {
  const response = await fetch(`${url}/hello`);
  return ((await response.json()) as { says: string }).says;
}
