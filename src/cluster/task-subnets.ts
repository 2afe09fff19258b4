import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { fail } from '../private/fail';

/** Where tasks run by default. */
export function privateSubnetsWithRouteOut(scope: IConstruct, vpc: ec2.IVpc): ec2.SubnetSelection {
  if (vpc.privateSubnets.length === 0) {
    fail(scope, "'vpc' has no private subnets with a route out, so tasks could not pull their images; pass 'taskSubnets' with subnets that reach the image registry");
  }
  return { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
}
