import { ALL_PRIORITIES, SMALLEST_RANGE } from './priority-bands';
import type { PriorityRange } from './priority-range';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';

/** Checks a range that a user gives. It decides the numbers, so it must be known at synthesis: a token is out of range here. */
export function checkPriorityRange(prop: string, range?: PriorityRange): void {
  if (range === undefined) return;
  const { first, last } = ALL_PRIORITIES;
  for (const end of ['first', 'last'] as const) {
    if (range[end] < 0) fail(undefined, `'${prop}.${end}' must be known at synthesis: priorities are worked out from it; pass a plain number`);
    checkInteger(undefined, `${prop}.${end}`, range[end], first, last, 'a listener takes no others');
  }
  const size = range.last - range.first + 1;
  if (size < SMALLEST_RANGE) {
    fail(undefined, `'${prop}' must hold ${SMALLEST_RANGE} numbers at least, got ${range.first} to ${range.last}; widen it`);
  }
}
