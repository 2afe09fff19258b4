import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { show } from '../private/fail';
import { registryOf } from '../private/image-registry';

/**
 * What is wrong with an image that no endpoint leads to: the endpoints of Amazon ECR serve the private registries of their own Region.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export function findPullProblem(scope: IConstruct, imageName: string): string | undefined {
  const host = imageName.includes('/') ? imageName.split('/')[0] : imageName.split(':')[0];
  if (Token.isUnresolved(host)) return undefined;
  const registry = registryOf(imageName);
  if (registry.kind === 'internet') {
    return `'image' must be in a private registry of Amazon ECR, because the cluster's network has no way to the internet, got ${show(imageName)} `
      + `of ${registry.host}; pull it through a cache of Amazon ECR or copy it there, build it as an asset, or choose ClusterNetwork.natGateways()`;
  }
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || registry.region === region) return undefined;
  return `'image' must be in the Region of the stack, ${region}, because the cluster's network reaches Amazon ECR through endpoints of that Region `
    + `only, got ${show(imageName)} of ${registry.region}; replicate the repository to ${region}`;
}
