import { App } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ACKNOWLEDGED } from './acknowledged';
import { ShopStack } from '../../examples/shop/typescript/shop-stack';
import { ClusterProfile } from '../../src';
import { ENV } from '../util/fixtures';

/** cdk-nag AwsSolutions on the example application, in each profile. */
describe.each([ClusterProfile.PRODUCTION, ClusterProfile.DEVELOPMENT])('AwsSolutions on the shop in %s', (profile) => {
  const app = new App({ analyticsReporting: false });
  const stack = new ShopStack(app, 'Shop', { profile, env: ENV });
  const found = new AwsSolutionsChecks(app).validateScope(app).violations
    .flatMap((violation) => violation.violatingResources.map((resource) => `${violation.ruleName} ${resource.constructPath}`))
    .sort();
  const acknowledged = ACKNOWLEDGED
    .filter((entry) => entry.profiles === undefined || entry.profiles.includes(profile))
    .flatMap((entry) => entry.rules.flatMap((rule) => entry.resources.map((resource) => `${rule} ${stack.node.path}/${resource}`)))
    .sort();

  test('has no finding without a reason, and no reason without a finding', () => {
    expect(found).toEqual(acknowledged);
  });
});

test('each acknowledgement has a reason that says something', () => {
  expect(ACKNOWLEDGED.filter((entry) => entry.reason.split(' ').length < 6)).toEqual([]);
});
