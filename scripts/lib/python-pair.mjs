import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
 * built with, synthesise each example in Python, and compare its templates with those of the same in TypeScript.
 */
export async function comparePythonPair(tell) {
  rmSync(WORK, { recursive: true, force: true });
  tell('building the wheel');
  await runOrFail('The wheel could not be built', bin('jsii-pacmak'), ['--target', 'python', '--outdir', join(WORK, 'dist')], { cwd: ROOT });
  tell('installing it');
  await install();
  let passed = 0;
  for (const example of readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'python', 'app.py')))) {
    tell(`synthesising ${example} in both languages`);
    passed += compare(
      example,
      await synthesise(example, 'typescript', `${bin('tsx')} --tsconfig ${join(ROOT, 'tsconfig.dev.json')} app.ts`),
      await synthesise(example, 'python', `${join(VENV, 'bin', 'python')} app.py`),
    );
  }
  return { passed, failed: 0 };
}

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

/** Templates by file name. */
async function synthesise(example, language, app) {
  const output = join(WORK, example, language);
  await runOrFail(`The example ${example} in ${language} could not be synthesised`, bin('cdk'), ['synth', '--quiet', '--app', app, '--output', output], {
    cwd: join(EXAMPLES, example, language),
    env: { ...process.env, CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true', NODE_NO_WARNINGS: '1', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  });
  const files = readdirSync(output).filter((file) => file.endsWith('.template.json'));
  return new Map(files.map((file) => [file, JSON.parse(readFileSync(join(output, file), 'utf8').replace(ASSET_HASH, 'ASSET'))]));
}

/** The only thing that may differ: an asset's hash, which has to do with the files that lie about, not with the application. */
const ASSET_HASH = /[0-9a-f]{64}/g;

/** How many templates are the same. */
function compare(example, typescript, python) {
  if (typescript.size === 0) throw new Problem(`The example ${example} in TypeScript has no template`);
  const names = [...new Set([...typescript.keys(), ...python.keys()])];
  const different = names.filter((name) => !isDeepStrictEqual(typescript.get(name), python.get(name)));
  if (different.length > 0) {
    throw new Problem(`The templates of the example ${example} differ: ${different.join(', ')}`, { details: different.flatMap((name) => differences(typescript.get(name), python.get(name))).join('\n') });
  }
  return names.length;
}

function differences(left, right, path = '') {
  if (isDeepStrictEqual(left, right)) return [];
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return [`${path}: ${JSON.stringify(left)} in TypeScript, ${JSON.stringify(right)} in Python`];
  }
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => differences(left[key], right[key], `${path}/${key}`)).slice(0, 20);
}
