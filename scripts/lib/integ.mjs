import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Cdk } from './cdk.mjs';
import { Aws } from './clients.mjs';
import { startLocalAws } from './local-aws.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { Problem } from './problem.mjs';
import { run } from './processes.mjs';
import { bin } from './runners.mjs';
import { localTarget, withoutAws } from './target.mjs';

const INTEG = join(ROOT, 'integ');
const SCENARIOS = join(INTEG, 'scenarios');

/**
 * Starts a local AWS for the time of `work`.
 *
 * @template T
 * @param {string} name of its data folder
 * @param {(target: import('./target.mjs').Target) => Promise<T>} work
 */
export async function onLocalAws(name, work) {
  const data = join(CACHE, 'local-aws', name);
  rmSync(data, { recursive: true, force: true }); // what the last run left stays to be looked at until here
  const localAws = await startLocalAws({ data, env: withoutAws() });
  try {
    return await work(localTarget({ endpoint: localAws.endpoint, data }));
  } finally {
    await localAws.stop();
  }
}

/** Holds the synthesised tests of `integ/` against their committed snapshots. */
export async function compareSnapshots() {
  const { code, output } = await run(bin('projen'), ['integ'], { cwd: ROOT, env: { ...process.env, NODE_NO_WARNINGS: '1' } });
  return integCounts(code, output);
}

/** Deploys the single-phase tests of `integ/` with integ-runner, checks their assertions and destroys them. */
export function deployIntegTests() {
  return onLocalAws('integ', runIntegTests);
}

/** @param {import('./target.mjs').Target} target */
export async function runIntegTests(target) {
  await bootstrapTarget(target);
  const { code, output } = await withoutTouchingSnapshots(() => run(bin('integ-runner'), [
    '--directory', 'integ', '--app', 'node --import tsx {filePath}', '--test-regex', '^integ\\..*\\.ts$',
    '--parallel-regions', target.region, '--force', '--no-update-workflow', '--max-workers', '1',
  ], { cwd: ROOT, env: forIntegRunner(target), log: join(CACHE, 'integ-runner.log') }));
  return integCounts(code, output);
}

/** integ-runner writes the snapshots of what it has deployed anew, with the time in them: only `npm run integ:snapshot` is to change them. */
async function withoutTouchingSnapshots(work) {
  const snapshots = readdirSync(INTEG).filter((name) => name.endsWith('.snapshot'));
  const saved = join(CACHE, 'integ-snapshots');
  rmSync(saved, { recursive: true, force: true });
  for (const name of snapshots) cpSync(join(INTEG, name), join(saved, name), { recursive: true });
  try {
    return await work();
  } finally {
    for (const name of snapshots) {
      rmSync(join(INTEG, name), { recursive: true, force: true });
      cpSync(join(saved, name), join(INTEG, name), { recursive: true });
    }
  }
}

/** The last summary is the one of the deployments, where there are any. */
function integCounts(code, output) {
  const [, passed, total] = [...output.matchAll(/Tests:\s+(?:\d+ failed, )?(\d+) passed, (\d+) total/g)].at(-1) ?? [];
  if (code !== 0 || total === undefined) throw new Problem(`integ-runner ended with exit code ${code}`, { details: output.slice(-6000) });
  return { passed: Number(passed), failed: Number(total) - Number(passed) };
}

/** The SDK inside integ-runner puts the bucket's name before the host, which works for no name but an address. */
function forIntegRunner(target) {
  const endpoint = target.env.AWS_ENDPOINT_URL?.replace('localhost', '127.0.0.1');
  return endpoint === undefined ? target.env : { ...target.env, AWS_ENDPOINT_URL: endpoint };
}

/** @param {import('./target.mjs').Target} target */
async function bootstrapTarget(target) {
  const logs = join(CACHE, 'integ-logs');
  mkdirSync(logs, { recursive: true });
  const aws = new Aws(target);
  await new Cdk({ app: ROOT, assembly: join(INTEG, 'integ.fargate-cluster.default.ts.snapshot'), logs, target }).bootstrap(aws).finally(() => aws.close());
}

/** Each scenario of several phases as a check of its own. */
export const INTEG_SCENARIOS = readdirSync(SCENARIOS).filter((file) => file.endsWith('.scenario.ts')).map((file) => ({
  name: `scenario ${file.replace('.scenario.ts', '')}`,
  file,
  run: () => onLocalAws(file, (target) => runScenario(file, target)),
}));

/**
 * A scenario is TypeScript and imports the library's sources, so it runs in a process of its own, under tsx.
 *
 * @param {string} file
 * @param {import('./target.mjs').Target} target
 */
export async function runScenario(file, target) {
  const { code, output } = await run(process.execPath, ['--import', 'tsx', join(ROOT, 'scripts', 'run-scenario.mjs'), join(SCENARIOS, file)], {
    cwd: ROOT, env: { ...target.env, SCENARIO_TARGET: JSON.stringify({ ...target, env: undefined }) },
  });
  const counts = output.match(/^(\d+) assertions held, (\d+) failed$/m);
  if (code !== 0 || counts === null) throw new Problem(`The scenario failed (exit code ${code})`, { details: output.slice(-6000) });
  if (counts[2] !== '0') process.stdout.write(output.slice(-6000)); // which assertions, and what was received
  return { passed: Number(counts[1]), failed: Number(counts[2]) };
}
