import { JobSet } from './job-set';
import { fail, show } from '../../private/fail';

/** A job and the ids of those that must be over before it starts. */
export interface GraphJob {
  readonly id: string;
  readonly after: string[];
}

/**
 * Which job comes before which, directly or through others.
 *
 * Jobs are numbered by their sorted ids, so that whatever is computed from these numbers does not depend on the order of declaration.
 */
export class PartialOrder {
  /** The order that the declared edges imply. */
  public static of(jobs: GraphJob[]): PartialOrder {
    const sorted = [...jobs].sort((a, b) => (a.id < b.id ? -1 : 1));
    const numbers = numberById(sorted);
    const after = sorted.map((job) => job.after.map((id) => numbers.get(id)
      ?? fail(undefined, `'after' of ${show(job.id)} must name jobs of the same graph, got ${show(id)}; add that job or drop the edge`)));
    return new PartialOrder(sorted.map((job) => job.id), jobs.map((job) => numbers.get(job.id)!), after, topologically(sorted, after));
  }

  /** All that come before each job. */
  public readonly predecessors: JobSet[];
  public readonly successors: JobSet[];
  /** Those before and after each job, and itself. */
  public readonly comparableTo: JobSet[];
  /** The jobs right before each job: without those that come before another of them. */
  public readonly before: number[][];
  public readonly after: number[][];
  private readonly positions: number[];
  private readonly depths: number[];

  private constructor(private readonly ids: string[], declared: number[], edges: number[][], private readonly topological: number[]) {
    const none = () => ids.map(() => new JobSet(ids.length));
    [this.predecessors, this.successors, this.comparableTo] = [none(), none(), none()];
    [this.before, this.after] = [ids.map((): number[] => []), ids.map((): number[] => [])];
    [this.positions, this.depths] = [new Array<number>(ids.length), new Array<number>(ids.length)];
    declared.forEach((job, position) => { this.positions[job] = position; });
    topological.forEach((job, depth) => { this.depths[job] = depth; });
    this.close(edges);
  }

  public get size(): number {
    return this.ids.length;
  }

  /** The numbers of all jobs. */
  public get jobs(): number[] {
    return this.ids.map((_, job) => job);
  }

  public id(job: number): string {
    return this.ids[job];
  }

  /** When the job was declared: 0 is the first. For the order of display only. */
  public position(job: number): number {
    return this.positions[job];
  }

  public precedes(a: number, b: number): boolean {
    return this.predecessors[b].has(a);
  }

  public comparable(a: number, b: number): boolean {
    return a !== b && this.comparableTo[a].has(b);
  }

  /** Jobs in an order in which each stands behind all that come before it. */
  public sorted(jobs: number[]): number[] {
    return [...jobs].sort((a, b) => this.depths[a] - this.depths[b]);
  }

  /** Each job hands on what comes before it, once all of that is known; and the same from the end. */
  private close(edges: number[][]): void {
    for (const job of this.topological) {
      const farther = new JobSet(this.size);
      for (const earlier of edges[job]) farther.addAll(this.predecessors[earlier]);
      this.before[job] = [...new Set(edges[job])].filter((earlier) => !farther.has(earlier));
      this.predecessors[job].addAll(farther);
      for (const earlier of this.before[job]) {
        this.predecessors[job].add(earlier);
        this.after[earlier].push(job);
      }
    }
    for (const job of [...this.topological].reverse()) {
      for (const later of this.after[job]) {
        this.successors[job].addAll(this.successors[later]);
        this.successors[job].add(later);
      }
      this.comparableTo[job].add(job);
      this.comparableTo[job].addAll(this.predecessors[job]);
      this.comparableTo[job].addAll(this.successors[job]);
    }
  }
}

function numberById(sorted: GraphJob[]): Map<string, number> {
  const numbers = new Map(sorted.map((job, number) => [job.id, number]));
  if (numbers.size < sorted.length) {
    const twice = sorted.find((job, number) => numbers.get(job.id) !== number)!;
    fail(undefined, `'id' must be unique among the jobs of a graph, got ${show(twice.id)} twice; rename one of them`);
  }
  return numbers;
}

function topologically(sorted: GraphJob[], after: number[][]): number[] {
  const waits = after.map((jobs) => jobs.length);
  const dependants: number[][] = sorted.map(() => []);
  after.forEach((jobs, job) => jobs.forEach((earlier) => dependants[earlier].push(job)));

  const ready = sorted.map((_, job) => job).filter((job) => waits[job] === 0);
  for (const job of ready) {
    for (const dependant of dependants[job]) {
      waits[dependant]--;
      if (waits[dependant] === 0) ready.push(dependant);
    }
  }
  if (ready.length < sorted.length) failForCycle(sorted, after, waits);
  return ready;
}

/** Each job that still waits, waits for another such job: walking backwards must meet one of them twice. */
function failForCycle(sorted: GraphJob[], after: number[][], waits: number[]): never {
  const walked: number[] = [];
  let job = waits.findIndex((count) => count > 0);
  while (!walked.includes(job)) {
    walked.push(job);
    job = after[job].find((earlier) => waits[earlier] > 0)!;
  }
  const cycle = [...walked.slice(walked.indexOf(job)), job].reverse().map((member) => sorted[member].id);
  return fail(undefined, `'after' must not lead back to the job itself, got ${cycle.join(' -> ')}; remove one of these edges`);
}
