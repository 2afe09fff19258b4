import * as path from 'path';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { ClusterCapacity, ClusterProfile, EcsMicroservice, FargateCluster, ServiceCapacity, ServiceRoute, ServiceScaling, TaskSize } from '../../src';

const LOOK_AT = 'the events of the service, and the log of its tasks';

/** Fargate and instances in one cluster, a service on each and a daemon; then the one on Fargate moves to the instances, without a pause. */
export const scenario: Scenario = {
  stack: 'ScenarioClusterCapacity',

  declare(app: App, phase: string): void {
    const stack = new Stack(app, 'ScenarioClusterCapacity');
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT, capacity: ServiceCapacity.fargate() });
    const general = cluster.addCapacity('General', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m5.xlarge')], min: 1, max: 4 }));
    const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/hello'));

    const mover = new EcsMicroservice(stack, 'Mover', {
      cluster,
      image,
      environment: { SAYS: 'here', FAIL: 'false' },
      routes: [ServiceRoute.internetFacing({ paths: ['/hello'] })],
      healthCheck: { path: '/hello' },
      scaling: ServiceScaling.fixed(2),
      capacity: phase === 'fargate' ? undefined : ServiceCapacity.on(general),
    });
    const resident = new EcsMicroservice(stack, 'Resident', {
      cluster,
      image,
      environment: { SAYS: 'resident', FAIL: 'false' },
      size: TaskSize.onInstances(300, 700),
      scaling: ServiceScaling.fixed(1),
      capacity: ServiceCapacity.on(general),
    });
    const agent = new EcsMicroservice(stack, 'Agent', {
      cluster, image, environment: { SAYS: 'agent', FAIL: 'false' }, capacity: ServiceCapacity.on(general), scaling: ServiceScaling.daemon(),
    });
    new CfnOutput(stack, 'Url', { value: cluster.publicIngress().url });
    new CfnOutput(stack, 'ListenerArn', { value: cluster.publicIngress().listenerArn });
    new CfnOutput(stack, 'Cluster', { value: cluster.cluster.clusterName });
    new CfnOutput(stack, 'General', { value: general.capacityProviderName });
    for (const service of [mover, resident, agent]) new CfnOutput(stack, `${service.node.id}Name`, { value: service.service.serviceName });
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('fargate');
    const { checks } = steps;
    const before = await tasksOf(steps, outputs, 'Mover');
    checks.equal('one service runs on Fargate', providersOf(before), ['FARGATE'], LOOK_AT);
    checks.equal('one service runs on instances', providersOf(await tasksOf(steps, outputs, 'Resident')), [outputs.General], LOOK_AT);
    await checkDaemon(steps, outputs);
    const url = await steps.url(outputs);
    checks.equal('the service on Fargate answers', await says(url), 'here', LOOK_AT);

    await steps.deploy('instances');
    const after = await tasksOf(steps, outputs, 'Mover');
    checks.equal('its tasks run on instances now', providersOf(after), [outputs.General], LOOK_AT);
    checks.equal('none of them is one of before', after.filter((task) => before.some(({ taskArn }) => taskArn === task.taskArn)).length, 0, LOOK_AT);
    checks.equal('it answers from there', await says(url), 'here', LOOK_AT);
    await checkDaemon(steps, outputs);
  },
};

interface Task {
  readonly taskArn: string;
  readonly capacityProviderName?: string;
  readonly containerInstanceArn?: string;
}

async function tasksOf(steps: Steps, outputs: Record<string, string>, service: string): Promise<Task[]> {
  const { taskArns } = await steps.call('ecs', 'ListTasks', { cluster: outputs.Cluster, serviceName: outputs[`${service}Name`] });
  return (await steps.call('ecs', 'DescribeTasks', { cluster: outputs.Cluster, tasks: taskArns })).tasks;
}

function providersOf(tasks: Task[]): string[] {
  return [...new Set(tasks.map((task) => task.capacityProviderName ?? 'none'))];
}

/** It runs on each instance that there is, and on each once. Instances may come a while after the tasks that asked for them. */
async function checkDaemon(steps: Steps, outputs: Record<string, string>): Promise<void> {
  const look = async () => {
    const { containerInstanceArns } = await steps.call('ecs', 'ListContainerInstances', { cluster: outputs.Cluster, status: 'ACTIVE' });
    const { services: [agent] } = await steps.call('ecs', 'DescribeServices', { cluster: outputs.Cluster, services: [outputs.AgentName] });
    const places = (await tasksOf(steps, outputs, 'Agent')).map((task) => task.containerInstanceArn);
    return { strategy: agent.schedulingStrategy, desired: agent.desiredCount, instances: [...containerInstanceArns].sort(), places: places.sort() };
  };
  const deadline = Date.now() + 300_000;
  let seen = await look();
  while (String(seen.places) !== String(seen.instances) && Date.now() < deadline) seen = await look();
  steps.checks.equal('the daemon wants a task for each instance', [seen.strategy, seen.desired], ['DAEMON', seen.instances.length], LOOK_AT);
  steps.checks.equal('it runs on each once', seen.places, seen.instances, LOOK_AT);
}

async function says(url: string): Promise<string> {
  const response = await fetch(`${url}/hello`);
  return ((await response.json()) as { says: string }).says;
}
