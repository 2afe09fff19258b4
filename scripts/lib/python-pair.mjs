import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CACHE, ROOT, VENV_PYTHON } from './paths.mjs';
import { Problem } from './problem.mjs';
import { runOrFail } from './processes.mjs';
import { bin } from './runners.mjs';

const WORK = join(CACHE, 'python-pair');
const VENV = join(WORK, 'venv');
const EXAMPLES = join(ROOT, 'examples');

/**
 * A Python user's path: build the wheel, install it with pip into a fresh virtual environment beside aws-cdk-lib of the version that the library is
 * built with, synthesise each example in Python, and compare its templates with those of the example in TypeScript.
 */
export async function comparePythonPairs(tell) {
  const apps = findApps();
  rmSync(WORK, { recursive: true, force: true });
  tell('building the wheel');
  await runOrFail('The wheel could not be built', bin('jsii-pacmak'), ['--target', 'python', '--outdir', join(WORK, 'dist')], { cwd: ROOT });
  tell('installing it');
  await install();
  tell(`synthesising ${apps.length} apps in both languages`);
  const [typescript, python] = await Promise.all([
    synthesiseAll(apps, 'typescript', bin('tsx'), ['--tsconfig', join(ROOT, 'tsconfig.dev.json'), 'app.ts']),
    synthesiseAll(apps, 'python', join(VENV, 'bin', 'python'), ['app.py']),
  ]);
  return compare(typescript, python);
}

/**
 * The apps of all examples that are there in both languages, as `{ example, app }`: an example is one app, or has a folder for each of its apps.
 * One that stands in one language only is a mistake.
 */
export function findApps(examples = EXAMPLES) {
  const found = (language) => readdirSync(examples, { recursive: true })
    .filter((file) => basename(file) === 'cdk.json' && !file.includes('node_modules') && !file.includes('cdk.out'))
    .map((file) => dirname(file).split(sep))
    .filter(([, folder]) => folder === language)
    .map(([example, , ...rest]) => join(example, LANGUAGE, ...rest))
    .sort();
  const [typescript, python] = [found('typescript'), found('python')];
  const alone = [...typescript.filter((app) => !python.includes(app)), ...python.filter((app) => !typescript.includes(app))];
  if (alone.length > 0) throw new Problem(`Examples that stand in one language only: ${alone.join(', ')}`);
  return typescript;
}

/** Stands for the language in the path of an app. */
const LANGUAGE = '{language}';

async function install() {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const dist = join(WORK, 'dist', 'python');
  const wheel = readdirSync(dist).find((file) => file.endsWith('.whl'));
  await runOrFail('The virtual environment could not be made', VENV_PYTHON, ['-m', 'venv', VENV]);
  await runOrFail('pip could not install the wheel', join(VENV, 'bin', 'python'), [
    '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check',
    join(dist, wheel), `aws-cdk-lib==${devDependencies['aws-cdk-lib']}`, `constructs==${devDependencies.constructs}`,
  ]);
}

/** Templates by app and file name. */
async function synthesiseAll(apps, language, command, args) {
  const templates = new Map();
  for (const app of apps) {
    for (const [file, template] of await synthesise(app, language, command, args)) templates.set(`${app}: ${file}`, template);
  }
  return templates;
}

/** Runs the app by itself: the CDK command line would add nothing to its templates but time. */
async function synthesise(app, language, command, args) {
  const folder = app.replace(LANGUAGE, language);
  const output = join(WORK, 'out', folder);
  await runOrFail(`${join('examples', folder)} could not be synthesised`, command, args, {
    cwd: join(EXAMPLES, folder),
    env: { ...process.env, CDK_OUTDIR: output, NODE_NO_WARNINGS: '1', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  });
  const files = readdirSync(output).filter((file) => file.endsWith('.template.json'));
  if (files.length === 0) throw new Problem(`${join('examples', folder)} has no template`);
  return files.map((file) => [file, JSON.parse(readFileSync(join(output, file), 'utf8').replace(ASSET_HASH, 'ASSET'))]);
}

/** The only thing that may differ: an asset's hash, which has to do with the files that lie about, not with the application. */
const ASSET_HASH = /[0-9a-f]{64}/g;

function compare(typescript, python) {
  const names = [...new Set([...typescript.keys(), ...python.keys()])];
  const different = names.filter((name) => !isDeepStrictEqual(typescript.get(name), python.get(name)));
  if (different.length > 0) {
    throw new Problem(`The templates differ: ${different.join(', ')}`, { details: different.flatMap((name) => differences(typescript.get(name), python.get(name))).join('\n') });
  }
  return { passed: names.length, failed: 0 };
}

function differences(left, right, path = '') {
  if (isDeepStrictEqual(left, right)) return [];
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return [`${path}: ${JSON.stringify(left)} in TypeScript, ${JSON.stringify(right)} in Python`];
  }
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => differences(left[key], right[key], `${path}/${key}`)).slice(0, 20);
}
