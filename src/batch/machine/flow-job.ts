import type { AfterSkipped } from '../after-skipped';

/** States of the Amazon States Language, by name. */
export type States = Record<string, object>;

/** A part of a state machine that can run by itself. */
export interface Machine {
  readonly StartAt?: string;
  readonly States: States;
}

/** How a state goes on. The last state of a branch says what of its output is left. */
export type Following = { readonly Next: string } | { readonly End: true; readonly OutputPath?: string | null };

/** A rule of a Choice, without where it leads to. */
export type Rule = Record<string, unknown>;

/** A job, as the state machine needs it. */
export interface FlowJob {
  readonly id: string;
  /** All that it waits for, directly. */
  readonly after: string[];
  /** The state that does the job, without where it leads to. */
  readonly task: object;
  readonly afterSkipped: AfterSkipped;
  readonly condition?: FlowCondition;
}

/** Whether a job is to be done, told by what earlier jobs have written. */
export interface FlowCondition {
  /** The jobs that have written it. */
  readonly producers: string[];
  /** Task states that read one result each. What the first read lies in `resultPath(0)`, and so on. */
  readonly reads: FlowRead[];
  /** Hold for results that can be decided upon. */
  readonly valid: Rule[];
  readonly rule: Rule;
}

export interface FlowRead {
  readonly name: string;
  readonly task: object;
}

/** Where the states of a condition find a result. */
export function resultPath(index: number): string {
  return `$.result${index}`;
}

/** Any of these rules, of which there is at least one. */
export function anyOf(rules: Rule[]): Rule {
  return rules.length === 1 ? rules[0] : { Or: rules };
}

/** All of these rules, of which there is at least one. */
export function allOf(rules: Rule[]): Rule {
  return rules.length === 1 ? rules[0] : { And: rules };
}

/** How often the execution was redriven: 0 at first. */
export const REDRIVES = '$$.Execution.RedriveCount';
