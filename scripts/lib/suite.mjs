import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUpOnInterrupt } from './interrupts.mjs';
import { CACHE } from './paths.mjs';
import { describeProblem, Problem } from './problem.mjs';
import { endAll } from './processes.mjs';
import { Progress } from './progress.mjs';

/** Where each suite leaves its counts, for the closing line of CI. */
export const COUNTS = join(CACHE, 'counts');

/**
 * What a check found. `notChecked` names what could not be checked here: it is counted on a line of its own, never passed over.
 *
 * @typedef {object} Outcome
 * @property {number} [passed] tests that passed
 * @property {number} [failed] tests that failed
 * @property {string[]} [notChecked]
 */

/**
 * One thing that must hold. It throws, or counts failed tests, if it does not.
 *
 * @typedef {object} Check
 * @property {string} name
 * @property {(tell: (news: string) => void) => Promise<Outcome | void>} run
 */

/**
 * Runs the checks of a suite one after the other. A failed one does not stop the next: the whole list is worth more than the first entry.
 *
 * @param {string} suite
 * @param {Check[]} checks
 */
export async function runSuite(suite, checks) {
  cleanUpOnInterrupt(endAll);
  const progress = new Progress();
  progress.heading(suite);
  const counts = { passed: 0, failed: 0, notChecked: [] };
  const broken = [];
  for (const check of checks) {
    let outcome = {};
    try {
      await progress.step(check.name, async (tell) => {
        outcome = await check.run(tell) ?? {};
        if (outcome.failed) throw new Problem(`${outcome.failed} failed, ${outcome.passed} passed`);
        return outcome;
      }, summary);
    } catch (error) {
      broken.push(check.name);
      progress.line(indent(describeProblem(error)));
    }
    counts.passed += outcome.passed ?? 0;
    counts.failed += outcome.failed ?? 0;
    counts.notChecked.push(...outcome.notChecked ?? []);
  }
  conclude(suite, progress, counts, broken);
}

function summary({ passed }) {
  return passed === undefined ? undefined : `${passed} passed`;
}

function conclude(suite, progress, counts, broken) {
  mkdirSync(COUNTS, { recursive: true });
  writeFileSync(join(COUNTS, `${suite}.json`), JSON.stringify(counts));
  progress.line();
  for (const what of counts.notChecked) progress.line(`not checked here: ${what}`);
  if (broken.length > 0) progress.line(progress.style('red', `${suite}: failed in ${broken.join(', ')}`));
  progress.line(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}

function indent(text) {
  return text.split('\n').map((line) => `      ${line}`).join('\n');
}
