import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import { ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute, ServiceScaling } from '../../src';

const STACK = 'ScenarioDeploymentTasks';
const LOOK_AT = 'the events of the stack, and the log of the service';

interface Release {
  readonly version: string;
  /** What of it is bad. */
  readonly bad?: 'migration' | 'server';
  readonly seconds?: string;
  readonly maxTasks?: number;
  /** So short that the function hands the task over to another invocation of itself. */
  readonly functionSeconds?: number;
}

const RELEASES: Record<string, Release> = {
  first: { version: '1' },
  unrelated: { version: '1', maxTasks: 3 },
  badMigration: { version: '2', bad: 'migration' },
  badServer: { version: '3', bad: 'server' },
  last: { version: '4', seconds: '8', functionSeconds: 33 },
};

/** A migration runs once for each revision, stops a deployment when it fails, and is not run by a rollback. */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App, phase: string): void {
    const { version, bad, seconds, maxTasks = 2, functionSeconds } = RELEASES[phase];
    const stack = new Stack(app, STACK);
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const service = new EcsMicroservice(stack, 'Web', {
      cluster,
      image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/migrated')),
      environment: { VERSION: version, ...(bad === undefined ? {} : { BAD: bad }) },
      routes: [ServiceRoute.internetFacing({ paths: ['/*'] })],
      scaling: ServiceScaling.between(1, maxTasks),
    });
    service.deployments.beforeDeploy('Migrate', {
      command: ['node', 'migrate.js'], timeout: Duration.minutes(5), environment: seconds === undefined ? undefined : { SECONDS: seconds },
    });
    const runner = stack.node.findAll().find((construct) => construct.node.path.endsWith('Runner/Function/Resource')) as lambda.CfnFunction;
    if (functionSeconds !== undefined) runner.timeout = functionSeconds;
    const ingress = cluster.publicIngress();
    const outputs = { Url: ingress.url, ListenerArn: ingress.listenerArn, LogGroup: service.logGroup.logGroupName };
    Object.entries(outputs).forEach(([id, value]) => new CfnOutput(stack, id, { value }));
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    const url = await steps.url(outputs);
    const serves = async () => (await fetch(`${url}/`)).text();
    const expectRuns = async (what: string, versions: string[]) =>
      steps.checks.equal(what, await migrations(steps, outputs, versions.length), versions, LOOK_AT);

    steps.checks.equal('the first version serves', await serves(), 'version 1', LOOK_AT);
    await expectRuns('its migration has run, once', ['1']);

    await steps.deploy('unrelated');
    await expectRuns('an update that changes nothing of the tasks runs no migration', ['1']);

    const badMigration = await steps.deployFails('badMigration');
    steps.checks.contains('a migration that fails is named in the error, with its revision', badMigration, 'task Migrate before the deployment of', LOOK_AT);
    steps.checks.contains('with its exit code', badMigration, 'container App ended with exit code 3', LOOK_AT);
    steps.checks.contains('and with the end of its log', badMigration, 'the table orders is locked', LOOK_AT);
    steps.checks.equal('the old version still serves', await serves(), 'version 1', LOOK_AT);
    await expectRuns('the rollback has not run the old migration again', ['1', '2']);

    await steps.deployFails('badServer');
    steps.checks.equal('a version that crashes after its migration leaves the old one in place', await serves(), 'version 1', LOOK_AT);
    await expectRuns('and that rollback has not run a migration either', ['1', '2', '3']);

    await steps.deploy('last');
    steps.checks.equal('the next version serves', await serves(), 'version 4', LOOK_AT);
    await expectRuns('its migration, which outlived an invocation of the function, has run once', ['1', '2', '3', '4']);
  },
};

/** The versions whose migration has been begun, in their order; waits until the log has as many as are expected, which comes late. */
async function migrations(steps: Steps, outputs: Record<string, string>, expected: number): Promise<string[]> {
  return until('the migrations are in the log', async () => {
    const { events } = await steps.call('logs', 'FilterLogEvents', { logGroupName: outputs.LogGroup, filterPattern: '"migrating to"' });
    const versions = (events as { message: string; timestamp: number }[])
      .sort((one, other) => one.timestamp - other.timestamp)
      .map(({ message }) => message.trim().replace('migrating to ', ''));
    return versions.length >= expected ? versions : undefined;
  });
}
