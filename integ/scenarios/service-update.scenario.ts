import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute, ServiceScaling } from '../../src';

const LOOK_AT = 'the events of the service, and the log of its tasks';

/** What the service says in each phase; in `broken` it answers every request with an error. */
const SAYS: Record<string, string> = { first: 'one', second: 'two', broken: 'three', last: 'two' };

/** A service is deployed, updated, and updated to a version that does not work: the version before it must go on serving. */
export const scenario: Scenario = {
  stack: 'ScenarioServiceUpdate',

  declare(app: App, phase: string): void {
    const stack = new Stack(app, 'ScenarioServiceUpdate');
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const service = new EcsMicroservice(stack, 'Hello', {
      cluster,
      image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/hello')),
      environment: { SAYS: SAYS[phase], FAIL: String(phase === 'broken') },
      routes: [ServiceRoute.internetFacing({ paths: ['/hello'] })],
      healthCheck: { path: '/hello' },
      scaling: ServiceScaling.fixed(2),
    });
    const ingress = cluster.publicIngress();
    new CfnOutput(stack, 'Url', { value: ingress.url });
    new CfnOutput(stack, 'ListenerArn', { value: ingress.listenerArn });
    new CfnOutput(stack, 'Cluster', { value: cluster.cluster.clusterName });
    new CfnOutput(stack, 'Service', { value: service.service.serviceName });
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    const url = await steps.url(outputs);
    steps.checks.equal('the first version answers', await says(url), 'one', LOOK_AT);
    steps.checks.equal('what nobody has a route for is not found', (await fetch(`${url}/other`)).status, 404, 'the rules of the listener');

    await steps.deploy('second');
    steps.checks.equal('the second version answers', await says(url), 'two', LOOK_AT);

    const reason = await steps.deployFails('broken');
    steps.checks.contains('the failed deployment names its reason', reason, 'Circuit Breaker', 'the output of cdk deploy');
    steps.checks.equal('the second version still answers', await says(url), 'two', LOOK_AT);
    const { services: [service] } = await steps.call('ecs', 'DescribeServices', { cluster: outputs.Cluster, services: [outputs.Service] });
    steps.checks.equal('all tasks run', [service.runningCount, service.desiredCount], [2, 2], LOOK_AT);
  },
};

async function says(url: string): Promise<string> {
  const response = await fetch(`${url}/hello`);
  return ((await response.json()) as { says: string }).says;
}
