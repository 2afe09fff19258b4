import { AfterSkipped } from '../after-skipped';
import { anyOf, allOf, type FlowJob, type Rule } from './flow-job';

/** What of a job decides on who is skipped. */
type SkipJob = Pick<FlowJob, 'id' | 'after' | 'afterSkipped'> & { readonly condition?: { readonly producers: string[] } };

/** What has become of a job, as far as later states need to know. `unfinished`: it has failed, or was not started since something before it had failed. */
export type Outcome = 'succeeded' | 'skipped' | 'unfinished';

/** Under this key of their input the states hand on what has become of the jobs. The rest of the input is the execution's own. */
export const FLOW_PATH = '$.pipeline';

/** What has become of each job, by its key. */
export const JOBS_PATH = `${FLOW_PATH}.jobs`;

/**
 * Which jobs may be skipped, and of which jobs the states must hand on what has become of them.
 *
 * Where all jobs run and the first failure ends the execution, that is none.
 */
export class Outcomes {
  private readonly jobs: Map<string, SkipJob>;
  private readonly skippable = new Map<string, boolean>();
  private readonly keys = new Map<string, string>();

  constructor(jobs: SkipJob[], finishOthers: boolean) {
    this.jobs = new Map(jobs.map((job) => [job.id, job]));
    const consulted = new Set(finishOthers ? this.jobs.keys() : jobs.flatMap((job) => this.consultedBy(job)));
    jobs.filter((job) => consulted.has(job.id)).forEach((job, index) => this.keys.set(job.id, keyOf(job.id, index)));
  }

  /** Whether there is anything to hand on. */
  public get isEmpty(): boolean {
    return this.keys.size === 0;
  }

  public isTracked(id: string): boolean {
    return this.keys.has(id);
  }

  /** The name of a tracked job in what is handed on. */
  public key(id: string): string {
    return this.keys.get(id)!;
  }

  public path(id: string): string {
    return `${JOBS_PATH}.${this.key(id)}`;
  }

  public is(id: string, outcome: Outcome): Rule {
    return { Variable: `${this.path(id)}.outcome`, StringEquals: outcome };
  }

  /** Whether a job may come out as skipped. */
  public maySkip(id: string): boolean {
    const known = this.skippable.get(id);
    if (known !== undefined) return known;
    const job = this.jobs.get(id)!;
    const found = job.condition !== undefined || this.consultedBy(job).length > 0;
    this.skippable.set(id, found);
    return found;
  }

  /** When a job is skipped because of what was skipped before it; undefined where it never is. */
  public skipRule(job: SkipJob): Rule | undefined {
    const consulted = this.consultedBy(job);
    if (consulted.length === 0) return undefined;
    const skipped = (ids: string[]) => ids.map((id) => this.is(id, 'skipped'));
    const producers = this.skippableProducers(job);
    if (!this.needsOneOf(job)) return anyOf(skipped(consulted));
    const rules = [allOf(skipped(job.after)), ...skipped(producers)];
    return anyOf(rules);
  }

  /** The jobs whose having been skipped decides on this one. */
  private consultedBy(job: SkipJob): string[] {
    if (job.afterSkipped === AfterSkipped.SKIP) return job.after.filter((id) => this.maySkip(id));
    return this.needsOneOf(job) ? job.after : this.skippableProducers(job);
  }

  private needsOneOf({ afterSkipped, after }: SkipJob): boolean {
    return afterSkipped === AfterSkipped.RUN_UNLESS_ALL_SKIPPED && after.length > 0 && after.every((id) => this.maySkip(id));
  }

  /** Without a result there is nothing to decide upon. */
  private skippableProducers({ condition }: SkipJob): string[] {
    return (condition?.producers ?? []).filter((id) => this.maySkip(id));
  }
}

/** Part of a path without quotes; the number keeps `a-b` and `a_b` apart. */
function keyOf(id: string, index: number): string {
  return `${id.replace(/[^A-Za-z0-9]/g, '_')}_${index}`.replace(/^(?=[0-9_])/, 'job');
}
