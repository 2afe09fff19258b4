import type { JobOutput } from './job-output';
import { fail } from '../private/fail';

/** A rule of a Choice, once it is known where the result that it is about lies. */
type RuleOf = (pathOf: (output: JobOutput) => string) => Record<string, unknown>;

/** What a condition is made of. */
interface ConditionParts {
  readonly outputs: JobOutput[];
  /** Holds where all values are there and of the right type. */
  readonly valid: RuleOf[];
  readonly rule: RuleOf;
  readonly text: string;
}

/**
 * Whether a job is to run, told by what earlier jobs have written.
 *
 * Begins with `JobOutput.value`; `allOf`, `anyOf` and `noneOf` put conditions together. The job waits for the jobs whose outputs it is about. Each output must be
 * one object of at most 32 KiB of JSON. The state machine reads it once, when it is the job's turn; it may read just these keys. Where there is no such
 * object, no JSON, or no value of the right type, nothing is skipped: the execution fails, and a redrive reads again. A longer object counts as no JSON.
 *
 * Under the hood, these are a Task that calls `s3:GetObject` and a Choice. They cost a few state transitions.
 *
 * @example
 * declare const pipeline: EcsBatchPipeline;
 * const train = pipeline.addJob('Train', { image, outputs: ['metrics'] });
 * const metrics = train.output('metrics');
 * pipeline.addJob('Publish', {
 *   image,
 *   when: JobCondition.allOf([metrics.value('accuracy').isAtLeast(0.9), metrics.value('drifted').isFalse()]),
 * });
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 */
export class JobCondition {
  /**
   * Holds where all of these hold.
   *
   * @param conditions one or more
   *
   * @example
   * declare const metrics: JobOutput;
   * const good = JobCondition.allOf([metrics.value('accuracy').isAtLeast(0.9), metrics.value('loss').isLessThan(0.1)]);
   */
  public static allOf(conditions: JobCondition[]): JobCondition {
    return JobCondition.joined('allOf', 'And', ' and ', conditions);
  }

  /**
   * Holds where any of these holds. All values are read, and must be there, all the same.
   *
   * @param conditions one or more
   *
   * @example
   * declare const metrics: JobOutput;
   * const suspicious = JobCondition.anyOf([metrics.value('accuracy').isLessThan(0.5), metrics.value('drifted').isTrue()]);
   */
  public static anyOf(conditions: JobCondition[]): JobCondition {
    return JobCondition.joined('anyOf', 'Or', ' or ', conditions);
  }

  /**
   * Holds where none of these holds. All values are read, and must be there, all the same.
   *
   * @param conditions one or more
   *
   * @example
   * declare const metrics: JobOutput;
   * const bad = JobCondition.noneOf([metrics.value('accuracy').isAtLeast(0.9)]);
   */
  public static noneOf(conditions: JobCondition[]): JobCondition {
    const { outputs, valid, rule, text } = JobCondition.joined('noneOf', 'Or', ' or ', conditions)._parts;
    return new JobCondition({ outputs, valid, rule: (pathOf) => ({ Not: rule(pathOf) }), text: `not (${text})` });
  }

  /** @internal */
  public static _of(parts: ConditionParts): JobCondition {
    return new JobCondition(parts);
  }

  private static joined(factory: string, operator: string, word: string, conditions: JobCondition[]): JobCondition {
    if (conditions.length === 0) fail(undefined, `'conditions' of JobCondition.${factory} must be one or more, got none; add one, or omit 'when'`);
    if (conditions.length === 1) return conditions[0];
    const parts = conditions.map((condition) => condition._parts);
    return new JobCondition({
      outputs: parts.flatMap((each) => each.outputs).filter((output, index, all) => all.findIndex((other) => other._path === output._path) === index),
      valid: parts.flatMap((each) => each.valid),
      rule: (pathOf) => ({ [operator]: parts.map((each) => each.rule(pathOf)) }),
      text: parts.map((each) => (/ (and|or) /.test(each.text) ? `(${each.text})` : each.text)).join(word),
    });
  }

  private constructor(
    /** @internal */
    public readonly _parts: ConditionParts,
  ) {
  }
}
