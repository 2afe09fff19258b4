import * as fs from 'fs';
import * as path from 'path';
import type { Stack } from 'aws-cdk-lib/core';
import { Attachment, Permissions, permissionsOf, Statement } from './permissions';
import { Wildcard, WILDCARDS, WITHOUT_KEYS, WITHOUT_SOURCE } from './wildcards';
import { ClusterProfile, DeploymentHook, EcsMicroservice, FargateCluster, ServiceDeployment, ServiceRoute, TestRoute } from '../../src';
import { APPLICATIONS } from '../contract/applications';
import { createStack, IMAGE } from '../util/fixtures';

/**
 * Who may do what, in everything that the constructs make. It stands in a reviewed file: a changed line is to be read as one of a door.
 *
 * After a wanted change: `UPDATE_CONTRACT=1 npx jest test/security --coverage=false`.
 */
const FILE = path.join(__dirname, 'policies.txt');

/** What none of the applications of the contract has. */
const MORE: Record<string, (stack: Stack) => void> = {
  'EcsMicroservice, smoke test from within': (stack) => {
    const cluster = new FargateCluster(stack, 'Cluster', { profile: ClusterProfile.DEVELOPMENT });
    const routes = [ServiceRoute.insideVpc({ paths: ['/orders'] })];
    const testRoute = TestRoute.header('x-release', 'next');
    const deployment = ServiceDeployment.blueGreen({ testRoute, hooks: [DeploymentHook.smokeTest({ path: '/orders' })] });
    new EcsMicroservice(stack, 'Service', { cluster, image: IMAGE, routes, deployment });
  },
};

const permissions = Object.fromEntries(Object.entries({ ...APPLICATIONS, ...MORE }).map(([name, declare]): [string, Permissions] => {
  const stack = createStack();
  declare(stack);
  return [name, permissionsOf(stack)];
}));
const statements = Object.values(permissions).flatMap((each) => each.statements);

test('policies are as reviewed', () => {
  const now = Object.entries(permissions).flatMap(([name, each]) => [`# ${name}`, ...render(each), '']).join('\n');
  if (process.env.UPDATE_CONTRACT === '1') fs.writeFileSync(FILE, now);
  expect(now.split('\n')).toEqual(fs.readFileSync(FILE, 'utf8').split('\n'));
});

describe('a wildcard', () => {
  const wild = statements.filter(({ effect, kind, actions, resources }) =>
    effect === 'Allow' && kind !== 'trust' && [...actions, ...resources].some((each) => each.includes('*')));
  const covers = ({ actions, resource, condition }: Wildcard, statement: Statement) => statement.actions.every((action) => actions.includes(action))
    && statement.resources.filter((each) => each.includes('*')).every((each) => resource.test(each))
    && (condition === undefined || statement.conditions.some((each) => condition.test(each)));

  test('is in no action and no resource without a reason', () => {
    const bare = wild.filter((statement) => !WILDCARDS.some((wildcard) => covers(wildcard, statement)));
    expect([...new Set(bare.map((statement) => `${statement.actions.join(' ')} on ${statement.resources.join(' ')}`))]).toEqual([]);
  });

  test('has no reason that is not needed, and none that says nothing', () => {
    expect(WILDCARDS.filter((wildcard) => !wild.some((statement) => covers(wildcard, statement))).map(({ actions }) => actions)).toEqual([]);
    expect(WILDCARDS.filter(({ because }) => because.split(' ').length < 6)).toEqual([]);
  });
});

describe('a role', () => {
  const trusts = statements.filter(({ kind }) => kind === 'trust');

  test('is taken by services only, and by each for this account only, where the service says for whom it acts', () => {
    const unconditional = trusts.filter(({ conditions }) => !conditions.some((condition) => /aws:Source(Account|Arn) = /.test(condition)));
    const known = ({ principal, holder }: typeof WITHOUT_KEYS[number], trust: Statement) => (
      trust.principals.join() === principal && holder.test(trust.holder));
    const unknown = unconditional.filter((trust) => !WITHOUT_KEYS.some((entry) => known(entry, trust)));
    expect(unknown.map(({ holder, principals }) => `${holder} by ${principals.join()}`)).toEqual([]);
    expect(WITHOUT_KEYS.filter((entry) => !unconditional.some((trust) => known(entry, trust))).map(({ principal }) => principal)).toEqual([]);
    expect(trusts.flatMap(({ principals }) => principals).filter((principal) => !principal.endsWith('.amazonaws.com'))).toEqual([]);
  });

  test('of tasks, schedules, state machines and rules is among those', () => {
    const services = new Set(trusts.flatMap(({ principals }) => principals).map((principal) => principal.split('.')[0]));
    expect([...services]).toEqual(expect.arrayContaining(['ecs-tasks', 'scheduler', 'states', 'events', 'ecs']));
  });
});

describe('a resource', () => {
  test('lets a service in for this account or for a source of it only, and nobody else but its own account', () => {
    const open = statements.filter(({ kind, effect, principals, conditions }) => kind === 'resource policy' && effect === 'Allow'
      && principals.some((principal) => principal === '*' || principal.endsWith('.amazonaws.com'))
      && !conditions.some((condition) => /aws:Source(Account|Arn) = |kms:EncryptionContext/i.test(condition)));
    expect(open.filter(({ principals }) => principals.some((principal) => WITHOUT_SOURCE[principal] === undefined))
      .map(({ holder, principals, actions }) => `${holder} lets ${principals.join()} ${actions.join()}`)).toEqual([]);
    expect([...new Set(open.flatMap(({ principals }) => principals))].sort()).toEqual(Object.keys(WITHOUT_SOURCE));
  });
});

function render({ statements: all, attachments }: Permissions): string[] {
  const holders = [...new Set([...all, ...attachments].map(({ holder }) => holder))].sort();
  return holders.flatMap((holder) => [
    holder,
    ...attachments.filter((each) => each.holder === holder).map(({ policy }: Attachment) => `  managed policy ${policy}`),
    ...all.filter((each) => each.holder === holder).flatMap(renderStatement),
  ]);
}

function renderStatement({ kind, effect, principals, actions, resources, conditions }: Statement): string[] {
  const who = kind === 'permission' ? '' : `${principals.join(', ')}: `;
  return [
    `  ${kind === 'trust' ? 'taken by' : effect.toLowerCase()} ${who}${actions.join(' ')}`,
    ...resources.map((resource) => `    on ${resource}`),
    ...conditions.map((condition) => `    if ${condition}`),
  ];
}
