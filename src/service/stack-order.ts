import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

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
