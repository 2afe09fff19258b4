import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { fail } from '../private/fail';

/** A stack and those nested in it are deployed as one. */
export function deployedStackOf(construct: IConstruct): Stack {
  let stack = Stack.of(construct);
  while (stack.nestedStackParent !== undefined) stack = stack.nestedStackParent;
  return stack;
}

/** Whether `stack` is deployed after `other`, by what is declared so far. */
export function isDeployedAfter(stack: Stack, other: Stack, seen = new Set<Stack>()): boolean {
  if (stack === other) return false;
  if (seen.has(stack)) return false;
  seen.add(stack);
  return stack.dependencies.some((dependency) => dependency === other || isDeployedAfter(dependency, other, seen));
}

/** A connection makes the caller's stack depend on that of the called service: stacks that depend on each other cannot be deployed. */
export function orderStacks(caller: IConstruct, called: IConstruct, cluster: IConstruct): void {
  const [own, others, clusters] = [caller, called, cluster].map(deployedStackOf);
  const ownsTheCluster = own !== others && (own === clusters || isDeployedAfter(clusters, own));
  if (!ownsTheCluster && !isDeployedAfter(others, own)) {
    if (own !== others) own.addDependency(others); // said at once and not only by the references, so that the next connection sees it
    return;
  }
  fail(caller, `'connectTo' cannot connect ${caller.node.path} to ${called.node.path}: stack ${others.node.path} is deployed after stack ${own.node.path}, `
    + `${ownsTheCluster ? 'which has its cluster' : 'because of other connections or references'}, and cannot be deployed before it as well; `
    + 'put services that call each other both ways into one stack, or call this one through a route');
}
