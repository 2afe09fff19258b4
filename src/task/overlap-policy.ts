import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Lets a state machine list its own executions. It names the state machine, which names the role: hence a policy of its own. */
export function allowListing(scope: Construct, role: iam.IRole, stateMachineArn: string): iam.CfnPolicy {
  return new iam.CfnPolicy(scope, 'ListingPolicy', {
    policyName: 'Listing',
    roles: [role.roleName],
    policyDocument: new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['states:ListExecutions'], resources: [stateMachineArn] })],
    }),
  });
}
