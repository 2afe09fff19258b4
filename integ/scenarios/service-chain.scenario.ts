import * as path from 'path';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, CfnOutput, Stack, TimeZone } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { steadyRequests } from './steady-requests';
import { eventually } from './waiting';
import { ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute, ServiceScaling } from '../../src';

const STACK = 'ScenarioServiceChain';
const LINKS = ['Front', 'Middle', 'Back'];
const REQUESTS_PER_SECOND = 50;
const LOOK_AT = 'the events of the services, and the logs of their tasks';

/**
 * Three services in a chain of calls. A new version of all three is rolled out, and tasks are stopped, under steady requests of which none may fail; what
 * stops is replaced.
 */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App, phase: string): void {
    const stack = new Stack(app, STACK);
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/chain'));
    const [front, middle, back] = LINKS.map((link) => new EcsMicroservice(stack, link, {
      cluster,
      image,
      environment: { LINK: link, VERSION: phase === 'first' ? '1' : '2' },
      routes: link === 'Front' ? [ServiceRoute.internetFacing()] : [],
      scaling: ServiceScaling.between(2, 4, { cpuPercent: 60, memoryPercent: 80, ...link === 'Front' ? { requestsPerTask: 5000 } : {} }),
    }));
    front.connectTo(middle);
    middle.connectTo(back);
    front.container.addEnvironment('NEXT_URL', middle.endpoint);
    middle.container.addEnvironment('NEXT_URL', back.endpoint);
    front.scaling.officeHours({ timeZone: TimeZone.EUROPE_ROME, opens: '07:30', closes: '19:00' });
    front.scaling.onSchedule('MonthEnd', { schedule: appscaling.Schedule.cron({ minute: '0', hour: '9', day: '28' }), min: 3 });

    const ingress = cluster.publicIngress();
    new CfnOutput(stack, 'Url', { value: ingress.url });
    new CfnOutput(stack, 'ListenerArn', { value: ingress.listenerArn });
    new CfnOutput(stack, 'Cluster', { value: cluster.cluster.clusterName });
    for (const [index, service] of [front, middle, back].entries()) {
      new CfnOutput(stack, `${LINKS[index]}Service`, { value: service.service.serviceName });
      new CfnOutput(stack, `${LINKS[index]}Logs`, { value: service.logGroup.logGroupName });
    }
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    const url = await steps.url(outputs);
    steps.checks.equal('the chain answers in its first version', await versions(url), ['Front 1', 'Middle 1', 'Back 1'], LOOK_AT);
    await scaling(steps, outputs);

    const duringRollout = steadyRequests(url, REQUESTS_PER_SECOND);
    await steps.deploy('second');
    const rollout = await duringRollout.stop();
    steps.checks.equal('no request failed during the roll-out', rollout.failures, [], LOOK_AT);
    steps.checks.equal('requests flowed', rollout.sent > REQUESTS_PER_SECOND, true, LOOK_AT);
    steps.checks.equal('the chain answers in its second version', await versions(url), ['Front 2', 'Middle 2', 'Back 2'], LOOK_AT);

    const duringStops = steadyRequests(url, REQUESTS_PER_SECOND);
    for (const link of LINKS) await stopOneTask(steps, outputs, link);
    steps.checks.equal('no request failed while tasks were stopped', (await duringStops.stop()).failures, [], LOOK_AT);
    for (const link of LINKS) {
      const { events } = await steps.call('logs', 'FilterLogEvents', { logGroupName: outputs[`${link}Logs`], filterPattern: `"${link} 2 answers"`, limit: 1 });
      steps.checks.equal(`the log group of ${link} has its lines`, events.length, 1, outputs[`${link}Logs`]);
    }
  },
};

/** Link and version of each answer, from the front on. */
async function versions(url: string): Promise<string[]> {
  const found = [];
  for (let answer = await (await fetch(url)).json() as any; answer !== undefined; answer = answer.next) found.push(`${answer.link} ${answer.version}`);
  return found;
}

async function scaling(steps: Steps, outputs: Record<string, string>): Promise<void> {
  const ResourceId = `service/${outputs.Cluster}/${outputs.FrontService}`;
  const of = { ServiceNamespace: 'ecs', ResourceId };
  const { ScalableTargets: [target] } = await steps.call('autoscaling', 'DescribeScalableTargets', { ServiceNamespace: 'ecs', ResourceIds: [ResourceId] });
  steps.checks.equal('the bounds read back', [target.MinCapacity, target.MaxCapacity], [2, 4], ResourceId);
  const { ScalingPolicies: policies } = await steps.call('autoscaling', 'DescribeScalingPolicies', of);
  steps.checks.equal('the policies read back', policies.map((policy: any) => [policy.PolicyName, policy.TargetTrackingScalingPolicyConfiguration.TargetValue]).sort(),
    [['CpuScaling', 60], ['MemoryScaling', 80], ['RequestScaling', 5000]], ResourceId);
  const { ScheduledActions: actions } = await steps.call('autoscaling', 'DescribeScheduledActions', of);
  steps.checks.equal('the schedules read back', actions.map((action: any) => [action.ScheduledActionName, action.Schedule, action.Timezone]).sort(), [
    ['MonthEnd', 'cron(0 9 28 * ? *)', 'Etc/UTC'],
    ['OfficeCloses', 'cron(0 19 ? * MON-FRI *)', 'Europe/Rome'],
    ['OfficeOpens', 'cron(30 7 ? * MON-FRI *)', 'Europe/Rome'],
  ], ResourceId);
}

/** Stops a task of the link and waits until another one runs in its place. */
async function stopOneTask(steps: Steps, outputs: Record<string, string>, link: string): Promise<void> {
  const service = { cluster: outputs.Cluster, serviceName: outputs[`${link}Service`] };
  const { taskArns: before } = await steps.call('ecs', 'ListTasks', service);
  await steps.call('ecs', 'StopTask', { cluster: outputs.Cluster, task: before[0], reason: 'a scenario stops it' });
  await eventually(`a stopped task of ${link} is replaced`, async () => {
    const { services: [found] } = await steps.call('ecs', 'DescribeServices', { cluster: outputs.Cluster, services: [service.serviceName] });
    const { taskArns } = await steps.call('ecs', 'ListTasks', service);
    return found.runningCount === 2 && !taskArns.includes(before[0]);
  }, 5);
}
