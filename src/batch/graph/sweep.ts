import type { Relations } from './relations';

/**
 * Takes in one job after the other, first a given one with all that comes before it, then what costs the least; remembers its best step.
 *
 * After each step, the jobs taken in could be what lies before a barrier. Where all other jobs come before the start, there is no such step.
 */
export class Sweep {
  /** Pairs newly put into order, as a part of all pairs across the barrier. */
  private price = Infinity;
  /** Jobs on the longest chain, once the barrier stands. */
  private length = Infinity;
  private bestSteps = 0;
  private readonly sequence: Uint16Array;

  constructor(private readonly relations: Relations, start: number) {
    const { size, predecessors, successors, rivals } = relations;
    const costs = lengthsOf(rivals);
    const waits = lengthsOf(predecessors);
    const chains = new Chains(relations);
    const given = [...predecessors[start], start];
    this.sequence = new Uint16Array(size - 1);
    let cost = 0;
    for (let step = 0; step < size - 1; step++) {
      const next = step < given.length ? given[step] : cheapest(costs, waits);
      this.sequence[step] = next;
      cost += costs[next];
      subtract(2, rivals[next], costs);
      subtract(1, successors[next], waits);
      waits[next] = TAKEN;
      chains.take(next);
      if (step + 1 >= given.length) this.consider(step + 1, cost / ((step + 1) * (size - step - 1)), chains);
    }
  }

  public isBetterThan(other: Sweep): boolean {
    return this.price < other.price || (this.price === other.price && this.length < other.length);
  }

  /** For each job, 1 where it lies before the barrier of the best step. */
  public taken(): Uint8Array {
    const taken = new Uint8Array(this.relations.size);
    for (const job of this.sequence.subarray(0, this.bestSteps)) taken[job] = 1;
    return taken;
  }

  private consider(steps: number, price: number, chains: Chains): void {
    if (price > this.price) return;
    const length = chains.length();
    if (price === this.price && length >= this.length) return;
    [this.price, this.length, this.bestSteps] = [price, length, steps];
  }
}

/** Instead of the number of jobs that a job waits for. */
const TAKEN = -1;

function lengthsOf(lists: Uint16Array[]): Int32Array {
  const lengths = new Int32Array(lists.length);
  for (let job = 0; job < lists.length; job++) lengths[job] = lists[job].length;
  return lengths;
}

/** By index: most of the search's time is spent here, and an iterator would double it. */
function subtract(amount: number, jobs: Uint16Array, from: Int32Array): void {
  for (let index = 0; index < jobs.length; index++) from[jobs[index]] -= amount;
}

/** Of the jobs that wait for none outside, the one whose taking costs the least. */
function cheapest(costs: Int32Array, waits: Int32Array): number {
  let found = -1;
  let least = Infinity;
  for (let job = 0; job < waits.length; job++) {
    if (waits[job] === 0 && costs[job] < least) {
      found = job;
      least = costs[job];
    }
  }
  return found;
}

/** The longest chain among the jobs taken in, and among the others. */
class Chains {
  private before = 0;
  private after: number;
  /** How many jobs are outside, by the length of the chain that starts with them. */
  private readonly outside: Uint16Array;

  constructor(private readonly relations: Relations) {
    this.outside = new Uint16Array(relations.size + 1);
    for (const height of relations.height) this.outside[height]++;
    this.after = relations.size;
  }

  public take(job: number): void {
    this.before = Math.max(this.before, this.relations.rank[job]);
    this.outside[this.relations.height[job]]--;
  }

  public length(): number {
    while (this.outside[this.after] === 0) this.after--;
    return this.before + this.after;
  }
}
