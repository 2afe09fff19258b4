/**
 * Makes a fresh clone ready to work: checks Node and Python, installs the npm packages of the lock file, and makes the
 * virtual environment of the local AWS. Does nothing, fast, if all of that is there. Node built-ins only.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashOf, npmPackagesAreReady, readJson, venvWork } from './lib/installed.mjs';
import { withLock } from './lib/lock-folder.mjs';
import { npmCi } from './lib/npm.mjs';
import { CACHE, LOCAL_AWS, ROOT, VENV, VENV_PYTHON } from './lib/paths.mjs';
import { describeProblem, Problem } from './lib/problem.mjs';
import { runOrFail } from './lib/processes.mjs';
import { Progress } from './lib/progress.mjs';
import { findPython } from './lib/python.mjs';

const OLDEST_NODE = 20;
const REQUIREMENTS = join(LOCAL_AWS, 'requirements.txt');
const TEST_REQUIREMENTS = join(LOCAL_AWS, 'requirements-test.txt');
const VENV_NOTE = join(VENV, 'requirements-hashes.json');

/** What an enclosing environment may set that would lead pip elsewhere. */
const MISLEADING = ['PYTHONHOME', 'PYTHONPATH', 'PIP_PREFIX', 'PIP_REQUIRE_VIRTUALENV', 'PIP_TARGET', 'PIP_USER', 'VIRTUAL_ENV'];

/**
 * @param {{ tests?: boolean, progress?: Progress }} [options] `tests`: also the Python packages that only tests need
 */
export async function bootstrap({ tests = false, progress = new Progress() } = {}) {
  checkNode();
  if (isReady(tests)) return;
  progress.heading('Setting up (only this time)');
  await withLock(join(CACHE, 'bootstrap.lock'), async () => {
    const python = findPython();
    if (!npmIsReady()) await progress.step('npm packages of the lock file', () => npmCi(ROOT));
    const work = pythonWork(tests);
    if (work === 'all') {
      await progress.step(`virtual environment for the local AWS, Python ${python.version.join('.')}`, () => makeVenv(python.command));
    }
    if (work !== 'none' && tests) await progress.step('Python packages for tests', () => pipInstall(TEST_REQUIREMENTS));
    if (work !== 'none') noteVenv(tests);
  }, () => progress.line('  waiting for another set-up in this folder to end'));
}

function checkNode() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE) {
    throw new Problem(`Node.js ${OLDEST_NODE} or newer is needed, and this is ${process.versions.node}: `
      + 'install it from https://nodejs.org and try again.');
  }
}

function isReady(tests) {
  return npmIsReady() && pythonWork(tests) === 'none';
}

function npmIsReady() {
  return npmPackagesAreReady(ROOT);
}

/** A virtual environment whose Python was uninstalled or replaced has a link that leads nowhere. */
function pythonWork(tests) {
  return existsSync(VENV_PYTHON) ? venvWork(readJson(VENV_NOTE), wantedHashes(tests)) : 'all';
}

function wantedHashes(tests) {
  return { runtime: hashOf(readFileSync(REQUIREMENTS)), tests: tests ? hashOf(readFileSync(TEST_REQUIREMENTS)) : null };
}

async function makeVenv(python) {
  rmSync(VENV, { recursive: true, force: true });
  await runOrFail('The virtual environment could not be made', python, ['-m', 'venv', VENV], { cwd: ROOT, env: pipEnvironment() });
  await pipInstall(REQUIREMENTS);
}

async function pipInstall(requirements) {
  await runOrFail('The Python packages could not be installed', VENV_PYTHON,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', requirements], { cwd: ROOT, env: pipEnvironment() });
}

/** Written last: an installation that was cut short leaves no note and is done again. */
function noteVenv(tests) {
  writeFileSync(VENV_NOTE, JSON.stringify(wantedHashes(tests)));
}

function pipEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !MISLEADING.includes(name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await bootstrap({ tests: process.argv.includes('--tests') });
    console.log('Ready.');
  } catch (error) {
    console.error(describeProblem(error));
    process.exitCode = 1;
  }
}
