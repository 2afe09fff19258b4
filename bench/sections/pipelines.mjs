import { runProgram } from '../lib/lane.mjs';
import { interleaved, ratio } from '../lib/rounds.mjs';
import { format, table } from '../lib/section.mjs';

const PROGRAMS = {
  'pipelines/floor': 'floor: least-privilege CloudFormation resources by hand',
  'pipelines/ours': '**cdk-ecs-workloads**',
  'pipelines/l2': '`aws-batch` and Step Functions by hand',
};
const [FLOOR, OURS, L2] = Object.keys(PROGRAMS);

/** @type {import('../lib/section.mjs').Section} */
export const PIPELINES = {
  title: 'Synthesis of pipelines',
  async measure() {
    const run = (number, rounds) => interleaved(
      Object.fromEntries(Object.keys(PROGRAMS).map((program) => [program, () => runProgram(['run.cjs', program, number])])), rounds);
    const one = await run(1, 1);
    const many = await run(30, 3);
    const added = (program) => (many[program][0].resources - one[program][0].resources) / 29;
    const rows = Object.entries(PROGRAMS).map(([program, label]) => [
      label, ...['cpu', 'construct', 'synth', 'memory'].map((figure) => format(ratio(many[program], many[FLOOR], figure))), format(added(program), 1),
    ]);
    return {
      markdown: '30 pipelines of five jobs, one after the other, on Fargate Spot, in one stack; ratios to the floor.\n\n'
        + table(['', 'CPU', 'constructing', 'synthesising', 'peak memory', 'Resources a pipeline'], rows),
      targets: [
        { what: '30 pipelines, CPU to L2 by hand', value: ratio(many[OURS], many[L2], 'cpu'), limit: 0.65 },
        { what: 'one more pipeline of five jobs, resources', value: added(OURS), limit: 14, digits: 1 },
      ],
    };
  },
};
