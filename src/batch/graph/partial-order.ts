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
    return new PartialOrder(sorted.map((job) => job.id), jobs.map((job) => numbers.get(job.id)!), closure(sorted, after));
  }

  private readonly positions: number[];

  private constructor(private readonly ids: string[], declared: number[], private readonly relation: Uint8Array[]) {
    this.positions = new Array<number>(ids.length);
    declared.forEach((job, position) => { this.positions[job] = position; });
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
    return this.relation[a][b] === 1;
  }

  /** For each job, 1 where `a` comes before it. */
  public row(a: number): Uint8Array {
    return this.relation[a];
  }

  public comparable(a: number, b: number): boolean {
    return this.relation[a][b] === 1 || this.relation[b][a] === 1;
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

/** `relation[a][b]` is 1 where a comes before b. Each job hands on what comes before it, once all of that is known. */
function closure(sorted: GraphJob[], after: number[][]): Uint8Array[] {
  const relation = sorted.map(() => new Uint8Array(sorted.length));
  const ancestors: number[][] = sorted.map(() => []);
  for (const job of topologically(sorted, after)) {
    for (const direct of after[job]) {
      for (const earlier of [direct, ...ancestors[direct]]) {
        if (relation[earlier][job] === 1) continue;
        relation[earlier][job] = 1;
        ancestors[job].push(earlier);
      }
    }
  }
  return relation;
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
