import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Problem } from './problem.mjs';

const GRACE_MS = 5_000;
const GUARD = fileURLToPath(new URL('guarded.mjs', import.meta.url));

/** Leaders of the process groups that this process has started and that have not ended. */
const running = new Set();

/** Set once everything is being ended: whoever waits for a program then waits for the end of this process. */
let ending = false;

/**
 * Starts a program in a process group of its own, so that it can be ended together with its children.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {import('node:child_process').ChildProcess}
 */
export function start(command, args, options) {
  const child = spawn(command, args, { ...options, detached: true });
  running.add(child);
  child.once('close', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [log] file to which the output is appended
 * @property {(line: string) => void} [onLine]
 * @property {number} [timeoutMs]
 */

/**
 * Runs a program to its end, which is also the end of this process: it does not outlive it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function run(command, args, { cwd, env, log, onLine, timeoutMs = 15 * 60_000 } = {}) {
  const child = start(process.execPath, [GUARD, command, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const file = log === undefined ? undefined : createWriteStream(log, { flags: 'a' });
  let output = '';
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void end(child);
  }, timeoutMs);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      output += text;
      file?.write(text);
    });
    if (onLine) eachLine(stream, onLine);
  }
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => { if (!ending) resolve(status ?? 1); });
    });
    if (timedOut) throw new Problem(`${command} did not end within ${timeoutMs / 1000} seconds and was stopped.`, { details: tail(output) });
    return { code, output };
  } finally {
    clearTimeout(timer);
    file?.end();
  }
}

/**
 * Runs a program that must succeed.
 *
 * @param {string} what the sentence for a failure: "the packages could not be installed"
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export async function runOrFail(what, command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) {
    const where = options?.log === undefined ? '' : ` All of its output is in ${options.log}.`;
    throw new Problem(`${what}: exit code ${code}.${where}`, { details: tail(output) });
  }
  return output;
}

/**
 * Ends a program and its children: SIGTERM, and SIGKILL for what is left after a while.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [graceMs]
 */
export async function end(child, graceMs = GRACE_MS) {
  if (child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  if (!running.has(child)) return;
  signalGroup(child.pid, 'SIGTERM');
  await Promise.race([ended, sleep(graceMs, undefined, { ref: false })]);
  if (running.has(child)) {
    signalGroup(child.pid, 'SIGKILL');
    await Promise.race([ended, sleep(graceMs, undefined, { ref: false })]);
  }
}

/** Ends everything that `start` has started. What waits for one of these programs does not go on. */
export async function endAll() {
  ending = true;
  await Promise.all([...running].map((child) => end(child)));
}

/**
 * Whether a process with this id exists.
 *
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** @param {NodeJS.ReadableStream} stream */
export function eachLine(stream, onLine) {
  let rest = '';
  stream.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  stream.on('end', () => rest !== '' && onLine(rest));
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** The end of an output, where programs say why they failed. */
function tail(output, lines = 30) {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}
