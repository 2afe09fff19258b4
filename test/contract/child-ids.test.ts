import * as fs from 'fs';
import * as path from 'path';
import { CfnResource, Stack } from 'aws-cdk-lib/core';
import { APPLICATIONS } from './applications';
import { createStack } from '../util/fixtures';

/**
 * Child ids decide logical ids, and a changed logical id replaces what runs. Each construct's paths and types stand in a reviewed file:
 * a changed line is a breaking change and needs a line in the changelog.
 *
 * After a wanted change: `UPDATE_CONTRACT=1 npx jest test/contract --coverage=false`.
 */
const FILE = path.join(__dirname, 'child-ids.txt');

test('child ids are as reviewed', () => {
  const now = Object.entries(APPLICATIONS).flatMap(([name, declare]) => {
    const stack = createStack();
    declare(stack);
    return [`# ${name}`, ...resourcesOf(stack), ''];
  }).join('\n');
  if (process.env.UPDATE_CONTRACT === '1') fs.writeFileSync(FILE, now);
  expect(now.split('\n')).toEqual(fs.readFileSync(FILE, 'utf8').split('\n'));
});

function resourcesOf(stack: Stack): string[] {
  return stack.node.findAll()
    .filter((construct): construct is CfnResource => CfnResource.isCfnResource(construct))
    .map((resource) => `${resource.node.path.replace(/^Stack\//, '')} -> ${resource.cfnResourceType}`)
    .sort();
}
