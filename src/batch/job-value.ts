import { Token, Tokenization } from 'aws-cdk-lib/core';
import { JobCondition } from './job-condition';
import type { JobOutput } from './job-output';
import { checkPattern } from '../private/check';
import { fail, show } from '../private/fail';

/** Keys that need no quotes in a path. */
const PATH = /^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62}){0,4}$/;

/** The types that a Choice can tell apart. */
type Type = 'Numeric' | 'String' | 'Boolean';

/**
 * A value in a small JSON object that a job has written as one of its outputs.
 *
 * Got from `JobOutput.value`, and compared with something to become a `JobCondition`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 */
export class JobValue {
  /** @internal */
  public static _of(output: JobOutput, path: string): JobValue {
    checkPattern(output.job, 'path', path, PATH, "up to 5 keys of letters, digits and '_', joined by '.'", "write the value under such a key, as in 'test.accuracy'");
    return new JobValue(output, path);
  }

  private constructor(private readonly output: JobOutput, private readonly path: string) {
  }

  /**
   * Holds for a number greater than `bound`.
   *
   * @param bound the number to compare with
   */
  public isGreaterThan(bound: number): JobCondition {
    return this.compare('Numeric', 'NumericGreaterThan', this.checkNumber(bound), `> ${textOf(bound)}`);
  }

  /**
   * Holds for `bound` and for greater numbers.
   *
   * @param bound the number to compare with
   */
  public isAtLeast(bound: number): JobCondition {
    return this.compare('Numeric', 'NumericGreaterThanEquals', this.checkNumber(bound), `>= ${textOf(bound)}`);
  }

  /**
   * Holds for a number less than `bound`.
   *
   * @param bound the number to compare with
   */
  public isLessThan(bound: number): JobCondition {
    return this.compare('Numeric', 'NumericLessThan', this.checkNumber(bound), `< ${textOf(bound)}`);
  }

  /**
   * Holds for `bound` and for smaller numbers.
   *
   * @param bound the number to compare with
   */
  public isAtMost(bound: number): JobCondition {
    return this.compare('Numeric', 'NumericLessThanEquals', this.checkNumber(bound), `<= ${textOf(bound)}`);
  }

  /**
   * Holds for just this number.
   *
   * @param number the number to compare with
   */
  public equalsNumber(number: number): JobCondition {
    return this.compare('Numeric', 'NumericEquals', this.checkNumber(number), `= ${textOf(number)}`);
  }

  /**
   * Holds for just this text.
   *
   * @param text the text to compare with
   */
  public equalsText(text: string): JobCondition {
    return this.compare('String', 'StringEquals', text, `= ${show(text)}`);
  }

  /** Holds for `true`. */
  public isTrue(): JobCondition {
    return this.compare('Boolean', 'BooleanEquals', true, 'is true');
  }

  /** Holds for `false`. */
  public isFalse(): JobCondition {
    return this.compare('Boolean', 'BooleanEquals', false, 'is false');
  }

  private compare(type: Type, operator: string, value: unknown, text: string): JobCondition {
    const { output, path } = this;
    const variable = (pathOf: (output: JobOutput) => string) => ({ Variable: `${pathOf(output)}.${path}` });
    return JobCondition._of({
      outputs: [output],
      valid: [
        (pathOf) => ({ ...variable(pathOf), IsPresent: true }),
        (pathOf) => ({ ...variable(pathOf), [`Is${type}`]: true }),
      ],
      rule: (pathOf) => ({ ...variable(pathOf), [operator]: value }),
      text: `${output.job.node.id}.${output.name}.${path} ${text}`,
    });
  }

  private checkNumber(number: number): number {
    if (Token.isUnresolved(number) || Number.isFinite(number)) return number;
    return fail(this.output.job, `a value of a result must be compared with a finite number, got ${number}; give one`);
  }
}

/** A token that stands for a number means something in a text only as one that stands for a text. */
function textOf(number: number): string {
  return Tokenization.stringifyNumber(number);
}
