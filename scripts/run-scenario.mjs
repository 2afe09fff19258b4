/**
 * Runs one scenario of several phases against the target in SCENARIO_TARGET: `node --import tsx scripts/run-scenario.mjs FILE`.
 * Called by scripts/lib/integ.mjs, once it has started a local AWS or has checked the account.
 */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib/core';
import { Cdk, stackStatus } from './lib/cdk.mjs';
import { Checks } from './lib/checks.mjs';
import { Aws } from './lib/clients.mjs';
import { askLocalAws } from './lib/local-aws.mjs';
import { CACHE, ROOT } from './lib/paths.mjs';
import { describeProblem } from './lib/problem.mjs';

const file = process.argv[2];
const { scenario } = await import(pathToFileURL(file).href);
const target = { ...JSON.parse(process.env.SCENARIO_TARGET), env: process.env };
const work = join(CACHE, 'scenarios', basename(file, '.scenario.ts'));
mkdirSync(work, { recursive: true });

const aws = new Aws(target);
const checks = new Checks();

/** @type {import('../integ/scenarios/scenario').Steps} */
const steps = {
  checks,
  call: (service, operation, input) => aws.call(service, operation, input),
  deploy,
  async deployFails(phase, stack) {
    try {
      await deploy(phase, stack);
    } catch (error) {
      return describeProblem(error);
    }
    throw new Error(`the deployment of phase ${phase} was to fail, and did not`);
  },
  destroy: (phase, stack = scenario.stack) => synthesise(phase).destroy(stack, () => {}),
  async control(route, body) {
    if (target.kind === 'real') throw new Error(`${route}: an account does this by itself, in its own time; run the scenario on the local AWS`);
    return askLocalAws(target.clientOptions.endpoint, route, body);
  },
  async url(outputs) {
    if (target.kind === 'real') return outputs.Url;
    const endpoints = await askLocalAws(target.clientOptions.endpoint, 'endpoints');
    return endpoints.find((endpoint) => endpoint.listenerArn === outputs.ListenerArn).url;
  },
};

async function deploy(phase, stack = scenario.stack) {
  const cdk = synthesise(phase);
  await cdk.bootstrap(aws);
  return cdk.deploy(stack, () => {});
}

function synthesise(phase) {
  const assembly = join(work, phase);
  const app = new App({ outdir: assembly, analyticsReporting: false });
  scenario.declare(app, phase);
  app.synth();
  return new Cdk({ app: ROOT, assembly, logs: work, target });
}

try {
  await scenario.run(steps);
  await steps.destroy('last');
  for (const stack of [scenario.stack, ...scenario.otherStacks ?? []]) {
    checks.equal(`nothing is left of ${stack}`, await stackStatus(aws, stack) ?? 'gone', 'gone', 'the events of the stack');
  }
  if (!checks.ok) console.log(checks.report());
} catch (error) {
  console.error(describeProblem(error));
  process.exitCode = 1;
} finally {
  aws.close();
  console.log(`${checks.passed} assertions held, ${checks.failures.length} failed`);
}
