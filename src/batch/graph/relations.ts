import { JobSet } from './job-set';
import type { PartialOrder } from './partial-order';

/** What the search for a barrier needs to know of a set of jobs. Lists and arrays are by the number of the job, whatever the set. */
export interface Relations {
  readonly jobs: number[];
  readonly set: JobSet;
  /** Those before each job and after it, and itself: the others may run at the same time. */
  readonly comparable: JobSet[];
  readonly predecessors: JobSet[];
  /** The jobs right after each job, and how many of the set are right before it. */
  readonly next: number[][];
  readonly waits: Int32Array;
  /** How many may run at the same time. */
  readonly rivals: Int32Array;
  /** Jobs on the longest chain up to each job. */
  readonly rank: Uint16Array;
  /** Jobs on the longest chain from each job on. */
  readonly height: Uint16Array;
}

/** Of the set and of the set seen from the other end. What lies between two jobs of the set must be in it too, as it is in all parts of a graph. */
export function relationsOf(order: PartialOrder, jobs: number[]): { forwards: Relations; backwards: Relations } {
  const set = JobSet.of(jobs, order.size);
  const rivals = new Int32Array(order.size);
  for (const job of jobs) rivals[job] = jobs.length - set.countCommon(order.comparableTo[job]);

  const common = { jobs, set, rivals, comparable: order.comparableTo };
  const byDepth = order.sorted(jobs);
  const rank = longestChains(byDepth, order.before, set, order.size);
  const height = longestChains(byDepth.reverse(), order.after, set, order.size);
  return {
    forwards: { ...common, predecessors: order.predecessors, next: order.after, waits: waitsOf(jobs, order.before, set, order.size), rank, height },
    backwards: {
      ...common, predecessors: order.successors, next: order.before, waits: waitsOf(jobs, order.after, set, order.size), rank: height, height: rank,
    },
  };
}

function waitsOf(jobs: number[], before: number[][], set: JobSet, size: number): Int32Array {
  const waits = new Int32Array(size);
  for (const job of jobs) {
    for (const earlier of before[job]) if (set.has(earlier)) waits[job]++;
  }
  return waits;
}

/** `sequence` has each job behind all that are right before it. */
function longestChains(sequence: number[], before: number[][], set: JobSet, size: number): Uint16Array {
  const longest = new Uint16Array(size);
  for (const job of sequence) {
    let length = 0;
    for (const earlier of before[job]) if (set.has(earlier)) length = Math.max(length, longest[earlier]);
    longest[job] = length + 1;
  }
  return longest;
}
