/**
 * `node scripts/upgrade-table.mjs`: writes src/upgrade-safety/update-behaviours.json: what CloudFormation can change by a replacement only, for each type of
 * resource that the constructs make, from the data package of AWS CDK. To be run after a new type of resource, and after a new version of that package.
 */
import { writeFileSync } from 'node:fs';
import { renderUpgradeTable, UPGRADE_TABLE } from './lib/upgrade-table.mjs';

writeFileSync(UPGRADE_TABLE, renderUpgradeTable());
