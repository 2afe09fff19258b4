import type { IConstruct } from 'constructs';

const apps = new WeakMap<IConstruct, Map<string, unknown>>();

/**
 * What several constructs of one app have in common, made when it is asked for the first time.
 *
 * For what is imported twice in one app, in two stacks for instance, and yet is one thing in AWS.
 */
export function oncePerApp<T>(scope: IConstruct, key: string, make: () => T): T {
  const shared = apps.get(scope.node.root) ?? new Map<string, unknown>();
  apps.set(scope.node.root, shared);
  if (!shared.has(key)) shared.set(key, make());
  return shared.get(key) as T;
}
