/**
 * `npm test`: everything that a change must pass, from a fresh clone. `npm test -- unit` runs the checks whose name has the word.
 */
import { bootstrap } from './bootstrap.mjs';
import { describeProblem } from './lib/problem.mjs';

try {
  await bootstrap({ tests: true });
  const [{ runSuite }, { TEST_CHECKS }] = await Promise.all([import('./lib/suite.mjs'), import('./lib/test-checks.mjs')]);
  const [word = ''] = process.argv.slice(2);
  await runSuite('test', TEST_CHECKS.filter((check) => check.name.includes(word)));
} catch (error) {
  console.error(describeProblem(error));
  process.exitCode = 1;
}
