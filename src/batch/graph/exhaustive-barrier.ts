/* eslint-disable no-bitwise -- a set of up to eight jobs is the bits of a number */
import type { Barrier } from './barrier';
import { lowest, ones } from './job-set';
import type { PartialOrder } from './partial-order';

/** Up to so many jobs, all barriers are tried: at most 3 to the power of it, a few thousand. */
export const EXHAUSTIVE_LIMIT = 8;

/** What a set of jobs loses in total, and the jobs before its first barrier. Sets are bits of a number. */
interface Plan {
  readonly cost: number;
  /** Jobs on the longest chain. */
  readonly length: number;
  readonly before: number;
}

/** The barrier of which, together with the further ones that it makes necessary, none is cheaper. */
export function exhaustiveBarrier(order: PartialOrder, jobs: number[]): Barrier {
  const search = new ExhaustiveSearch(order, jobs);
  const { before } = search.plan(2 ** jobs.length - 1);
  return {
    steps: search.size,
    before: jobs.filter((_, index) => before & (1 << index)),
    after: jobs.filter((_, index) => !(before & (1 << index))),
  };
}

class ExhaustiveSearch {
  private readonly plans = new Map<number, Plan>();
  private readonly predecessors: number[];
  private readonly comparable: number[];

  constructor(order: PartialOrder, jobs: number[]) {
    const bits = (holds: (other: number) => boolean) => jobs.reduce((set, other, index) => (holds(other) ? set | (1 << index) : set), 0);
    this.predecessors = jobs.map((job) => bits((other) => order.precedes(other, job)));
    this.comparable = jobs.map((job) => bits((other) => order.comparable(other, job)));
  }

  /** How many sets of jobs were looked at. */
  public get size(): number {
    return this.plans.size;
  }

  public plan(set: number): Plan {
    const known = this.plans.get(set);
    if (known !== undefined) return known;
    const found = (set & (set - 1)) === 0 ? { cost: 0, length: 1, before: 0 } : this.inParallel(set) ?? this.inSeries(set);
    this.plans.set(set, found);
    return found;
  }

  /** Jobs that have nothing to do with the others need no barrier between them. */
  private inParallel(set: number): Plan | undefined {
    let branch = set & -set;
    for (let grown = 0; grown !== branch;) {
      grown = branch;
      for (const job of members(grown)) branch |= this.comparable[job] & set;
    }
    if (branch === set) return undefined;
    const [one, other] = [this.plan(branch), this.plan(set & ~branch)];
    return { cost: one.cost + other.cost, length: Math.max(one.length, other.length), before: 0 };
  }

  private inSeries(set: number): Plan {
    let best: Plan = { cost: Infinity, length: Infinity, before: 0 };
    for (let before = (set - 1) & set; before > 0; before = (before - 1) & set) {
      const after = set & ~before;
      const lost = this.lostBetween(before, after);
      if (lost === undefined) continue;
      const [first, second] = [this.plan(before), this.plan(after)];
      const plan = { cost: first.cost + second.cost + lost, length: first.length + second.length, before };
      if (plan.cost < best.cost || (plan.cost === best.cost && plan.length < best.length)) best = plan;
    }
    return best;
  }

  /** How many pairs a barrier newly puts into order; undefined where a job before it waits for one behind it. By bits: most of the time is spent here. */
  private lostBetween(before: number, after: number): number | undefined {
    let lost = 0;
    for (let rest = before; rest !== 0; rest &= rest - 1) {
      const job = lowest(rest);
      if (this.predecessors[job] & after) return undefined;
      lost += ones(after & ~this.comparable[job]);
    }
    return lost;
  }
}

function members(set: number): number[] {
  const found: number[] = [];
  for (let index = 0; set >> index > 0; index++) {
    if (set & (1 << index)) found.push(index);
  }
  return found;
}
