import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOCAL_AWS, NODE_MODULES, VENV_PYTHON } from './paths.mjs';
import { Problem } from './problem.mjs';
import { end, isAlive, start } from './processes.mjs';

const START_MS = 90_000;
const STOP_MS = 30_000;
const BUSY_PORT = 3;

/**
 * A running local model of AWS.
 *
 * @typedef {object} LocalAws
 * @property {string} endpoint
 * @property {number} pid
 * @property {string} data the folder with its log and what containers need
 * @property {() => Promise<void>} stop ends it and all that it runs
 */

/**
 * Starts the local AWS and waits until it answers.
 *
 * It ends when its standard input closes, and that is when this process ends, however it ends: nothing is left behind
 * even by a SIGKILL. A `detached` one stays until it is stopped.
 *
 * @param {{ data: string, port?: number, detached?: boolean, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<LocalAws>}
 */
export async function startLocalAws({ data, port = 0, detached = false, env }) {
  mkdirSync(data, { recursive: true });
  const output = join(data, 'start.out');
  const errors = join(data, 'start.err');
  const files = [openSync(output, 'w'), openSync(errors, 'w')];
  const args = ['-m', 'localaws', '--port', String(port), '--data', data, ...detached ? [] : ['--until-stdin-closes']];
  const child = start(VENV_PYTHON, args, {
    cwd: LOCAL_AWS,
    env: { ...env, LOCAL_AWS_NODE_PATH: NODE_MODULES, PYTHONUNBUFFERED: '1' },
    stdio: [detached ? 'ignore' : 'pipe', ...files],
  });
  files.forEach(closeSync);
  const { endpoint } = await untilReady(child, output, errors, port);
  if (detached) child.unref();
  const { pid } = child;
  return { endpoint, pid, data, stop: () => stopChild(child) };
}

/** The ready line is read from a file: a detached server must not hold a pipe to us. */
async function untilReady(child, output, errors, port) {
  let failure;
  child.once('error', (error) => { failure = error; });
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const [line, complete] = readFileSync(output, 'utf8').split('\n');
    if (complete !== undefined) return JSON.parse(line);
    if (failure !== undefined) throw new Problem(`The local AWS could not be started: ${failure.message}`);
    if (hasEnded(child)) throw startFailure(child, port, errors);
    await sleep(50);
  }
  await end(child);
  throw new Problem(`The local AWS was not ready within ${START_MS / 1000} seconds.`, { details: readFileSync(errors, 'utf8') });
}

function startFailure(child, port, errors) {
  if (child.exitCode === BUSY_PORT) {
    return new Problem(`Port ${port} is in use by another program: choose another one, or leave --port out to take any free one.`);
  }
  const how = child.signalCode ?? `exit code ${child.exitCode}`;
  return new Problem(`The local AWS ended at its start (${how}).`, { details: readFileSync(errors, 'utf8') });
}

function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stopChild(child) {
  if (child.stdin) {
    child.stdin.end();
    await until(() => hasEnded(child), STOP_MS);
  }
  await end(child, STOP_MS);
}

/**
 * Stops a detached local AWS by what was noted about it. False if it was gone already.
 *
 * The process is signalled only if it answers at its endpoint: after a restart of the machine its id may be another's.
 *
 * @param {{ endpoint: string, pid: number }} noted
 */
export async function stopDetached({ endpoint, pid }) {
  if (!await answers(endpoint) || !isAlive(pid)) return false;
  process.kill(pid, 'SIGTERM');
  if (!await until(() => !isAlive(pid), STOP_MS)) {
    throw new Problem(`The local AWS (process ${pid}) has not ended within ${STOP_MS / 1000} seconds.`);
  }
  return true;
}

/** @param {string} endpoint */
export async function answers(endpoint) {
  try {
    return (await fetch(new URL('/_local/health', endpoint), { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

/**
 * What only the local AWS can tell: `endpoints` (the local port of each listener), `tasks` (the running processes); or, with a body, what it is to do.
 *
 * @param {string} endpoint
 * @param {string} name
 * @param {object} [body]
 */
export async function askLocalAws(endpoint, name, body) {
  const posted = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(new URL(`/_local/${name}`, endpoint), { ...posted, signal: AbortSignal.timeout(30_000) });
  const answer = await response.json();
  if (!response.ok) throw new Problem(`The local AWS does not tell its ${name}: ${answer.error}`);
  return answer;
}

/**
 * Whether somebody listens at the URL's port.
 *
 * @param {string} url
 * @returns {Promise<boolean>}
 */
export function isListening(url) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 2_000 });
    const settle = (listening) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false)).once('timeout', () => settle(false));
  });
}

async function until(condition, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}
