import { exhaustiveBarrier, EXHAUSTIVE_LIMIT } from './exhaustive-barrier';
import type { PartialOrder } from './partial-order';
import { type Relations, relationsOf } from './relations';
import { Sweep } from './sweep';

/** Two halves of a set of jobs: all of the first are to be over before any of the second starts. */
export interface Barrier {
  readonly before: number[];
  readonly after: number[];
  /** How many jobs the search took in, over all sweeps: each costs a look at all others. */
  readonly steps: number;
}

/**
 * The barrier to put into a set of jobs that is neither a series nor a parallel.
 *
 * A barrier is paid for in pairs of jobs that could have run at the same time and no longer can. A few jobs are searched exhaustively. For more, each of
 * them (or as many as the budget allows), with all that comes before it, is the start of a greedy sweep that takes in one job after the other, the one
 * that costs the least first; the same from the other end. Of all steps of all sweeps, the one that pays the least for what it brings into order wins;
 * of equals, the one that keeps the longest chain short.
 */
export function cheapestBarrier(order: PartialOrder, jobs: number[]): Barrier {
  if (jobs.length <= EXHAUSTIVE_LIMIT) return exhaustiveBarrier(order, jobs);
  const { forwards, backwards } = relationsOf(order, jobs);
  const first = bestOf(forwards);
  const second = bestOf(backwards);
  const isFirst = !second.best.isBetterThan(first.best);
  const taken = (isFirst ? first : second).best.taken();
  const [inside, outside] = [jobs.filter((job) => taken.has(job)), jobs.filter((job) => !taken.has(job))];
  const steps = first.steps + second.steps;
  return isFirst ? { before: inside, after: outside, steps } : { before: outside, after: inside, steps };
}

/** Bounds the steps of one barrier: small sets are searched from each job, large ones from a few. */
const SEARCH_BUDGET = 8_000;

function bestOf(relations: Relations): { best: Sweep; steps: number } {
  const { rank, jobs } = relations;
  const size = jobs.length;
  const starts = [...jobs].sort((a, b) => rank[a] - rank[b] || a - b);
  const stride = Math.max(1, Math.ceil((size ** 3) / SEARCH_BUDGET));
  let best: Sweep | undefined;
  let steps = 0;
  for (let position = 0; position < size; position += stride) {
    const sweep = new Sweep(relations, starts[position]);
    steps += size - 1;
    if (best === undefined || sweep.isBetterThan(best)) best = sweep;
  }
  return { best: best!, steps };
}
