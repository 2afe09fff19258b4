import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { JobOptions } from './job-options';
import { type FlowParameter, PARAMETERS_PATH } from './machine/parameter-states';
import type { PipelineParameter } from './pipeline-parameter';
import { checkPattern } from '../private/check';
import { fail, show } from '../private/fail';
import { refusePlainSecrets } from '../task/refuse-plain-secrets';

/** Part of a path and of a variable. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,49}$/;

/** How AWS Batch is told that a word of a command is a parameter. */
const REFERENCE = 'Ref::';

/** What EventBridge Scheduler and Pipes put in when they start an execution: only then is it known. */
const FILLED_IN = /<(\$|aws\.)[^<>]+>/;

/** The parameters that a pipeline has declared. */
export class PipelineParameters {
  private readonly declared: [string, PipelineParameter][];

  constructor(private readonly pipeline: Construct, parameters: Record<string, PipelineParameter> = {}) {
    this.declared = Object.entries(parameters);
    const names = this.names;
    names.forEach((name) => checkPattern(pipeline, 'parameters', name, NAME, "names of 1 to 50 letters, digits and '_', a letter first",
      'choose another: it is part of an environment variable'));
    const twice = names.find((name, index) => names.findIndex((other) => other.toUpperCase() === name.toUpperCase()) !== index);
    if (twice !== undefined) fail(pipeline, `'parameters' must not have a name twice, whatever its case, got ${show(twice)}; rename one`);
    refusePlainSecrets(pipeline, textsOf(this.declared.map(([name, each]) => [name, each._defaultValue])), 'parameters');
  }

  public get names(): string[] {
    return this.declared.map(([name]) => name);
  }

  public get isEmpty(): boolean {
    return this.declared.length === 0;
  }

  /** As rows of a table: name, what is allowed, default, what for. */
  public get rows(): string[][] {
    return this.declared.map(([name, each]) => [
      name, each._text, each._defaultValue === undefined ? 'to be given' : show(each._defaultValue), each._description ?? '',
    ]);
  }

  /** For the states that check them. */
  public get flow(): FlowParameter[] {
    return this.declared.map(([name, each]) => ({
      name, defaultValue: each._defaultValue, allowed: (path) => each._rule(path), allowedText: each._text,
    }));
  }

  /** Where the states of jobs find the values, as texts: by the name of the variable, or that of the parameter. */
  public paths(key: (name: string) => string): Record<string, string> {
    return Object.fromEntries(this.declared.map(([name, each]) => [key(name), each._asText(`${PARAMETERS_PATH}.${name}`)]));
  }

  /** What a trigger gives, of the types of the parameters. Rejects what would fail its executions: what is unknown, missing or not allowed. */
  public read(trigger: Construct, given: Record<string, string>): Record<string, unknown> {
    const unknown = Object.keys(given).find((name) => !this.names.includes(name));
    if (unknown !== undefined) {
      fail(trigger, `'parameters' of a trigger must be declared by the pipeline, which has ${show(this.names)}, got ${show(unknown)}; `
        + "declare it in the pipeline's 'parameters'");
    }
    const missing = this.declared.find(([name, each]) => each._defaultValue === undefined && !(name in given));
    if (missing !== undefined) {
      fail(trigger, `'parameters' of a trigger must give ${show(missing[0])}, which has no default, got ${show(Object.keys(given))}; `
        + "give it, or a 'defaultValue' to the parameter");
    }
    refusePlainSecrets(trigger, given, 'parameters');
    const values = this.declared.filter(([name]) => name in given);
    return Object.fromEntries(values.map(([name, each]) => [name, readValue(trigger, name, each, given[name])]));
  }

  /** Rejects variables that parameters have, and words of a command that AWS Batch would not replace. */
  public checkJob(id: string, { command = [], environment = {}, secrets = {} }: Pick<JobOptions, 'command' | 'environment' | 'secrets'>): void {
    const reserved = this.names.map(parameterVariable);
    for (const [prop, variables] of Object.entries({ environment, secrets })) {
      const taken = Object.keys(variables).find((name) => reserved.includes(name));
      if (taken !== undefined) fail(this.pipeline, `'${prop}' of ${show(id)} must not set ${show(taken)}, which is a parameter of the pipeline; choose another name`);
    }
    const references = this.names.map((name) => REFERENCE + name);
    const wrong = command.find((word) => !Token.isUnresolved(word) && word.includes(REFERENCE) && !references.includes(word));
    if (this.isEmpty || wrong === undefined) return;
    fail(this.pipeline, `'command' of ${show(id)} must name parameters as words of their own, which are ${show(references)}, got ${show(wrong)}; `
      + 'AWS Batch replaces nothing else');
  }
}

/** The variable in which jobs find a parameter. */
export function parameterVariable(name: string): string {
  return `PARAMETER_${name.toUpperCase()}`;
}

function readValue(trigger: Construct, name: string, parameter: PipelineParameter, text: string): unknown {
  const value = parameter._read(text);
  if (!FILLED_IN.test(text) && !parameter._allows(value)) {
    fail(trigger, `${show(name)} in 'parameters' of a trigger must be ${parameter._text}, got ${show(text)}; executions with it would fail`);
  }
  return value;
}

function textsOf(values: [string, unknown][]): Record<string, string> {
  return Object.fromEntries(values.filter((each): each is [string, string] => typeof each[1] === 'string'));
}
