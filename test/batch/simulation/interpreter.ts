import { evaluatePath, evaluateRule, evaluateTemplate, StatesError, writePath } from './data';

/** A run of a job. */
export interface JobRun {
  readonly job: string;
  readonly round: number;
  readonly start: number;
  end: number;
  how: 'succeeded' | 'failed' | 'aborted';
}

/** What the machine finds. Rounds count from 0 and grow with each redrive. */
export interface World {
  /** How long a job takes. */
  duration(job: string): number;
  fails(job: string, round: number): boolean;
  /** What reading a result gives; it may throw. */
  read(key: string, round: number): unknown;
}

/** Where a chain has come to: its output, or what it failed of; and when. */
interface Ended {
  readonly at: number;
  readonly output?: any;
  readonly error?: StatesError;
}

interface Done {
  readonly at: number;
  readonly output: any;
  readonly next?: string;
}

/**
 * Carries a state machine out, in time that passes only while jobs run, and redrives it: what the documentation of AWS says of states and of redrives, in
 * a few lines that share nothing with the library. A Task with the resource `job:X` is a job, one with `read:X` reads a result.
 *
 * A redrive starts at the beginning again and takes what is in the journal instead of doing it: states that have ended well.
 */
export class Interpreter {
  public readonly runs: JobRun[] = [];
  /** States that were entered, in all rounds. */
  public readonly visited = new Set<string>();
  public round = 0;
  private readonly journal = new Map<string, Done>();
  private now = 0;

  constructor(private readonly machine: any, private readonly world: World, private readonly input: object = { mine: 1 }) {
  }

  /** Runs the machine, or goes on with it after it has failed. */
  public execute(): Ended {
    const ended = this.chain(this.machine, this.input, this.now, '');
    this.now = ended.at;
    if (ended.error !== undefined) this.round++;
    return ended;
  }

  private chain(machine: any, input: any, start: number, path: string): Ended {
    let [name, value, at] = [machine.StartAt as string | undefined, input, start];
    for (let step = 0; name !== undefined; step++) {
      if (step > 5000) throw new Error(`endless: ${name}`);
      const place = `${path}/${step}:${name}`;
      let done = this.journal.get(place);
      if (done === undefined) {
        this.visited.add(name);
        const ended = this.state(machine.States[name], value, at, place);
        if ('error' in ended) return ended;
        done = ended;
        this.journal.set(place, done);
      }
      at = Math.max(at, done.at);
      [value, name] = [done.output, done.next];
    }
    return { at, output: value };
  }

  private state(state: any, input: any, at: number, place: string): Done | (Ended & { error: StatesError }) {
    const context = { Execution: { RedriveCount: this.round, Name: 'run' } };
    const next = state.End === true ? undefined : state.Next;
    try {
      switch (state.Type) {
        case 'Succeed': return { at, output: input };
        case 'Choice': return { at, output: input, next: choose(state, input, context) };
        case 'Pass': {
          const result = state.Parameters === undefined ? state.Result ?? input : evaluateTemplate(state.Parameters, input, context);
          return { at, output: outputOf(state, writePath(state.ResultPath, input, result), context), next };
        }
        default: {
          const given = state.Parameters === undefined ? input : evaluateTemplate(state.Parameters, input, context);
          const { result, until } = state.Type === 'Parallel' ? this.parallel(state, given, at, place) : this.task(state, at);
          const selected = state.ResultSelector === undefined ? result : evaluateTemplate(state.ResultSelector, result, context);
          return { at: until, output: outputOf(state, writePath(state.ResultPath, input, selected), context), next };
        }
      }
    } catch (error) {
      return this.caught(state, input, error, at);
    }
  }

  private caught(state: any, input: any, error: unknown, at: number): Done | (Ended & { error: StatesError }) {
    if (!(error instanceof StatesError)) throw error;
    const until = error.at ?? at;
    if (state.Catch === undefined || error.name === 'States.Runtime') return { at: until, error: new StatesError(error.name, until) };
    const [{ ErrorEquals, ResultPath, Next }] = state.Catch;
    expect([ErrorEquals, state.OutputPath]).toEqual([['States.ALL'], undefined]);
    return { at: until, output: writePath(ResultPath, input, { Error: error.name }), next: Next };
  }

  private task({ Resource }: any, at: number): { result: unknown; until: number } {
    const [kind, name] = Resource.split(':');
    if (kind === 'read') return { result: this.world.read(name, this.round), until: at };
    const end = at + this.world.duration(name);
    const run: JobRun = { job: name, round: this.round, start: at, end, how: this.world.fails(name, this.round) ? 'failed' : 'succeeded' };
    this.runs.push(run);
    if (run.how === 'failed') throw new StatesError('States.TaskFailed', end);
    return { result: { JobId: name }, until: end };
  }

  /** The first branch that fails stops the others at that time. */
  private parallel({ Branches }: any, input: any, at: number, place: string): { result: unknown; until: number } {
    const before = this.runs.length;
    const ended: Ended[] = Branches.map((branch: any, index: number) => this.chain(branch, input, at, `${place}/${index}`));
    const failures = ended.filter((branch) => branch.error !== undefined).sort((a, b) => a.at - b.at);
    if (failures.length === 0) return { result: ended.map((branch) => branch.output), until: Math.max(at, ...ended.map((branch) => branch.at)) };
    this.stop(failures[0].at, place, before);
    throw failures[0].error!;
  }

  private stop(at: number, place: string, before: number): void {
    const since = this.runs.splice(before).filter((run) => run.start < at || run.end <= at);
    for (const run of since) {
      if (run.end > at) Object.assign(run, { end: at, how: 'aborted' });
    }
    this.runs.push(...since);
    for (const [key, done] of this.journal) {
      if (key.startsWith(`${place}/`) && done.at > at) this.journal.delete(key);
    }
  }
}

function outputOf({ OutputPath }: any, output: any, context: object): any {
  if (OutputPath === undefined) return output;
  return OutputPath === null ? {} : evaluatePath(OutputPath, output, context);
}

function choose({ Choices, Default }: any, input: any, context: object): string {
  const chosen = Choices.find((rule: any) => evaluateRule(rule, (path: string) => evaluatePath(path, input, context)))?.Next ?? Default;
  if (chosen === undefined) throw new StatesError('States.NoChoiceMatched');
  return chosen;
}
