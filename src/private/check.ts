import { Duration, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { fail, show } from './fail';

/**
 * Checks of single values. Each one lets `undefined` and tokens pass: a token is a legal value everywhere, AWS judges it at deploy time.
 * `remedy` says what to change, in the words of the user's own props.
 */

export function checkRange(scope: IConstruct | undefined, prop: string, value: number | undefined, min: number, max: number, remedy: string): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!(value >= min && value <= max)) {
    fail(scope, `'${prop}' must be between ${min} and ${max}, got ${show(value)}; ${remedy}`);
  }
}

export function checkInteger(scope: IConstruct | undefined, prop: string, value: number | undefined, min: number, max: number, remedy: string): void {
  checkRange(scope, prop, value, min, max, remedy);
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!Number.isInteger(value)) {
    fail(scope, `'${prop}' must be a whole number between ${min} and ${max}, got ${show(value)}; ${remedy}`);
  }
}

export function checkSeconds(
  scope: IConstruct | undefined, prop: string, value: Duration | undefined, min: number, max: number, remedy: string,
): void {
  if (value === undefined || value.isUnresolved()) return;
  const seconds = value.toSeconds({ integral: false });
  if (!(seconds >= min && seconds <= max)) {
    fail(scope, `'${prop}' must be between ${min} and ${max} seconds, got ${seconds} seconds; ${remedy}`);
  }
  if (!Number.isInteger(seconds)) {
    fail(scope, `'${prop}' must be a whole number of seconds, got ${seconds}; ${remedy}`);
  }
}

export function checkPattern(
  scope: IConstruct | undefined, prop: string, value: string | undefined, pattern: RegExp, allowed: string, remedy: string,
): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!pattern.test(value)) {
    fail(scope, `'${prop}' must be ${allowed}, got ${show(value)}; ${remedy}`);
  }
}

export function checkMinutes(
  scope: IConstruct | undefined, prop: string, value: Duration | undefined, min: number, max: number, remedy: string,
): void {
  if (value === undefined || value.isUnresolved()) return;
  const minutes = value.toMinutes({ integral: false });
  if (!(minutes >= min && minutes <= max && Number.isInteger(minutes))) {
    fail(scope, `'${prop}' must be a whole number of minutes between ${min} and ${max}, got ${minutes}; ${remedy}`);
  }
}

/** A share that AWS takes with one decimal place. */
export function checkTenths(prop: string, value: number, min: number, max: number, remedy: string): void {
  checkRange(undefined, prop, value, min, max, remedy);
  if (!Token.isUnresolved(value) && Number(value.toFixed(1)) !== value) {
    fail(undefined, `'${prop}' must be a multiple of 0.1 between ${min} and ${max}, got ${show(value)}; ${remedy}`);
  }
}
