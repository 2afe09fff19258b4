import { runProgram } from '../lib/lane.mjs';
import { interleaved, medianOf } from '../lib/rounds.mjs';
import { format, table } from '../lib/section.mjs';

const IN_A_STACK = 30;
const NUMBERS = [10, 100, 300, 1000];

/** @type {import('../lib/section.mjs').Section} */
export const GROWTH = {
  title: 'Growth',
  async measure() {
    const run = (number) => () => runProgram(['run.cjs', 'services/ours', number, IN_A_STACK]);
    const small = await interleaved(Object.fromEntries([0, ...NUMBERS.slice(0, 2)].map((number) => [number, run(number)])), 3);
    const large = await interleaved(Object.fromEntries(NUMBERS.slice(2).map((number) => [number, run(number)])), 2);
    const cost = (number) => medianOf((small[number] ?? large[number]), 'cpu');
    const above = (number) => cost(number) - cost(0);
    const exponent = (few, many) => Math.log(above(many) / above(few)) / Math.log(many / few);
    const rows = NUMBERS.map((number, index) => {
      const [{ stacks, resources }] = small[number] ?? large[number];
      return [number, stacks, resources, format(above(number) / number, 1), index === 0 ? '' : format(exponent(NUMBERS[index - 1], number))];
    });
    return {
      markdown: `${IN_A_STACK} services in each stack, with a cluster and a load balancer of its own, as the quotas ask for anyway. What a service costs beyond an application without any, and the exponent of the growth since the line before.\n\n`
        + table(['Services', 'Stacks', 'Resources', 'CPU ms a service', 'Exponent'], rows),
      targets: [{ what: 'growth from 100 to 1,000 services, exponent', value: exponent(100, 1000), limit: 1 }],
    };
  },
};
