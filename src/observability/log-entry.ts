import { Token } from 'aws-cdk-lib/core';
import { fail, show } from '../private/fail';
import type { EntryStart } from '../task/own-logs';

/**
 * What begins an entry of the log, where entries have several lines: a stack trace is one entry then, not thirty.
 *
 * @see https://docs.docker.com/engine/logging/drivers/awslogs/
 */
export class LogEntry {
  /**
   * Each line that matches begins an entry; lines that do not belong to the entry before them.
   *
   * Under the hood, this is `awslogs-multiline-pattern`.
   *
   * @param pattern a regular expression of Go, such as `^(INFO|WARN|ERROR)`
   *
   * @example
   * declare const orders: EcsMicroservice;
   * WorkloadLogs.of(orders).joinLines(LogEntry.startsWith('^\\S')); // what is indented belongs to the line before
   */
  public static startsWith(pattern: string): LogEntry {
    return new LogEntry({ multilinePattern: required('pattern', pattern, "a regular expression, such as '^\\\\S'") });
  }

  /**
   * Each line with a time of this form begins an entry.
   *
   * Under the hood, this is `awslogs-datetime-format`.
   *
   * @param format in the letters of `strftime`, such as `%Y-%m-%d %H:%M:%S`
   *
   * @example
   * declare const orders: EcsMicroservice;
   * WorkloadLogs.of(orders).joinLines(LogEntry.startsWithTime('%Y-%m-%d %H:%M:%S'));
   */
  public static startsWithTime(format: string): LogEntry {
    const given = required('format', format, "the form of a time, such as '%Y-%m-%d %H:%M:%S'");
    if (!Token.isUnresolved(given) && !/%[A-Za-z]/.test(given)) {
      fail(undefined, `'format' must have letters of strftime, such as '%Y-%m-%d %H:%M:%S', got ${show(given)}; use 'startsWith' for a regular expression`);
    }
    return new LogEntry({ datetimeFormat: given });
  }

  private constructor(private readonly start: EntryStart) {
  }

  /** @internal */
  public _bind(): EntryStart {
    return this.start;
  }
}

function required(prop: string, value: string, what: string): string {
  return value === '' ? fail(undefined, `'${prop}' must be ${what}, got nothing; without it each line is an entry`) : value;
}
