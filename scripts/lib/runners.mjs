import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, LOCAL_AWS, NODE_MODULES, ROOT, VENV_PYTHON } from './paths.mjs';
import { Problem } from './problem.mjs';
import { run, runOrFail } from './processes.mjs';

/**
 * The programs that checks run, each as a function that returns how many tests passed and failed.
 *
 * Where a runner's own count can be read, its exit code must agree with it: a runner that ends badly without a failed test has not run.
 */

const ENV = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', NODE_NO_WARNINGS: '1', CDK_VALIDATION: 'false' };

/** A program of node_modules. */
export function bin(name) {
  return join(NODE_MODULES, '.bin', name);
}

/** @param {string} task a task of .projenrc.ts */
export async function projen(task) {
  await runOrFail(`'projen ${task}' failed`, bin('projen'), [task], { cwd: ROOT, env: ENV });
}

export async function jest(args) {
  const file = join(CACHE, 'jest.json');
  const { code, output } = await run(bin('jest'), ['--ci', '--json', `--outputFile=${file}`, ...args], { cwd: ROOT, env: ENV });
  const { numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken } = JSON.parse(readFileSync(file, 'utf8'));
  return agree('jest', code, output, { passed, failed: failed + broken });
}

export async function pytest(args, { cwd = LOCAL_AWS } = {}) {
  const { code, output } = await run(VENV_PYTHON, ['-m', 'pytest', '-q', ...args], { cwd, env: ENV });
  return agree('pytest', code, output, { passed: count(output, /(\d+) passed/), failed: count(output, /(\d+) failed/) + count(output, /(\d+) errors?/) });
}

export async function nodeTest(files) {
  const { code, output } = await run(process.execPath, ['--test', '--test-reporter=tap', ...files], { cwd: ROOT, env: withoutTestContext() });
  return agree('node --test', code, output, { passed: count(output, /^# pass (\d+)/m), failed: count(output, /^# fail (\d+)/m) });
}

/** A test runner of Node that finds itself inside another one reports to that one instead of printing. */
function withoutTestContext() {
  const { NODE_TEST_CONTEXT: _, ...env } = ENV;
  return env;
}

function count(output, pattern) {
  const found = output.match(pattern);
  return found === null ? 0 : Number(found[1]);
}

function agree(runner, code, output, counts) {
  if (counts.failed > 0 || code !== 0) {
    const details = output.trimEnd().split('\n').slice(-150).join('\n');
    if (counts.failed === 0) throw new Problem(`${runner} ended with exit code ${code} and no failed test`, { details });
    process.stdout.write(`\n${details}\n`);
  }
  if (counts.passed + counts.failed === 0) throw new Problem(`${runner} ran no test`, { details: output.slice(-2000) });
  return counts;
}
