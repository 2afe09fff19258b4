import { checkDependencies } from './audit.mjs';
import { cfnLint } from './cfn-lint.mjs';
import { compareSnapshots, deployIntegTests, INTEG_SCENARIOS } from './integ.mjs';
import { judgeOnNewestCdk } from './newest-lane.mjs';
import { followReadme } from './readme-lane.mjs';

/** @type {import('./suite.mjs').Check[]} */
export const VERIFY_CHECKS = [
  { name: 'integration snapshots', run: compareSnapshots },
  { name: 'dependencies: pinned, licences, scripts at installation, known vulnerabilities', run: checkDependencies },
  { name: 'cfn-lint on the shop', run: cfnLint },
  { name: 'newest aws-cdk-lib: its bundled validator and cdk-preflight on every example and integration test', run: judgeOnNewestCdk },
  { name: 'the README followed to the letter, in TypeScript and Python, with the packed artifacts', run: followReadme },
  { name: 'integration tests deployed to the local AWS', run: deployIntegTests },
  ...INTEG_SCENARIOS,
];
