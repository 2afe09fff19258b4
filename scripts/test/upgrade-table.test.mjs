import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { renderUpgradeTable, typesOfTable, UPGRADE_TABLE } from '../lib/upgrade-table.mjs';

const text = readFileSync(UPGRADE_TABLE, 'utf8');
const { types } = JSON.parse(text);

test('the table is what the data package says: else `node scripts/upgrade-table.mjs`', () => {
  assert.equal(text, renderUpgradeTable());
});

test('the table knows each type that a construct makes', () => {
  assert.deepEqual(Object.keys(types), typesOfTable());
});

test('it has what may be replaced, names, and what holds data', () => {
  assert.ok(types['AWS::ECS::Service'].replace.includes('Cluster'));
  assert.ok(!types['AWS::ECS::Service'].replace.includes('TaskDefinition'));
  assert.ok(types['AWS::Batch::ComputeEnvironment'].mayReplace.includes('ComputeResources.Subnets'));
  assert.deepEqual(types['AWS::EC2::SecurityGroup'].name, ['GroupName']);
  assert.equal(types['AWS::SQS::Queue'].data, true);
});

test('it is small', () => {
  assert.ok(text.length < 20 * 1024, `${text.length} bytes`);
});
