import { Token, Tokenization } from 'aws-cdk-lib/core';
import type { Rule } from './machine/flow-job';
import type { FlagParameterOptions, NumberParameterOptions, TextParameterOptions } from './pipeline-parameter-options';
import { fail, show } from '../private/fail';

/** What makes one kind of parameter. */
interface ParameterParts {
  readonly type: 'string' | 'number' | 'boolean';
  readonly defaultValue?: unknown;
  readonly description?: string;
  /** What is allowed, in words. */
  readonly text: string;
  /** Whether a value of the type, which is known, is allowed. */
  readonly allows: (value: any) => boolean;
  /** Likewise, as rules of a Choice. */
  readonly rules: (path: string) => Rule[];
}

const TESTS = { string: 'IsString', number: 'IsNumeric', boolean: 'IsBoolean' };

/**
 * A value that each execution of a pipeline may be given: what type it has, what is allowed, and what it is where nothing is given.
 *
 * Jobs find it in `PARAMETER_<NAME>`, and as `Ref::<name>` in their command. Parameters stand readable in executions, jobs and logs: they are no place for
 * secrets, which jobs have in `secrets`. A value holds no state: it may serve several pipelines.
 */
export class PipelineParameter {
  /**
   * A text.
   *
   * @example
   * new EcsBatchPipeline(this, 'Etl', {
   *   cluster,
   *   parameters: { mode: PipelineParameter.text({ defaultValue: 'daily', allowedValues: ['daily', 'full'] }) },
   * });
   */
  public static text({ defaultValue, allowedValues, pattern, description }: TextParameterOptions = {}): PipelineParameter {
    if (allowedValues?.length === 0) fail(undefined, "'allowedValues' must have at least one value, got none; omit it to allow all");
    const parts = [
      ...allowedValues === undefined ? [] : [`one of ${allowedValues.map(show).join(', ')}`],
      ...pattern === undefined ? [] : [`of the form ${show(pattern)}`],
    ];
    const form = pattern === undefined || Token.isUnresolved(pattern) ? undefined : expressionOf(pattern);
    return new PipelineParameter({
      type: 'string',
      defaultValue,
      description,
      text: ['a text', ...parts].join(', '),
      allows: (value) => (allowedValues === undefined || allowedValues.some((each) => Token.isUnresolved(each) || each === value))
        && (form === undefined || form.test(value)),
      rules: (path) => [
        ...allowedValues === undefined ? [] : [{ Or: allowedValues.map((each) => ({ Variable: path, StringEquals: each })) }],
        ...pattern === undefined ? [] : [{ Variable: path, StringMatches: pattern }],
      ],
    });
  }

  /**
   * A number.
   *
   * @example
   * new EcsBatchPipeline(this, 'Etl', { cluster, parameters: { days: PipelineParameter.number({ defaultValue: 1, min: 1, max: 31 }) } });
   */
  public static number({ defaultValue, min, max, description }: NumberParameterOptions = {}): PipelineParameter {
    const known = (bound?: number): bound is number => bound !== undefined && !Token.isUnresolved(bound);
    if (known(min) && known(max) && min > max) fail(undefined, `'min' must be at most 'max', which is ${max}, got ${min}; exchange them`);
    const inWords = (word: string, bound?: number) => (bound === undefined ? [] : [`${word} ${Tokenization.stringifyNumber(bound)}`]);
    return new PipelineParameter({
      type: 'number',
      defaultValue,
      description,
      text: ['a number', ...inWords('at least', min), ...inWords('at most', max)].join(', '),
      allows: (value) => Number.isFinite(value) && !(known(min) && value < min) && !(known(max) && value > max),
      rules: (path) => [
        ...min === undefined ? [] : [{ Variable: path, NumericGreaterThanEquals: min }],
        ...max === undefined ? [] : [{ Variable: path, NumericLessThanEquals: max }],
      ],
    });
  }

  /**
   * `true` or `false`. Jobs find it as one of these words.
   *
   * @example
   * new EcsBatchPipeline(this, 'Etl', { cluster, parameters: { dryRun: PipelineParameter.flag({ defaultValue: false }) } });
   */
  public static flag({ defaultValue, description }: FlagParameterOptions = {}): PipelineParameter {
    return new PipelineParameter({ type: 'boolean', defaultValue, description, text: 'true or false', allows: () => true, rules: () => [] });
  }

  /** @internal Undefined where a value must be given. */
  public readonly _defaultValue?: unknown;

  /** @internal What is allowed, in words. */
  public readonly _text: string;

  /** @internal */
  public readonly _description?: string;

  private constructor(private readonly parts: ParameterParts) {
    this._defaultValue = parts.defaultValue;
    this._text = parts.text;
    this._description = parts.description;
    if (parts.defaultValue !== undefined && !this._allows(parts.defaultValue)) {
      fail(undefined, `'defaultValue' must be ${parts.text}, got ${show(parts.defaultValue)}; give an allowed one, or none`);
    }
  }

  /** @internal Whether a value may be given; of what is known at deployment only, AWS judges. */
  public _allows(value: unknown): boolean {
    return Token.isUnresolved(value) || (typeof value === this.parts.type && this.parts.allows(value));
  }

  /** @internal The value that a text stands for, which triggers give; the text itself where it stands for none. */
  public _read(text: string): unknown {
    if (Token.isUnresolved(text) || this.parts.type === 'string') return text;
    const isValue = this.parts.type === 'boolean' ? /^(true|false)$/ : /^-?\d+(\.\d+)?$/;
    return isValue.test(text) ? JSON.parse(text.replace(/^(-?)0+(?=\d)/, '$1')) : text;
  }

  /** @internal Holds for an allowed value. */
  public _rule(path: string): Rule {
    const rules = [{ Variable: path, [TESTS[this.parts.type]]: true }, ...this.parts.rules(path)];
    return rules.length === 1 ? rules[0] : { And: rules };
  }

  /** @internal The value at a path as a text, which variables and commands are. */
  public _asText(path: string): string {
    return this.parts.type === 'string' ? path : `States.Format('{}', ${path})`;
  }
}

/** What `StringMatches` takes for a match: `*` is any text, a backslash takes its meaning away. */
function expressionOf(pattern: string): RegExp {
  const parts = pattern.split(/(\\[*\\]|\*)/).map((part) => (part === '*' ? '.*' : part.replace(/^\\([*\\])$/, '$1').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('')}$`, 's');
}
