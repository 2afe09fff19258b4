/** Options of `PipelineParameter.text`. */
export interface TextParameterOptions {
  /**
   * The value where none is given.
   *
   * @default - none: each execution must be given one
   */
  readonly defaultValue?: string;

  /**
   * The only values that are allowed.
   *
   * @default - all
   */
  readonly allowedValues?: string[];

  /**
   * The form that values must have: `*` stands for any text, so that `in/*.csv` is a key below `in/`. A backslash before it means an asterisk.
   *
   * Step Functions knows no regular expressions. Under the hood, this is `StringMatches` of a Choice.
   *
   * @default - any
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
   */
  readonly pattern?: string;

  /**
   * What it is for, told in the runbook.
   *
   * @default - none
   */
  readonly description?: string;
}

/** Options of `PipelineParameter.number`. */
export interface NumberParameterOptions {
  /**
   * The value where none is given.
   *
   * @default - none: each execution must be given one
   */
  readonly defaultValue?: number;

  /**
   * The smallest value that is allowed.
   *
   * @default - none
   */
  readonly min?: number;

  /**
   * The greatest value that is allowed.
   *
   * @default - none
   */
  readonly max?: number;

  /**
   * What it is for, told in the runbook.
   *
   * @default - none
   */
  readonly description?: string;
}

/** Options of `PipelineParameter.flag`. */
export interface FlagParameterOptions {
  /**
   * The value where none is given.
   *
   * @default - none: each execution must be given one
   */
  readonly defaultValue?: boolean;

  /**
   * What it is for, told in the runbook.
   *
   * @default - none
   */
  readonly description?: string;
}
