import { resourcesOf } from '../lib/lane.mjs';
import { ASSUMED, rollOut } from '../lib/roll-out.mjs';
import { table } from '../lib/section.mjs';

const PROGRAMS = {
  'services/ours-with-defaults': '**cdk-ecs-workloads**',
  'services/ecs-patterns': '`aws-ecs-patterns`',
  'services/service-extensions': '`ecs-service-extensions`',
};

/** @type {import('../lib/section.mjs').Section} */
export const ROLL_OUT = {
  title: 'Roll-out',
  async measure() {
    const computed = Object.fromEntries(await Promise.all(Object.keys(PROGRAMS).map(async (program) => [program, rollOut(await resourcesOf(program, 1))])));
    const rows = Object.entries(PROGRAMS).map(([program, label]) => {
      const { interval, healthy, drain, minPercent, maxPercent, waves, serve, steady, worst, hasBreaker } = computed[program];
      return [label, `${interval} s x ${healthy}`, drain, `${minPercent}/${maxPercent}`, waves, serve, steady, worst, hasBreaker ? 'after three failed tasks' : 'after up to three hours'];
    });
    return {
      markdown: `Computed from the templates that the defaults make, not measured: ${ASSUMED.boot} s to pull and start, ${ASSUMED.pause} s of the scheduler's pauses, ${ASSUMED.tasks} tasks that stop within `
        + `${ASSUMED.stop} s of being asked to (at worst: when they are killed). New tasks serve when the load balancer has found them healthy; the service is steady when the old ones have drained.\n\n`
        + table(['Defaults', 'Health check', 'Drain, s', 'Minimum and maximum %', 'Waves', 'New tasks serve, s', 'Steady, s', 'At worst, s', 'A bad release is noticed'], rows),
      targets: [{ what: 'roll-out with our defaults until steady, s', value: computed['services/ours-with-defaults'].steady, limit: 100, digits: 0 }],
    };
  },
};
