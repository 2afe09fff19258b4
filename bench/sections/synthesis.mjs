import { resourcesOf, runProgram } from '../lib/lane.mjs';
import { interleaved, medianOf, ratio } from '../lib/rounds.mjs';
import { format, table } from '../lib/section.mjs';

const FLOOR = 'services/floor';
const PATTERNS = 'services/ecs-patterns';
const OURS = 'services/ours';
const OURS_WITH_DEFAULTS = 'services/ours-with-defaults';
const PROGRAMS = {
  [FLOOR]: 'floor: least-privilege CloudFormation resources by hand',
  [OURS]: '**cdk-ecs-workloads**',
  [OURS_WITH_DEFAULTS]: 'cdk-ecs-workloads with all defaults of production',
  'services/l2': 'L2 by hand, one load balancer',
  [PATTERNS]: '`aws-ecs-patterns`',
  'services/service-extensions': '`ecs-service-extensions`',
};

const INTRODUCTION = `Equal work: a VPC, a cluster, and services with one container, one secret, a log group, scaling on CPU, a target group and a rule, in one stack without account and Region, with
the feature flags of a new project. CPU time of the whole process, its start included, as a ratio to the floor: medians of interleaved rounds.`;

/** @type {import('../lib/section.mjs').Section} */
export const SYNTHESIS = {
  title: 'Synthesis of services',
  async measure() {
    const one = await run(1, 3);
    const many = await run(100, 3);
    const validated = await run(30, 2, { validation: true }, [FLOOR, OURS, PATTERNS]);
    const marginal = await marginals(one, many);
    return { markdown: page(one, many, validated, marginal), targets: targets(many, validated, marginal[OURS]) };
  },
};

function run(number, rounds, options, programs = Object.keys(PROGRAMS)) {
  return interleaved(Object.fromEntries(programs.map((program) => [program, () => runProgram(['run.cjs', program, number], options)])), rounds);
}

/** What one more service adds to a stack of a known account and Region, as the CDK writes it. */
async function marginals(one, many) {
  const added = (program, figure) => (many[program][0][figure] - one[program][0][figure]) / 99;
  const bytes = async (program, number) => JSON.stringify({ Resources: await resourcesOf(program, number) }, undefined, 1).length;
  const entries = Object.keys(PROGRAMS).map(async (program) => [program, {
    resources: added(program, 'resources'),
    constructs: added(program, 'constructs'),
    kibibytes: (await bytes(program, 3) - await bytes(program, 2)) / 1024,
  }]);
  return Object.fromEntries(await Promise.all(entries));
}

function page(one, many, validated, marginal) {
  const speed = Object.entries(PROGRAMS).map(([program, label]) => [
    label, ...[one, many].map((rounds) => format(ratio(rounds[program], rounds[FLOOR], 'cpu'))),
    ...['construct', 'synth', 'memory'].map((figure) => format(ratio(many[program], many[FLOOR], figure))),
  ]);
  const size = Object.entries(PROGRAMS).map(([program, label]) => [
    label, format(marginal[program].resources, 1), format(marginal[program].constructs, 1), format(marginal[program].kibibytes, 1),
  ]);
  const scale = `For scale, the floor took ${format(medianOf(one[FLOOR], 'cpu'), 0)} ms with one service and ${format(medianOf(many[FLOOR], 'cpu'), 0)} ms with 100 on the machine of this run.`;
  const withRules = ['services/ours', PATTERNS].map((program) => (
    `${PROGRAMS[program]} ${format(ratio(validated[program], validated[FLOOR], 'cpu'))}`)).join(', ');
  return [
    INTRODUCTION, table(['', 'CPU, 1 service', 'CPU, 100 services', 'constructing, 100', 'synthesising, 100', 'peak memory, 100'], speed), scale,
    `With the validation of the newest CDK on, which judges each template, at 30 services: ${withRules} times the floor.`,
    'What one more service adds to a template:', table(['', 'Resources', 'Constructs', 'KiB'], size),
  ].join('\n\n');
}

function targets(many, validated, added) {
  const toPatterns = (figure, program = OURS) => ratio(many[program], many[PATTERNS], figure);
  return [
    { what: '100 services, CPU to the floor', value: ratio(many[OURS], many[FLOOR], 'cpu'), limit: 1.7 },
    { what: '100 services, CPU to `aws-ecs-patterns`', value: toPatterns('cpu'), limit: 0.65 },
    { what: '100 services, constructing, to `aws-ecs-patterns`', value: toPatterns('construct'), limit: 0.6 },
    { what: '100 services, peak memory to `aws-ecs-patterns`', value: toPatterns('memory'), limit: 0.85 },
    { what: '30 services with validation, CPU to `aws-ecs-patterns`', value: ratio(validated[OURS], validated[PATTERNS], 'cpu'), limit: 0.92 },
    { what: '100 services with all our defaults, CPU to `aws-ecs-patterns` without', value: toPatterns('cpu', OURS_WITH_DEFAULTS), limit: 1 },
    { what: 'one more service, resources', value: added.resources, limit: 10, digits: 1 },
    { what: 'one more service, constructs', value: added.constructs, limit: 20, digits: 1 },
    { what: 'one more service, KiB', value: added.kibibytes, limit: 7.5, digits: 1 },
  ];
}
