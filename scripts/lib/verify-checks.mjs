import { cfnLint } from './cfn-lint.mjs';
import { compareSnapshots, deployIntegTests, INTEG_SCENARIOS } from './integ.mjs';

/** @type {import('./suite.mjs').Check[]} */
export const VERIFY_CHECKS = [
  { name: 'integration snapshots', run: compareSnapshots },
  { name: 'cfn-lint on the shop', run: cfnLint },
  { name: 'integration tests deployed to the local AWS', run: deployIntegTests },
  ...INTEG_SCENARIOS,
];
