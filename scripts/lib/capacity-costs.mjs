import { pricesFrom } from './network-costs.mjs';

/** The disk that an instance of `ClusterCapacity.ec2` has by default, in GiB. */
const DISK = 50;

/**
 * What runs, and what it costs an hour or a month.
 *
 * @typedef {{ runs: string, monthly: (prices: typeof import('../capacity-prices.json')) => number }} Running
 */

/** @type {Running[]} */
export const RUNNING = [
  { runs: 'a task of 256 CPU units and 512 MiB on Fargate', monthly: (prices) => fargate(0.25, 0.5, prices) },
  { runs: 'a task of 1024 CPU units and 2048 MiB on Fargate', monthly: (prices) => fargate(1, 2, prices) },
  { runs: 'an m7g.large, with its disk', monthly: (prices) => instance('m7g.large', prices) },
  { runs: 'a g6.xlarge, with its disk', monthly: (prices) => instance('g6.xlarge', prices) },
];

function fargate(vcpus, gibibytes, { perHour, hoursInMonth }) {
  return (vcpus * perHour.fargateVcpu + gibibytes * perHour.fargateGibibyte) * hoursInMonth;
}

function instance(type, { perHour, perMonth, hoursInMonth }) {
  return perHour[type] * hoursInMonth + DISK * perMonth.gp3Gibibyte;
}

/**
 * The table of docs/capacity.md, with the sentence that says where the prices are from.
 *
 * @param {typeof import('../capacity-prices.json')} prices
 */
export function renderCapacityCosts(prices) {
  return [
    '| What runs all the time | A month |',
    '|---|---:|',
    ...RUNNING.map(({ runs, monthly }) => `| ${runs} | $${monthly(prices).toFixed(2)} |`),
    '',
    pricesFrom(prices),
  ].join('\n');
}
