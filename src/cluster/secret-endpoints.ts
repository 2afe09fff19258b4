import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnResource, Reference, Tokenization } from 'aws-cdk-lib/core';
import { NetworkEndpoint } from './network-endpoint';

/** The endpoints through which the secrets of a task are read when it starts: Secrets Manager, Parameter Store, or both. */
export function endpointsOfSecrets(secrets: { [name: string]: ecs.Secret } = {}): NetworkEndpoint[] {
  return [...new Set(Object.values(secrets).flatMap((secret) => endpointsOf(secret.arn)))];
}

function endpointsOf(arn: string): NetworkEndpoint[] {
  const text = `${arn}|${resourceTypes(arn).join('|')}`;
  if (text.includes(':secretsmanager:') || text.includes('AWS::SecretsManager::')) return [NetworkEndpoint.SECRETS_MANAGER];
  if (text.includes(':ssm:') || text.includes('AWS::SSM::')) return [NetworkEndpoint.SSM];
  // known only at deployment: without its endpoint the task would not start, so it gets both.
  return [NetworkEndpoint.SECRETS_MANAGER, NetworkEndpoint.SSM];
}

/** The types of what a text with tokens refers to. */
function resourceTypes(text: string): string[] {
  return Tokenization.reverseString(text).tokens
    .filter((token) => Reference.isReference(token))
    .map((reference) => (reference as Reference).target)
    .map((target) => CfnResource.isCfnResource(target) ? target.cfnResourceType : '');
}
