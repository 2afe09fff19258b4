/**
 * How long a hundred routes take to get their priorities: `npx tsx bench/routes.mjs`.
 *
 * Each run starts with an empty table. The first one also lays out the bands and compiles the code; the others show what a synthesis pays.
 */
import { performance } from 'node:perf_hooks';
import { RouteTable } from '../src/ingress/route-table.ts';

const RUNS = 50;

/** A hundred services as teams name them, with routes of all kinds, of which some overlap. */
const ROUTES = Array.from({ length: 100 }, (_, index) => ({
  owner: `Stack/Service${index}`,
  priority: index + 1, // a collision would end the run early
  parts: [{ rules: 1, conditions: conditionsOf(index) }],
}));

function conditionsOf(index) {
  switch (index % 5) {
    case 0: return { paths: [`/service-${index}/*`] };
    case 1: return { hosts: ['api.example.com'], paths: [`/service-${index}`, `/service-${index}/*`] };
    case 2: return { hosts: [`*.team-${index}.example.com`] };
    case 3: return { paths: [`/api/*/service-${index}*`], methods: ['GET', 'HEAD'] };
    default: return { hosts: [`service-${index}.example.com`], headers: { 'X-Beta': ['yes', 'on'] } };
  }
}

/** Milliseconds, and how many of the routes found a place. */
function run(routes) {
  const table = new RouteTable();
  const start = performance.now();
  const answers = routes.map((route) => table.add(route));
  return { time: performance.now() - start, placed: answers.filter((answer) => 'priorities' in answer).length };
}

function report(name, routes) {
  const [first, ...rest] = Array.from({ length: RUNS }, () => run(routes));
  const times = rest.map(({ time }) => time).sort((one, other) => one - other);
  const show = (time) => `${time.toFixed(1).padStart(6)} ms`;
  console.log(`${name.padEnd(28)} ${String(first.placed).padStart(3)} of ${routes.length} placed; first run ${show(first.time)}, `
    + `median ${show(times[Math.floor(times.length / 2)])}, slowest ${show(times[times.length - 1])}`);
}

report('worked-out priorities', ROUTES.map(({ priority, ...route }) => route));
report('written priorities', ROUTES);
