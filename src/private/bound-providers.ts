import type * as iam from 'aws-cdk-lib/aws-iam';
import { CfnResource, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** The functions that the CDK adds to a stack for what a cluster makes: one closes a VPC's default security group, one empties a bucket. */
const PROVIDERS = ['Custom::VpcRestrictDefaultSGCustomResourceProvider', 'Custom::S3AutoDeleteObjectsCustomResourceProvider'];

/** Puts the permissions boundary on the roles of those functions that are there. Each stack has one of a kind, whoever asked for it first. */
export function boundProviders(scope: IConstruct, boundary?: iam.IManagedPolicy): void {
  if (boundary === undefined) return;
  for (const provider of PROVIDERS) {
    const role = Stack.of(scope).node.tryFindChild(provider)?.node.tryFindChild('Role');
    if (role !== undefined && CfnResource.isCfnResource(role)) role.addPropertyOverride('PermissionsBoundary', boundary.managedPolicyArn);
  }
}
