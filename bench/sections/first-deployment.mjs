import { longestChain } from '../lib/dependency-chain.mjs';
import { resourcesOf } from '../lib/lane.mjs';
import { rollOut } from '../lib/roll-out.mjs';
import { table } from '../lib/section.mjs';

const PROGRAMS = {
  'services/floor': 'floor: CloudFormation resources by hand',
  'services/ours': '**cdk-ecs-workloads**',
  'services/ours-with-defaults': 'cdk-ecs-workloads with all defaults of production',
  'services/l2': 'L2 by hand, one load balancer',
  'services/ecs-patterns': '`aws-ecs-patterns`',
};

/** @type {import('../lib/section.mjs').Section} */
export const FIRST_DEPLOYMENT = {
  title: 'First deployment',
  async measure() {
    const found = {};
    for (const program of Object.keys(PROGRAMS)) {
      const resources = await resourcesOf(program, 1);
      found[program] = longestChain(resources, rollOut(resources).serve);
    }
    const rows = Object.entries(PROGRAMS).map(([program, label]) => [label, found[program].seconds, found[program].chain.length, found[program].chain.join(' > ')]);
    return {
      markdown: 'The longest chain of resources that wait for each other, computed from the templates with assumed durations of each type. Whatever is not in the chain is made meanwhile.\n\n'
        + table(['', 's', 'Resources', 'Chain'], rows),
      targets: [{ what: 'first deployment, longest chain to that of the floor', value: found['services/ours'].seconds / found['services/floor'].seconds, limit: 1 }],
    };
  },
};
