import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { npmPackagesAreReady } from './installed.mjs';
import { npmCi, npmPack } from './npm.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { Problem } from './problem.mjs';
import { run, runOrFail } from './processes.mjs';

/** An npm project of its own: the newest aws-cdk-lib writes assemblies that the tools of the root cannot read. */
const PROJECT = join(ROOT, 'compat', 'newest');
/** Where it is installed: out of the sight of tools that look for jsii assemblies in the whole checkout. */
const LANE = join(CACHE, 'newest');
/** Copies of the applications, where the packages of the lane are found. */
const WORK = join(LANE, 'work');

/** The library beside a peer that the root does not install. */
const MONITORING = join(LANE, 'monitoring.ts');

/** What the judges must say of `control.ts`. */
const CONTROLS = { validator: /E3047|memory/i, preflight: /idle_timeout.timeout_seconds is 5000/ };

/**
 * The packed library on the newest aws-cdk-lib: each example and integration application is synthesised there, with the rules of the bundled validator as
 * errors and with cdk-preflight.
 *
 * @param {(news: string) => void} tell
 */
export async function judgeOnNewestCdk(tell) {
  await prepare();
  for (const [judge, finding] of Object.entries(CONTROLS)) {
    const { code, output } = await synthesise(join(LANE, 'control.ts'), { CONTROL: judge });
    if (code === 0 || !finding.test(output)) throw new Problem(`the ${judge} did not find the mistake of control.ts`, { details: output });
  }
  const found = [];
  for (const app of applications()) {
    tell(relative(WORK, app));
    const { code, output } = await synthesise(app);
    if (code !== 0) found.push(`${relative(WORK, app)}\n${output}`);
  }
  const passed = Object.keys(CONTROLS).length + applications().length - found.length;
  if (found.length > 0) throw new Problem(`${found.length} applications are refused on the newest aws-cdk-lib, ${passed} pass`, { details: found.join('\n') });
  return { passed, failed: 0 };
}

async function prepare() {
  cpSync(PROJECT, LANE, { recursive: true });
  const library = join(LANE, 'node_modules', 'cdk-ecs-workloads');
  rmSync(library, { recursive: true, force: true });
  if (!npmPackagesAreReady(LANE)) await npmCi(LANE);

  const tarball = await npmPack(ROOT, CACHE);
  mkdirSync(library, { recursive: true });
  await runOrFail('The packed library could not be unpacked', 'tar', ['-xzf', tarball, '--strip-components=1', '-C', library]);

  rmSync(WORK, { recursive: true, force: true });
  for (const folder of ['examples', 'integ']) cpSync(join(ROOT, folder), join(WORK, folder), { recursive: true, filter: isSource });
  // integration tests import the sources; here they get what users get.
  mkdirSync(join(WORK, 'src'));
  writeFileSync(join(WORK, 'src', 'index.ts'), "export * from 'cdk-ecs-workloads';\n");
}

function isSource(path) {
  return !/\.snapshot$|cdk\.out$|__pycache__$/.test(path);
}

function applications() {
  const examples = readdirSync(join(WORK, 'examples'), { recursive: true })
    .filter((file) => basename(file) === 'app.ts')
    .map((file) => join(WORK, 'examples', file));
  const integ = readdirSync(join(WORK, 'integ')).filter((file) => /^integ\..*\.ts$/.test(file)).map((file) => join(WORK, 'integ', file));
  return [...examples, ...integ, MONITORING];
}

function synthesise(app, env = {}) {
  const tsx = pathToFileURL(join(LANE, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
  return run(process.execPath, ['--require', join(LANE, 'judges.cjs'), '--import', tsx, app], {
    cwd: dirname(app),
    env: {
      ...process.env,
      ...env,
      NODE_NO_WARNINGS: '1',
      CDK_OUTDIR: join(WORK, 'cdk.out', relative(LANE, app).replaceAll('/', '-')),
      CDK_CONTEXT_JSON: JSON.stringify({ '@aws-cdk/core:validateAgainstDefaultRules': true }),
      CDK_DEFAULT_ACCOUNT: '123456789012',
      CDK_DEFAULT_REGION: 'us-east-1',
      CDK_VALIDATION: 'true',
    },
  });
}
