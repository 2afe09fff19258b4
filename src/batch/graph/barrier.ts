import { exhaustiveBarrier, EXHAUSTIVE_LIMIT } from './exhaustive-barrier';
import type { PartialOrder } from './partial-order';

/** Two halves of a set of jobs: all of the first are to be over before any of the second starts. */
export interface Barrier {
  readonly before: number[];
  readonly after: number[];
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
  const forwards = relationsOf(order, jobs);
  const backwards = reversed(forwards);
  const first = bestOf(forwards);
  const second = bestOf(backwards);
  const isFirst = !isBetter(second, first);
  const taken = new Set((isFirst ? first : second).taken);
  const [inside, outside] = [jobs.filter((_, index) => taken.has(index)), jobs.filter((_, index) => !taken.has(index))];
  return isFirst ? { before: inside, after: outside } : { before: outside, after: inside };
}

/** What the search needs to know of a set of jobs; each job is an index into it. */
interface Relations {
  readonly successors: number[][];
  readonly predecessors: number[][];
  /** Those that may run at the same time. */
  readonly rivals: number[][];
  /** Jobs on the longest chain up to each job. */
  readonly rank: number[];
  /** Jobs on the longest chain from each job on. */
  readonly height: number[];
}

function relationsOf(order: PartialOrder, jobs: number[]): Relations {
  const successors: number[][] = jobs.map(() => []);
  const predecessors: number[][] = jobs.map(() => []);
  const rivals: number[][] = jobs.map(() => []);
  for (let a = 0; a < jobs.length; a++) {
    for (let b = 0; b < jobs.length; b++) {
      if (order.precedes(jobs[a], jobs[b])) {
        successors[a].push(b);
        predecessors[b].push(a);
      } else if (a !== b && !order.precedes(jobs[b], jobs[a])) {
        rivals[a].push(b);
      }
    }
  }
  const byDepth = jobs.map((_, index) => index).sort((a, b) => predecessors[a].length - predecessors[b].length || a - b);
  return {
    successors,
    predecessors,
    rivals,
    rank: longestChains(byDepth, predecessors),
    height: longestChains([...byDepth].reverse(), successors),
  };
}

function reversed({ successors, predecessors, rivals, rank, height }: Relations): Relations {
  return { successors: predecessors, predecessors: successors, rivals, rank: height, height: rank };
}

/** `sequence` has each job behind all of its `earlier` ones. */
function longestChains(sequence: number[], earlier: number[][]): number[] {
  const longest = new Array<number>(sequence.length).fill(0);
  for (const index of sequence) {
    for (const other of earlier[index]) longest[index] = Math.max(longest[index], longest[other]);
    longest[index]++;
  }
  return longest;
}

interface Candidate {
  readonly taken: number[];
  /** Pairs newly put into order, as a part of all pairs across the barrier. */
  readonly price: number;
  /** Jobs on the longest chain, once the barrier stands. */
  readonly length: number;
}

function isBetter(one: Candidate, other: Candidate): boolean {
  return one.price < other.price || (one.price === other.price && one.length < other.length);
}

/** Bounds the steps spent on one barrier: small sets are searched from each job, large ones from a few. */
const SEARCH_BUDGET = 50_000;

function bestOf(relations: Relations): Candidate {
  const { rank } = relations;
  const starts = rank.map((_, index) => index).sort((a, b) => rank[a] - rank[b] || a - b);
  const stride = Math.max(1, Math.ceil((starts.length ** 3) / SEARCH_BUDGET));
  return starts
    .filter((_, position) => position % stride === 0)
    .flatMap((start) => sweep(relations, start))
    .reduce((best, candidate) => (isBetter(candidate, best) ? candidate : best));
}

/** The best step of one sweep; none where all other jobs come before the start. */
function sweep(relations: Relations, start: number): Candidate[] {
  const { successors, predecessors, rivals } = relations;
  const size = rivals.length;
  const waits = predecessors.map((jobs) => jobs.length);
  const met = new Array<number>(size).fill(0);
  const isTaken = new Array<boolean>(size).fill(false);
  const given = [...predecessors[start], start];
  const taken: number[] = [];
  let cost = 0;
  let best: Candidate | undefined;
  while (taken.length < size - 1) {
    const next = taken.length < given.length ? given[taken.length] : cheapest(relations, isTaken, waits, met);
    taken.push(next);
    isTaken[next] = true;
    cost += rivals[next].length - 2 * met[next];
    for (const rival of rivals[next]) met[rival]++;
    for (const successor of successors[next]) waits[successor]--;

    const price = cost / (taken.length * (size - taken.length));
    if (taken.length >= given.length && (best === undefined || price <= best.price)) {
      const candidate = { taken: [...taken], price, length: longestChain(relations, isTaken) };
      if (best === undefined || isBetter(candidate, best)) best = candidate;
    }
  }
  return best === undefined ? [] : [best];
}

/** Of the jobs that wait for none outside, the one whose taking costs the least. */
function cheapest({ rivals }: Relations, isTaken: boolean[], waits: number[], met: number[]): number {
  let found = -1;
  let least = Infinity;
  for (let index = 0; index < rivals.length; index++) {
    const cost = rivals[index].length - 2 * met[index];
    if (!isTaken[index] && waits[index] === 0 && cost < least) {
      found = index;
      least = cost;
    }
  }
  return found;
}

function longestChain({ rank, height }: Relations, isTaken: boolean[]): number {
  let before = 0;
  let after = 0;
  for (let index = 0; index < rank.length; index++) {
    if (isTaken[index]) before = Math.max(before, rank[index]);
    else after = Math.max(after, height[index]);
  }
  return before + after;
}
