/** A text between the single quotes of an intrinsic function: quotes, braces and backslashes mean themselves. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\'{}]/g, '\\$&')}'`;
}

/**
 * A text with a value at its end, as an intrinsic function.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */
export function textAndValue(text: string, valueFunction: string): string {
  return `States.Format(${quoted(text).slice(0, -1)}{}', ${valueFunction})`;
}
