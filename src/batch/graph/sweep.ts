import { JobSet } from './job-set';
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
  private readonly sequence: number[] = [];
  private readonly outside: JobSet;
  private readonly costs: Int32Array;
  private readonly waits: Int32Array;
  /** What waits for no job outside. */
  private ready: number[];
  private cost = 0;

  constructor(private readonly relations: Relations, start: number) {
    const { jobs, set, rivals, waits, predecessors } = relations;
    this.outside = set.copy();
    this.costs = rivals.slice();
    this.waits = waits.slice();
    this.ready = jobs.filter((job) => waits[job] === 0);
    const chains = new Chains(relations);
    for (const job of jobs) if (job === start || predecessors[start].has(job)) this.take(job, chains);
    this.consider(chains);
    while (this.sequence.length < jobs.length - 1) {
      this.take(this.cheapest(), chains);
      this.consider(chains);
    }
  }

  public isBetterThan(other: Sweep): boolean {
    return this.price < other.price || (this.price === other.price && this.length < other.length);
  }

  /** What lies before the barrier of the best step. */
  public taken(): JobSet {
    return JobSet.of(this.sequence.slice(0, this.bestSteps), this.costs.length);
  }

  private take(job: number, chains: Chains): void {
    const { comparable, next, set } = this.relations;
    this.sequence.push(job);
    this.cost += this.costs[job];
    this.outside.remove(job);
    this.outside.lowerOthers(comparable[job], this.costs, 2);
    for (const later of next[job]) if (set.has(later) && --this.waits[later] === 0) this.ready.push(later);
    chains.take(job);
  }

  /** Of the jobs that wait for none outside, the one whose taking costs the least; of equals, the one with the lowest number. */
  private cheapest(): number {
    let found = -1;
    let kept = 0;
    for (const job of this.ready) {
      if (!this.outside.has(job)) continue;
      this.ready[kept++] = job;
      if (found < 0 || this.costs[job] < this.costs[found] || (this.costs[job] === this.costs[found] && job < found)) found = job;
    }
    this.ready.length = kept;
    return found;
  }

  private consider(chains: Chains): void {
    const steps = this.sequence.length;
    const others = this.relations.jobs.length - steps;
    if (others === 0) return;
    const price = this.cost / (steps * others);
    if (price > this.price) return;
    const length = chains.length();
    if (price === this.price && length >= this.length) return;
    [this.price, this.length, this.bestSteps] = [price, length, steps];
  }
}

/** The longest chain among the jobs taken in, and among the others. */
class Chains {
  private before = 0;
  private after: number;
  /** How many jobs are outside, by the length of the chain that starts with them. */
  private readonly outside: Uint16Array;

  constructor(private readonly relations: Relations) {
    const { jobs, height } = relations;
    this.outside = new Uint16Array(jobs.length + 1);
    for (const job of jobs) this.outside[height[job]]++;
    this.after = jobs.length;
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
