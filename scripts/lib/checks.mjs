import { isDeepStrictEqual } from 'node:util';

/**
 * @typedef {object} Failure
 * @property {string} what
 * @property {unknown} expected
 * @property {unknown} received
 * @property {string} where where to look for the cause
 */

/**
 * The assertions of one run. A failed one does not end the run: what comes after it may tell why.
 */
export class Checks {
  passed = 0;
  /** @type {Failure[]} */
  failures = [];

  /**
   * @param {string} what the claim: "the storefront shows three orders"
   * @param {unknown} received
   * @param {unknown} expected
   * @param {string} where where to look if it does not hold
   */
  equal(what, received, expected, where) {
    this.record(isDeepStrictEqual(received, expected), { what, expected, received, where });
  }

  /**
   * @param {string} what
   * @param {number} received
   * @param {number} least
   * @param {string} where
   */
  atLeast(what, received, least, where) {
    this.record(received >= least, { what, expected: `${least} or more`, received, where });
  }

  /**
   * @param {string} what
   * @param {string} received
   * @param {string} part
   * @param {string} where
   */
  contains(what, received, part, where) {
    this.record(received.includes(part), { what, expected: `a text with "${part}"`, received: received.slice(0, 500), where });
  }

  get ok() {
    return this.failures.length === 0;
  }

  /** All failures for people, or an empty text. */
  report() {
    return this.failures.map(({ what, expected, received, where }) => [
      `FAILED  ${what}`,
      `        expected  ${show(expected)}`,
      `        received  ${show(received)}`,
      `        look at   ${where}`,
    ].join('\n')).join('\n\n');
  }

  record(holds, failure) {
    if (holds) this.passed += 1;
    else this.failures.push(failure);
  }
}

function show(value) {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? String(value);
}
