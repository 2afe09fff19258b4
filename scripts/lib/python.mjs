import { spawnSync } from 'node:child_process';
import { Problem } from './problem.mjs';

/** The oldest Python that the local AWS runs on. */
const OLDEST = [3, 10];

/** In the order in which they are tried: the one that the machine calls its Python first. */
export const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/** Debian and its kin keep ensurepip in a package of its own: a `venv` that imports well can still fail to make one. */
const QUESTION = `
import sys
missing = []
for module in ("venv", "ensurepip"):
    try:
        __import__(module)
    except ImportError:
        missing.append(module)
print(sys.version_info[0], sys.version_info[1], sys.version_info[2], *missing)
`;

/**
 * @typedef {object} Python
 * @property {string} command what to start it with
 * @property {number[]} version
 * @property {string[]} missing modules that it lacks to make a virtual environment
 */

/**
 * Asks one candidate what it is; undefined if it is not there or does not run.
 *
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Python | undefined}
 */
function ask(command, env) {
  const { status, stdout } = spawnSync(command, ['-c', QUESTION], { env, encoding: 'utf8', timeout: 30_000, stdio: ['ignore', 'pipe', 'ignore'] });
  if (status !== 0) return undefined;
  const [major, minor, patch, ...missing] = stdout.trim().split(' ');
  return { command, version: [major, minor, patch].map(Number), missing };
}

/** @param {Python} python */
function isNewEnough({ version: [major, minor] }) {
  return major === OLDEST[0] && minor >= OLDEST[1];
}

/**
 * The first Python on the PATH that can make the virtual environment of the local AWS.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Python}
 */
export function findPython(env = process.env) {
  const found = [];
  for (const command of CANDIDATES) {
    const python = ask(command, env);
    if (python === undefined) continue;
    if (isNewEnough(python) && python.missing.length === 0) return python;
    found.push(python);
  }
  throw new Problem(sentence(found));
}

/** @param {Python[]} found */
function sentence(found) {
  const incomplete = found.find(isNewEnough);
  if (incomplete !== undefined) {
    return `${nameOf(incomplete)} cannot make virtual environments, because it lacks ${incomplete.missing.join(' and ')}: `
      + `add what is missing (Debian, Ubuntu: apt-get install python${incomplete.version.slice(0, 2).join('.')}-venv) and try again.`;
  }
  const seen = found.length > 0 ? `only ${found.map(nameOf).join(', ')} ${found.length > 1 ? 'are' : 'is'} on the PATH` : 'there is none on the PATH';
  return `Python ${OLDEST.join('.')} or newer is needed for the local AWS, and ${seen}: `
    + 'install it (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python) and try again.';
}

/** @param {Python} python */
function nameOf({ command, version }) {
  return `${command} (${version.join('.')})`;
}
