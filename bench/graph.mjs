/**
 * How long 200 jobs take to become nested series and parallels: `npx tsx bench/graph.mjs`.
 *
 * `cold` is what a synthesis pays: the first and only run of a process of its own. The others are of 20 runs in one process. Time on the processor stands
 * beside time on the clock, which grows with whatever else runs on the machine. `added` counts edges that nobody declared, `steps` what the search for
 * barriers took; the unit tests guard the steps.
 */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { compileGraph } from '../src/batch/graph/job-graph.ts';
import { LARGE_GRAPHS } from '../test/batch/large-graphs.ts';

const RUNS = 20;

function run(jobs) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const { added, steps } = compileGraph(jobs);
  const { user, system } = process.cpuUsage(before);
  return { clock: performance.now() - start, processor: (user + system) / 1000, added: added.length, steps };
}

function cold(name) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), name], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

const show = ({ clock, processor }) => `${clock.toFixed(1).padStart(6)} ms (${processor.toFixed(1).padStart(5)} on the processor)`;

function report(name, jobs) {
  const runs = Array.from({ length: RUNS }, () => run(jobs));
  const warm = { clock: median(runs.map(({ clock }) => clock)), processor: median(runs.map(({ processor }) => processor)) };
  const { added, steps } = runs[0];
  console.log(`${name.padEnd(14)} ${jobs.length} jobs, ${String(added).padStart(4)} added, ${String(steps).padStart(5)} steps; `
    + `cold ${show(cold(name))}, median ${show(warm)}`);
}

const [only] = process.argv.slice(2);
if (only === undefined) for (const [name, jobs] of Object.entries(LARGE_GRAPHS)) report(name, jobs);
else console.log(JSON.stringify(run(LARGE_GRAPHS[only])));
