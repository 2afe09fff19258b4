import { Agent, request } from 'node:http';

/**
 * Asks one address as often as it answers, over connections that stay open.
 *
 * @param {string} url
 * @param {{ connections: number, seconds: number }} options
 * @returns {Promise<{ perSecond: number, errors: number }>} what is not answered with 200 is an error
 */
export async function load(url, { connections, seconds }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const start = performance.now();
  const end = start + seconds * 1000;
  const counts = { answered: 0, errors: 0 };
  const one = async () => {
    while (performance.now() < end) counts[await statusOf(url, agent) === 200 ? 'answered' : 'errors']++;
  };
  await Promise.all(Array.from({ length: connections }, one));
  agent.destroy();
  return { perSecond: counts.answered / ((performance.now() - start) / 1000), errors: counts.errors };
}

function statusOf(url, agent) {
  return new Promise((resolve) => {
    const sent = request(url, { agent, timeout: 30_000 }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
      response.once('error', () => resolve(undefined));
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => resolve(undefined));
    sent.end();
  });
}
