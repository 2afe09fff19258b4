/**
 * Runs a program as long as its starter lives: `node guarded.mjs PROGRAM ARGUMENTS`.
 *
 * Standard input is a pipe from the starter, which closes when the starter ends, however it ends. Then the whole process group is ended: nothing is left
 * behind even by a SIGKILL.
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 5_000;
const NOT_FOUND = 127;

const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.once('error', (error) => {
  console.error(error.message);
  process.exit(NOT_FOUND);
});
child.once('exit', (code) => process.exit(code ?? 1));

// the child gets the signals of its group itself; its end is the guard's end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

process.stdin.resume();
process.stdin.once('close', async () => {
  process.kill(-process.pid, 'SIGTERM');
  await sleep(GRACE_MS);
  process.kill(-process.pid, 'SIGKILL');
});
