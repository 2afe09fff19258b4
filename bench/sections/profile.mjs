import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LANE, runProgram } from '../lib/lane.mjs';
import { sharesOf } from '../lib/profile.mjs';
import { format, table } from '../lib/section.mjs';

const PROGRAMS = { 'services/floor': 'floor', 'services/ours': '**cdk-ecs-workloads**', 'services/ecs-patterns': '`aws-ecs-patterns`' };

/** @type {import('../lib/section.mjs').Section} */
export const PROFILE = {
  title: 'Where the time goes',
  async measure() {
    const shares = [];
    for (const program of Object.keys(PROGRAMS)) shares.push(await profile(program));
    const rows = Object.keys(shares[0]).map((area) => [area, ...shares.map((found) => format(found[area], 1))]);
    return {
      markdown: `Percent of the time of an application with 100 services, by a CPU profile of each.\n\n${table(['', ...Object.values(PROGRAMS)], rows)}\n\n${WORTH_DOING}`,
      targets: [],
    };
  },
};

const WORTH_DOING = `What was found worth doing: fewer resources and constructs, since the CDK's own work, which is most of it, goes by those; modules in one file that run when they are used
([decision 0050](decisions/0050-lazy-modules.md)); roles that are a resource and no more, since \`iam.Role\` brings an aspect that visits the tree; security groups, target groups, rules, scaling and
alarms as CloudFormation resources ([decision 0003](decisions/0003-fewer-resources.md)); dependencies on single resources. Not worth doing: switches of the framework, which belong to the application.
One of them is worth knowing: \`suppressTemplateIndentation\` of a stack makes its template a good deal smaller.`;

async function profile(program) {
  const folder = mkdtempSync(join(LANE, 'profile-'));
  try {
    await runProgram(['--cpu-prof', '--cpu-prof-interval', 500, '--cpu-prof-dir', folder, 'run.cjs', program, 100]);
    return sharesOf(JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
