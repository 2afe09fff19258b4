import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, run, runOrFail } from '../lib/processes.mjs';

const PROCESSES = new URL('../lib/processes.mjs', import.meta.url).href;
/** Tells its process id and stays until it is ended. */
const STAYS = 'console.log(process.pid); setInterval(() => {}, 1000)';

test('a program ends with its exit code and all that it wrote', async () => {
  const { code, output } = await run(process.execPath, ['-e', 'console.log("out"); console.error("err"); process.exit(3)']);
  assert.equal(code, 3);
  assert.match(output, /out/);
  assert.match(output, /err/);
});

test('a program that is not there is told by its name', async () => {
  await assert.rejects(runOrFail('It did not run', 'no-such-program', []), (problem) => /no-such-program/.test(problem.details));
});

test('a program that takes too long is stopped', async () => {
  let pid;
  await assert.rejects(run(process.execPath, ['-e', STAYS], { timeoutMs: 1_000, onLine: (line) => { pid = Number(line); } }), /did not end within 1 seconds/);
  assert.equal(isAlive(pid), false);
});

test('a program does not outlive the process that runs it, not even a killed one', async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', `
    import { run } from ${JSON.stringify(PROCESSES)};
    await run(process.execPath, ['-e', ${JSON.stringify(STAYS)}], { onLine: (line) => console.log(line) });
  `], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(line);
  assert.equal(isAlive(pid), true);
  parent.kill('SIGKILL');
  for (let tries = 0; isAlive(pid) && tries < 600; tries++) await sleep(50);
  assert.equal(isAlive(pid), false);
});
