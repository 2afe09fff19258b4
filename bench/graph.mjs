/**
 * How long 200 jobs take to become nested series and parallels: `npx tsx bench/graph.mjs`.
 *
 * Each run starts anew. The first one also compiles the code; the others show what a synthesis pays. `added` counts edges that nobody declared, `steps`
 * what the search for barriers took; the unit tests guard the steps.
 */
import { performance } from 'node:perf_hooks';
import { compileGraph } from '../src/batch/graph/job-graph.ts';
import { LARGE_GRAPHS } from '../test/batch/large-graphs.ts';

const RUNS = 20;

function run(jobs) {
  const start = performance.now();
  const { added, steps } = compileGraph(jobs);
  return { time: performance.now() - start, added: added.length, steps };
}

for (const [name, jobs] of Object.entries(LARGE_GRAPHS)) {
  const [first, ...rest] = Array.from({ length: RUNS }, () => run(jobs));
  const times = rest.map(({ time }) => time).sort((one, other) => one - other);
  const show = (time) => `${time.toFixed(1).padStart(6)} ms`;
  console.log(`${name.padEnd(14)} ${jobs.length} jobs, ${String(first.added).padStart(4)} added, ${String(first.steps).padStart(5)} steps; first run ${show(first.time)}, `
    + `median ${show(times[Math.floor(times.length / 2)])}, slowest ${show(times[times.length - 1])}`);
}
