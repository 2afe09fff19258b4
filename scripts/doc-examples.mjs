/** `node scripts/doc-examples.mjs`: compiles the examples in docs/ and compares their Python; with `--write`, writes it. */
import { checkDocs } from './lib/doc-examples.mjs';
import { describeProblem } from './lib/problem.mjs';

try {
  console.log(`${await checkDocs({ write: process.argv.includes('--write') })} examples compile, and have their Python.`);
} catch (error) {
  console.error(describeProblem(error));
  process.exitCode = 1;
}
