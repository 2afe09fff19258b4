import { readFileSync } from 'node:fs';
import { pricesFrom } from '../../scripts/lib/network-costs.mjs';
import { ASSUMED_METRICS, idleCost } from '../lib/idle-cost.mjs';
import { resourcesOf } from '../lib/lane.mjs';
import { table } from '../lib/section.mjs';

const PRICES = JSON.parse(readFileSync(new URL('../prices.json', import.meta.url), 'utf8'));
const NUMBERS = [1, 10, 50];
const TASKS = 2;

/** Label, program, choice. */
const ROWS = [
  ['**the default**: NAT gateways, public load balancer, production', 'idle', 'default'],
  ['network `natGateways(1)`', 'idle', 'natGateways(1)'],
  ['network `vpcEndpoints()`', 'idle', 'vpcEndpoints()'],
  ['network `publicSubnets()`', 'idle', 'publicSubnets()'],
  ['no routes', 'idle', 'no routes'],
  ['an internal load balancer', 'idle', 'internal load balancer'],
  ['profile of development', 'idle', 'development', 1],
  ['`aws-ecs-patterns`', 'services/ecs-patterns'],
  ['`ecs-service-extensions`', 'services/service-extensions'],
  ['L2 by hand, one load balancer', 'services/l2'],
];

/** @type {import('../lib/section.mjs').Section} */
export const IDLE_COST = {
  title: 'Idle cost',
  async measure() {
    const costs = [];
    for (const [label, program, choice, tasks = TASKS] of ROWS) {
      const found = [];
      for (const number of NUMBERS) found.push(idleCost(await resourcesOf(program, number, choice), PRICES, tasks));
      costs.push({ label, found });
    }
    const networkOf = (label) => costs.find((row) => row.label === label).found.map(({ network }) => network);
    return {
      markdown: `${introduction()}\n\n${table(
        ['', ...NUMBERS.flatMap((number) => [`${number}: network, ingress`, `${number}: observability`])],
        costs.map(({ label, found }) => [label, ...found.flatMap(({ network, observability }) => [dollars(network), dollars(observability)])]),
      )}\n\n${remarks()}`,
      targets: [{
        what: 'idle cost of ten services, network and ingress, to `aws-ecs-patterns`',
        value: networkOf('network `natGateways(1)`')[1] / networkOf('`aws-ecs-patterns`')[1],
        limit: 0.25,
      }],
    };
  },
};

function introduction() {
  return `US dollars a month for 1, 10 and 50 services that nobody calls, counted in the templates, with ${TASKS} tasks each (development: one). Each task of 0.25 vCPU and 512 MiB on Fargate costs ${dollars(task())} more, in all rows alike.`;
}

function task() {
  return (0.25 * PRICES.perHour.fargateVcpu + 0.5 * PRICES.perHour.fargateGibibyte) * PRICES.hoursInMonth;
}

function remarks() {
  return `The default is the cheapest choice that is safe: private subnets, a way out that outlives the loss of a zone, and numbers that tell when something is wrong. \`natGateways(1)\` gives up that a zone may be lost,
\`publicSubnets()\` that nobody can reach a task whose security group is wrong. The profile of development gives up Container Insights, alarms, dashboard, the second NAT gateway, the second task and capacity that AWS does not take back.
The peers have one NAT gateway here, so \`natGateways(1)\` is the row to compare them with. Container Insights is charged by the metric: ${ASSUMED_METRICS} are assumed for each cluster, service, task and container.

${pricesFrom(PRICES)}`;
}

function dollars(value) {
  return `$${value.toFixed(value < 100 ? 2 : 0)}`;
}
