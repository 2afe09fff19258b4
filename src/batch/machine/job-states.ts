import { conditionStates } from './condition-states';
import { allOf, anyOf, type FlowJob, type Following, type Rule, type States } from './flow-job';
import { type Outcome, type Outcomes } from './outcomes';
import type { StateNames } from './state-names';

/** A step of a chain: where it is entered, and its states, once it is known where they lead to. */
export interface Step {
  readonly entry: string;
  states(following: Following): States;
}

/**
 * The states of a job: its task, before it what decides whether it is done, beside it what is noted where it is not.
 *
 * A job that is always done, in a pipeline that stops at the first failure, is just its task.
 */
export class JobStates implements Step {
  public readonly entry: string;
  private readonly guard?: string;
  private readonly skipped?: string;
  private readonly unfinished?: string;
  private readonly settled?: string;
  private readonly condition: { readonly entry?: string; readonly states: States };

  constructor(private readonly job: FlowJob, private readonly outcomes: Outcomes, finishOthers: boolean, names: StateNames) {
    const { id, condition } = job;
    if (finishOthers || outcomes.skipRule(job) !== undefined) this.guard = names.take(`May ${id} start?`);
    if (outcomes.maySkip(id)) this.skipped = names.take(`${id} is skipped`);
    if (finishOthers) {
      this.unfinished = names.take(`${id} is unfinished`);
      this.settled = names.take(`${id} is settled`);
    }
    this.condition = condition === undefined
      ? { states: {} }
      : conditionStates(id, condition, { run: id, skip: this.skipped!, unfinished: this.unfinished }, names);
    this.entry = this.guard ?? this.condition.entry ?? id;
  }

  public states(following: Following): States {
    return {
      ...(this.guard === undefined ? {} : { [this.guard]: this.guardState() }),
      ...this.condition.states,
      [this.job.id]: { ...this.taskState(), ...this.afterTask(following) },
      ...this.note(this.skipped, 'skipped', following),
      ...this.note(this.unfinished, 'unfinished', following),
      ...(this.settled === undefined ? {} : { [this.settled]: { Type: 'Pass', ...following } }),
    };
  }

  /** Whether `OutputPath` counts for an error that is caught is not documented: such a state has none. */
  private afterTask(following: Following): Following {
    return this.settled !== undefined && 'OutputPath' in following ? { Next: this.settled } : following;
  }

  private taskState(): object {
    const { id, task } = this.job;
    return {
      ...task,
      ...(this.outcomes.isTracked(id) ? { ResultSelector: outcomeOf('succeeded'), ResultPath: this.outcomes.path(id) } : {}),
      ...(this.unfinished === undefined ? {} : { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: this.unfinished }] }),
    };
  }

  /** A skipped job that nobody asks for is passed over without a note. */
  private note(name: string | undefined, outcome: Outcome, following: Following): States {
    if (name === undefined) return {};
    const { id } = this.job;
    const noted = this.outcomes.isTracked(id) ? { Result: outcomeOf(outcome), ResultPath: this.outcomes.path(id) } : {};
    return { [name]: { Type: 'Pass', ...noted, ...following } };
  }

  private guardState(): object {
    const skipRule = this.outcomes.skipRule(this.job);
    return {
      Type: 'Choice',
      Choices: [
        ...(this.settled === undefined ? [] : [{ ...this.settledRule(), Next: this.settled }]),
        ...(this.unfinished === undefined || this.job.after.length === 0 ? [] : [{ ...this.unfinishedRule(), Next: this.unfinished }]),
        ...(skipRule === undefined ? [] : [{ ...skipRule, Next: this.skipped }]),
      ],
      Default: this.condition.entry ?? this.job.id,
    };
  }

  /** In an earlier round, before a redrive: what was decided then is kept. */
  private settledRule(): Rule {
    const { id } = this.job;
    const Variable = `${this.outcomes.path(id)}.outcome`;
    return allOf([{ Variable, IsPresent: true }, { Or: [this.outcomes.is(id, 'succeeded'), this.outcomes.is(id, 'skipped')] }]);
  }

  private unfinishedRule(): Rule {
    return anyOf(this.job.after.map((id) => this.outcomes.is(id, 'unfinished')));
  }
}

function outcomeOf(outcome: Outcome): object {
  return { outcome };
}
