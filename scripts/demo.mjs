/**
 * From a fresh clone to a running application and back: sets up, starts a local model of AWS, deploys examples/shop to
 * it with the CDK command line, exercises it, removes it. `--real` does the same in the user's own account.
 */
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { forgetKept, noteKept, readKept, stopKept } from './demo/kept.mjs';
import { parseOptions, USAGE } from './demo/options.mjs';
import { exercisePipeline, readResults } from './demo/pipeline.mjs';
import { removeShop } from './demo/remove.mjs';
import { renderReport } from './demo/report.mjs';
import { makeRunFolder } from './demo/run-folder.mjs';
import { exerciseServices, readBackServices, storefrontUrl } from './demo/services.mjs';
import { Cdk, stackStatus } from './lib/cdk.mjs';
import { Checks } from './lib/checks.mjs';
import { Aws } from './lib/clients.mjs';
import { cleanUpOnInterrupt } from './lib/interrupts.mjs';
import { answers, isListening, startLocalAws } from './lib/local-aws.mjs';
import { saveLogGroup } from './lib/logs.mjs';
import { ROOT } from './lib/paths.mjs';
import { describeProblem, Problem } from './lib/problem.mjs';
import { endAll } from './lib/processes.mjs';
import { Progress } from './lib/progress.mjs';
import { localTarget, realTarget, withoutAws } from './lib/target.mjs';

const APP = join(ROOT, 'examples', 'shop', 'typescript');
const STACK = 'Shop';

/** Everything in the example that this profile makes is deleted with the stack. */
const CONTEXT = { profile: 'development' };

/**
 * @typedef {object} Demo
 * @property {import('./demo/options.mjs').DemoOptions} options
 * @property {Progress} progress
 * @property {Checks} checks
 * @property {string} folder of this run
 * @property {Aws} aws
 * @property {Cdk} cdk
 */

/** @returns {Promise<number>} the exit code */
async function main() {
  const options = parseOptions(process.argv.slice(2));
  const progress = new Progress();
  if (options.help) {
    progress.line(USAGE);
    return 0;
  }
  cleanUpOnInterrupt(() => giveUp(options));
  if (options.stop && !options.real) {
    progress.line(await stopKept());
    return 0;
  }
  await bootstrap({ progress });
  return options.real ? runReal(options, progress) : runLocal(options, progress);
}

/** Ends what was started, whatever it was about to do. */
async function giveUp(options) {
  await endAll();
  if (options.keep) forgetKept();
  if (options.real) process.stderr.write(`${hintForReal(options)}\n`);
}

async function runLocal(options, progress) {
  const kept = readKept();
  if (options.keep && kept !== undefined && await answers(kept.endpoint)) {
    throw new Problem(`An application is up already, at ${kept.endpoint}: end it with \`npm run demo -- --stop\` first.`);
  }
  const folder = makeRunFolder(kept?.folder);
  progress.heading('Deploying examples/shop to a local model of AWS');
  const localAws = await progress.step('local AWS', () => startLocalAws({
    data: join(folder, 'local-aws'), port: options.port, detached: options.keep, env: withoutAws(),
  }), ({ endpoint }) => endpoint);
  if (options.keep) noteKept({ endpoint: localAws.endpoint, pid: localAws.pid, folder });

  const checks = new Checks();
  let report;
  try {
    report = await exerciseShop(demoOf({ options, progress, checks, folder, target: localTarget(localAws) }));
  } finally {
    if (report === undefined) progress.line(`    The log of the local AWS is ${join(localAws.data, 'server.log')}`);
    if (!options.keep) await progress.step('local AWS stopped', localAws.stop);
  }
  if (!options.keep) checks.equal('the port of the local AWS is free again', await isListening(localAws.endpoint), false, localAws.data);
  return conclude(progress, checks, report, options.keep ? `It stays up at ${localAws.endpoint}: \`npm run demo -- --stop\` ends it.` : undefined);
}

async function runReal(options, progress) {
  const target = await realTarget(options);
  const demo = demoOf({ options, progress, checks: new Checks(), folder: makeRunFolder(), target });
  if (options.stop) {
    await demo.cdk.synth(CONTEXT);
    await progress.step(`${STACK} removed from account ${target.account}`, (tell) => demo.cdk.destroy(STACK, tell));
    return 0;
  }
  progress.heading(`Deploying examples/shop to account ${target.account} in ${target.region}: this costs money while it runs`);
  try {
    const report = await exerciseShop(demo);
    return conclude(progress, demo.checks, report, options.keep ? hintForReal(options) : undefined);
  } catch (error) {
    progress.line(hintForReal(options));
    throw error;
  }
}

/** @returns {Demo} */
function demoOf({ options, progress, checks, folder, target }) {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const cdk = new Cdk({ app: APP, assembly: join(folder, 'assembly'), logs, target, verbose: options.verbose });
  return { options, progress, checks, folder, aws: new Aws(target), cdk };
}

/**
 * The same for both targets: deploys, exercises, removes.
 *
 * @param {Demo} demo
 * @returns {Promise<string>} the report
 */
async function exerciseShop(demo) {
  const { aws, cdk, checks, options, progress } = demo;
  try {
    const outputs = await deploy(demo);
    const url = await storefrontUrl(aws.target, outputs);
    const report = await exercise(demo, outputs, url);
    if (!options.keep) {
      progress.heading('Removing it');
      await progress.step(`stack ${STACK}`, (tell) => removeShop({ cdk, aws, stack: STACK, url, checks }, tell));
    }
    return report;
  } finally {
    aws.close();
  }
}

/** @param {Demo} demo */
async function deploy({ progress, cdk, aws }) {
  await progress.step('cdk synth', () => cdk.synth(CONTEXT));
  await progress.step('cdk bootstrap', () => cdk.bootstrap(aws), (result) => result);
  const outputs = await progress.step('cdk deploy', (tell) => cdk.deploy(STACK, tell));
  const status = await stackStatus(aws, STACK);
  if (!['CREATE_COMPLETE', 'UPDATE_COMPLETE'].includes(status)) throw new Problem(`The stack ${STACK} should be complete, and is ${status}.`);
  return outputs;
}

/**
 * @param {Demo} demo
 * @param {Record<string, string>} outputs of the stack
 * @param {string} url of the storefront
 */
async function exercise({ options, progress, aws, checks, folder }, outputs, url) {
  const logs = join(folder, 'logs');
  const results = join(folder, 'results');
  progress.heading('Exercising it');
  const services = await progress.step('requests to the storefront', () => exerciseServices(url, checks, logs), () => url);
  const tasks = await progress.step('services read back from ECS', () => readBackServices(aws, outputs, checks));
  const judge = { checks, log: join(logs, 'pricing.log') };
  const pipeline = await progress.step('pipeline', (tell) => exercisePipeline(aws, outputs, judge, tell), ({ execution }) => execution.status);
  const place = { bucket: outputs.ResultsBucket, prefix: pipeline.prefix, folder: results };
  const metrics = await progress.step('results read back from S3', () => readResults(aws, place, checks));
  await progress.step('logs', () => saveLogs(aws, outputs, logs));
  const places = [['Results', relative(ROOT, results)], ['Logs', relative(ROOT, logs)]];
  if (options.keep) places.push(['Bucket', `s3://${place.bucket}/${place.prefix}`]);
  return renderReport({ services, tasks, pipeline, metrics, places });
}

/** The containers' own output, for whoever wants to know why: the log groups go with the stack. */
async function saveLogs(aws, outputs, folder) {
  const groups = { storefront: outputs.StorefrontLogGroup, orders: outputs.OrdersLogGroup, pricing: outputs.PricingLogGroup };
  await Promise.all(Object.entries(groups).map(([name, group]) => saveLogGroup(aws, group, join(folder, `${name}.log`))));
}

/** @returns {number} the exit code */
function conclude(progress, checks, report, afterword) {
  progress.line(`\n${report}\n`);
  if (afterword !== undefined) progress.line(`${afterword}\n`);
  if (checks.ok) {
    progress.line(progress.style('green', `All ${checks.passed} assertions hold.`));
    return 0;
  }
  progress.line(checks.report());
  progress.line(progress.style('red', `\n${checks.failures.length} of ${checks.failures.length + checks.passed} assertions failed.`));
  return 1;
}

function hintForReal({ account, region }) {
  const target = `--account ${account}${region ? ` --region ${region}` : ''}`;
  return `The stack ${STACK} may be in account ${account}: \`npm run demo -- --stop --real ${target}\` removes it.`;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`\n${describeProblem(error)}`);
  await endAll();
  process.exitCode = 1;
}
