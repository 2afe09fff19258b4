import { join } from 'node:path';
import { checkDocs } from './doc-examples.mjs';
import { checkLinks } from './doc-links.mjs';
import { unchangedBy } from './generated-files.mjs';
import { ROOT } from './paths.mjs';
import { runOrFail } from './processes.mjs';
import { comparePythonPairs } from './python-pair.mjs';
import { bin, jest, nodeTest, projen, pytest } from './runners.mjs';

const LINT = ['--ext', '.ts', '--max-warnings=0', '--no-error-on-unmatched-pattern', 'src', 'test', 'integ', 'examples', '.projenrc.ts'];

/** @type {import('./suite.mjs').Check[]} */
export const TEST_CHECKS = [
  { name: 'compile with jsii', run: () => projen('compile') },
  { name: 'API reference is up to date', run: () => unchangedBy(['API.md'], () => projen('docgen')) },
  { name: 'README and docstring examples compile', run: () => runOrFail('An example does not compile', bin('jsii-rosetta'), ['extract', '--strict'], { cwd: ROOT }) },
  { name: 'examples in docs/ compile, and have their Python', run: async () => ({ passed: await checkDocs(), failed: 0 }) },
  { name: 'links between pages lead somewhere', run: async () => ({ passed: checkLinks(), failed: 0 }) },
  { name: 'types of tests, examples and integration tests', run: () => runOrFail('tsc found errors', bin('tsc'), ['--noEmit', '-p', 'tsconfig.dev.json'], { cwd: ROOT }) },
  { name: 'lint', run: () => runOrFail('eslint found errors', bin('eslint'), LINT, { cwd: ROOT, env: { ...process.env, ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' } }) },
  { name: 'unit and contract tests', run: () => jest(['--coverage=false']) },
  { name: 'tests of the scripts', run: () => nodeTest(['scripts/test/']) },
  { name: 'tests of the local AWS', run: () => pytest([]) },
  { name: "tests of the shop's pipeline", run: () => pytest([join(ROOT, 'examples', 'shop', 'pipeline')], { cwd: ROOT }) },
  { name: 'the examples in Python have the templates of those in TypeScript', run: comparePythonPairs },
  { name: 'demo', run: async () => {
    await runOrFail('The demo failed', process.execPath, ['scripts/demo.mjs'], { cwd: ROOT });
    return { passed: 1, failed: 0 };
  } },
];
