/**
 * `npm run bench`: measures the library beside what one would take instead, prints the tables and writes docs/performance.md. With `-- --gate` it fails where a
 * target is missed twice. `npm run bench -- import rollout` measures these parts alone, which take their place in the
 * page.
 */
import { bootstrap } from '../scripts/bootstrap.mjs';
import { describeProblem } from '../scripts/lib/problem.mjs';

try {
  await bootstrap({ tests: false });
  const { runBench } = await import('./lib/suite.mjs');
  const args = process.argv.slice(2);
  await runBench({ isGate: args.includes('--gate'), words: args.filter((arg) => !arg.startsWith('--')) });
} catch (error) {
  console.error(describeProblem(error));
  process.exitCode = 1;
}
