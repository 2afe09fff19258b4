/**
 * `npm run verify`: the long checks: integration tests deployed to the local AWS, scenarios, judges. `npm run verify -- judges` runs the checks whose name has the word.
 */
import { bootstrap } from './bootstrap.mjs';
import { describeProblem } from './lib/problem.mjs';

try {
  await bootstrap({ tests: true });
  const [{ runSuite }, { VERIFY_CHECKS }] = await Promise.all([import('./lib/suite.mjs'), import('./lib/verify-checks.mjs')]);
  const [word = ''] = process.argv.slice(2);
  await runSuite('verify', VERIFY_CHECKS.filter((check) => check.name.includes(word)));
} catch (error) {
  console.error(describeProblem(error));
  process.exitCode = 1;
}
