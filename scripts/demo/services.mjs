import { setTimeout as sleep } from 'node:timers/promises';
import { askLocalAws } from '../lib/local-aws.mjs';
import { Problem } from '../lib/problem.mjs';

/** A new load balancer's name may take minutes to be known everywhere. */
const REACHABLE_MS = 5 * 60_000;

/** As many as the table's response time is the middle of. */
const REQUESTS = 5;

/**
 * @typedef {object} ServiceResult
 * @property {string} name
 * @property {string} url
 * @property {string} status
 * @property {number} [milliseconds] the median response time
 */

/**
 * Where the storefront answers: a real load balancer has a name; the name of a local one is known to nobody, and the
 * local AWS tells on which port it listens.
 *
 * @param {import('../lib/target.mjs').Target} target
 * @param {Record<string, string>} outputs
 * @returns {Promise<string>}
 */
export async function storefrontUrl(target, outputs) {
  if (target.kind === 'real') return outputs.StorefrontUrl;
  const listeners = await askLocalAws(target.clientOptions.endpoint, 'endpoints');
  const listener = listeners.find(({ listenerArn }) => listenerArn === outputs.ListenerArn);
  if (listener === undefined) throw new Problem(`The local AWS has no port for the listener ${outputs.ListenerArn}.`);
  return listener.url;
}

/**
 * @param {string} url
 * @param {Record<string, string>} headers
 */
async function get(url, headers) {
  const started = performance.now();
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
  const body = await response.text();
  return { status: response.status, body, milliseconds: performance.now() - started };
}

/** Waits until somebody answers at all; what is answered is for the checks. */
async function reachable(url) {
  const deadline = Date.now() + REACHABLE_MS;
  for (;;) {
    try {
      return await get(url, {});
    } catch (error) {
      if (Date.now() > deadline) throw new Problem(`The storefront does not answer at ${url}: ${error.cause?.message ?? error.message}`);
      await sleep(1_000);
    }
  }
}

/**
 * Asks the storefront as a browser and as a program, and checks that it shows what orders returned.
 *
 * @param {string} url
 * @param {import('../lib/checks.mjs').Checks} checks
 * @param {string} logs where the logs of both services lie
 * @returns {Promise<ServiceResult[]>}
 */
export async function exerciseServices(url, checks, logs) {
  await reachable(url);
  const page = await get(url, { accept: 'text/html' });
  checks.equal('the storefront answers GET / with 200', page.status, 200, logs);
  checks.contains('the storefront shows an order that only orders knows', page.body, 'Espresso machine', logs);

  const answers = [];
  for (let request = 0; request < REQUESTS; request++) {
    answers.push(await get(new URL('/api/orders', url).href, { accept: 'application/json' }));
  }
  const statuses = answers.map(({ status }) => status);
  checks.equal(`the storefront answers ${REQUESTS} requests for /api/orders with 200`, statuses, Array(REQUESTS).fill(200), logs);

  const shown = answers.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body));
  checks.equal('the storefront reaches orders by its Service Connect name', shown.at(0)?.from, 'http://orders:8080', logs);
  checks.equal('the storefront returns the three orders', shown.at(0)?.orders.map(({ id }) => id), [1001, 1002, 1003], logs);
  checks.equal('orders has got its secret of 32 characters', shown.at(0)?.database, { passwordSet: true, passwordLength: 32 }, logs);
  return [
    { name: 'storefront', url, status: String(page.status), milliseconds: medianTime(answers) },
    { name: 'orders', url: 'http://orders:8080 (inside)', status: shown.length > 0 ? '200' : 'not reached', milliseconds: medianTime(shown) },
  ];
}

/**
 * Reads the services back from ECS: as many tasks as wanted, and no deployment under way.
 *
 * @param {import('../lib/clients.mjs').Aws} aws
 * @param {Record<string, string>} outputs
 * @param {import('../lib/checks.mjs').Checks} checks
 * @returns {Promise<Map<string, string>>} tasks by service: "1 of 1"
 */
export async function readBackServices(aws, outputs, checks) {
  const names = { storefront: outputs.StorefrontServiceName, orders: outputs.OrdersServiceName };
  const { services } = await aws.call('ecs', 'DescribeServices', { cluster: outputs.ClusterName, services: Object.values(names) });
  return new Map(Object.entries(names).map(([name, serviceName]) => {
    const service = services.find((candidate) => candidate.serviceName === serviceName);
    const where = `the events of service ${serviceName} in cluster ${outputs.ClusterName}`;
    checks.equal(`ECS says that ${name} is active`, service?.status, 'ACTIVE', where);
    checks.atLeast(`ECS wants tasks of ${name}`, service?.desiredCount ?? 0, 1, where);
    checks.equal(`ECS runs as many tasks of ${name} as it wants`, service?.runningCount, service?.desiredCount, where);
    checks.equal(`${name} has one deployment, which is complete`, service?.deployments.map(({ rolloutState }) => rolloutState), ['COMPLETED'], where);
    return [name, `${service?.runningCount ?? 0} of ${service?.desiredCount ?? 0}`];
  }));
}

/** @param {{ milliseconds: number }[]} answers */
function medianTime(answers) {
  return answers.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)[Math.floor(answers.length / 2)];
}
