import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * What tells a thing in AWS from others of the app, by its name or ARN: the same text in every synthesis.
 *
 * A token tells nothing beyond its own stack: two stacks may each have a parameter of one name.
 */
export function identityOf(scope: IConstruct, nameOrArn: string): string {
  if (!Token.isUnresolved(nameOrArn)) return nameOrArn;
  return `${Stack.of(scope).node.path} ${JSON.stringify(Stack.of(scope).resolve(nameOrArn))}`;
}
