import * as fs from 'fs';
import * as path from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import { Stack, Tags } from 'aws-cdk-lib/core';
import { Change, CLUSTER_CHANGES, PIPELINE_CHANGES, REPLACING, SERVICE_CHANGES, SIBLINGS, TASK_CHANGES, wholeApp, WORKER_CHANGES } from './changes';
import { UpgradeEffect, UpgradeSafety } from '../../src';
import { createStack } from '../util/fixtures';

/** What an update from one declaration to another does, but for new revisions. */
function findings(before: (stack: Stack) => void, after: (stack: Stack) => void): string[] {
  return UpgradeSafety.compare(templateOf(before), templateOf(after))
    .filter(({ effect }) => effect !== UpgradeEffect.NEW_REVISION)
    .map(({ effect, logicalId, propertyPaths }) => `${effect} ${withoutHash(logicalId)} ${propertyPaths.join(' ')}`.trim())
    .sort();
}

/** Ids end with a hash of eight digits; those of rules have one of their own before it. */
function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '').replace(/\d[0-9A-Fa-f]*$/, '');
}

/** The template of a declaration: made once, for many rows have one in common. */
function templateOf(declare: (stack: Stack) => void): Record<string, any> {
  if (!templates.has(declare)) {
    const stack = createStack();
    declare(stack);
    templates.set(declare, Template.fromStack(stack).toJSON());
  }
  return templates.get(declare)!;
}
const templates = new Map<(stack: Stack) => void, Record<string, any>>();

const MATRIX: Record<string, Change[]> = {
  FargateCluster: CLUSTER_CHANGES,
  EcsMicroservice: SERVICE_CHANGES,
  EcsQueueWorker: WORKER_CHANGES,
  EcsTask: TASK_CHANGES,
  EcsBatchPipeline: PIPELINE_CHANGES,
};

describe.each(Object.entries(MATRIX))('a change of %s', (_, changes) => {
  test.each(changes)('$prop: $what, and back', ({ before, after, expected }) => {
    expect(findings(before, after)).toEqual([...expected.findings].sort());
    // on the way back, what came with the change goes
    const replaced = (lines: string[]) => lines.filter((found) => !found.startsWith('DELETION'));
    expect(replaced(findings(after, before))).toEqual(replaced([...expected.findings].sort()));
  });
});

describe.each(Object.entries(SIBLINGS))('%s beside what runs', (_, sibling) => {
  const without = (stack: Stack) => void wholeApp(stack);
  const beside = (stack: Stack) => sibling(stack, wholeApp(stack));

  test('comes without a replacement', () => {
    expect(findings(without, beside)).toEqual([]);
  });

  test('goes, and nothing but it', () => {
    const gone = findings(beside, without);
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.filter((found) => !/^DELETION \S*More/.test(found))).toEqual([]);
  });
});

describe('tags on the whole app', () => {
  const tagged = (value: string) => (stack: Stack) => {
    wholeApp(stack);
    Tags.of(stack.node.root).add('cost-centre', value);
  };

  test.each([['come', (stack: Stack) => void wholeApp(stack)], ['change', tagged('2')]])('%s without a replacement', (_, before) => {
    expect(findings(before, tagged('1'))).toEqual([]);
  });
});

test.each(REPLACING)('$prop: $what, is found to replace or delete', ({ before, after, expected }) => {
  expect(findings(before, after)).toEqual([...expected.findings].sort());
});

describe('the matrix', () => {
  const { types } = JSON.parse(fs.readFileSync(path.join(__dirname, '../../.jsii'), 'utf8'));
  const propsOf = (struct: string): string[] => types[`cdk-ecs-workloads.${struct}`].properties.map(({ name }: { name: string }) => name);

  test.each<[string, string[], string[]]>([
    ['FargateCluster', ['FargateClusterProps'], ['namespaceName']],
    ['EcsMicroservice', ['EcsMicroserviceProps'], ['cluster']],
    ['EcsQueueWorker', ['EcsQueueWorkerProps'], ['cluster']],
    ['EcsTask', ['EcsTaskProps'], ['cluster']],
    ['EcsBatchPipeline', ['EcsBatchPipelineProps', 'JobOptions'], ['cluster']],
  ])('has each prop of %s', (construct, structs, elsewhere) => {
    const rows = MATRIX[construct].map(({ prop }) => prop);
    expect(structs.flatMap(propsOf).filter((prop) => !rows.includes(prop) && !elsewhere.includes(prop))).toEqual([]);
  });
});
