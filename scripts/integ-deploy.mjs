/**
 * `npm run integ:deploy [-- --real --account ID [--region R]]`: deploys the integration tests and scenarios to the local AWS, or to your own account at
 * your own cost.
 */
import { parseArgs } from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { describeProblem, Problem } from './lib/problem.mjs';

try {
  const { values } = parseArgs({ options: { real: { type: 'boolean' }, account: { type: 'string' }, region: { type: 'string' } } });
  if (values.real && values.account === undefined) throw new Problem('--real needs --account ID: the account that you mean.');
  await bootstrap();
  const [{ runSuite }, integ, { realTarget }] = await Promise.all([import('./lib/suite.mjs'), import('./lib/integ.mjs'), import('./lib/target.mjs')]);
  const target = values.real ? await realTarget(values) : undefined;
  await runSuite('integ:deploy', [
    { name: 'integration tests', run: () => target ? integ.runIntegTests(target) : integ.deployIntegTests() },
    ...integ.INTEG_SCENARIOS.map((check) => target ? { ...check, run: () => integ.runScenario(check.file, target) } : check),
  ]);
} catch (error) {
  console.error(describeProblem(error));
  process.exitCode = 1;
}
