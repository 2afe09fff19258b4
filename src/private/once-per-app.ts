import { Stack, Stage } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

const apps = new WeakMap<IConstruct, Map<string, unknown>>();

/**
 * What several constructs of one app have in common, made when it is asked for the first time.
 *
 * For what is imported twice in one app, in two stacks for instance, and yet is one thing in AWS. What has one name in two accounts, Regions or stages is two.
 */
export function oncePerApp<T>(scope: IConstruct, key: string, make: () => T): T {
  const shared = apps.get(scope.node.root) ?? new Map<string, unknown>();
  apps.set(scope.node.root, shared);
  const { account, region } = Stack.of(scope);
  const placed = JSON.stringify([Stage.of(scope)?.node.path, account, region, key]);
  if (!shared.has(placed)) shared.set(placed, make());
  return shared.get(placed) as T;
}
