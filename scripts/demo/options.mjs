import { parseArgs } from 'node:util';
import { Problem } from '../lib/problem.mjs';

export const USAGE = `npm run demo [-- OPTIONS]

Deploys examples/shop to a local model of AWS, exercises it, shows the result, and removes everything.

  --keep                leave the application up; --stop ends it
  --stop                end what --keep left
  --port N              the port of the local AWS (default: any free one)
  --real --account ID   deploy to your own AWS account instead: it costs money while it runs
  --region R            the Region of --real (default: AWS_REGION)
  --verbose             show all that the tools say
  --help                show this text`;

const OPTIONS = {
  account: { type: 'string' },
  help: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  port: { type: 'string' },
  real: { type: 'boolean', default: false },
  region: { type: 'string' },
  stop: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
};

/**
 * @typedef {object} DemoOptions
 * @property {boolean} help
 * @property {boolean} keep
 * @property {boolean} stop
 * @property {boolean} verbose
 * @property {boolean} real
 * @property {string} [account]
 * @property {string} [region]
 * @property {number} [port]
 */

/**
 * @param {string[]} args
 * @returns {DemoOptions}
 */
export function parseOptions(args) {
  const { port, ...options } = parse(args);
  const problem = contradiction({ port, ...options });
  if (problem !== undefined) throw new Problem(problem, { details: USAGE });
  return { ...options, port: port === undefined ? undefined : Number(port) };
}

function parse(args) {
  try {
    return { ...parseArgs({ args, options: OPTIONS, allowPositionals: false }).values };
  } catch (error) {
    throw new Problem(error.message, { details: USAGE });
  }
}

function contradiction({ account, keep, port, real, region, stop }) {
  if (keep && stop) return '--keep and --stop exclude each other.';
  if (real && account === undefined) {
    return '--real needs --account: the id of the account that you mean. It is compared with that of your credentials.';
  }
  if (account !== undefined && !/^\d{12}$/.test(account)) return `--account must be 12 digits, got "${account}".`;
  if (!real && (account !== undefined || region !== undefined)) return '--account and --region go with --real.';
  if (port !== undefined && (real || stop)) return '--port goes with a local AWS that is started.';
  if (port !== undefined && !isPort(port)) return `--port must be 1 to 65535, got "${port}".`;
  return undefined;
}

function isPort(text) {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}
