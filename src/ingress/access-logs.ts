import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { defaultsOf } from '../private/profile-defaults';
import { warn, WarningId } from '../private/warnings';

/**
 * Keeps a load balancer's access logs for 90 days in a bucket of their own.
 *
 * The bucket policy must name the log delivery account of the Region: a stack without a Region cannot have access logs, and is told so.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export function enableAccessLogs(scope: Construct, loadBalancer: elbv2.BaseLoadBalancer, profile: ClusterProfile): void {
  if (Token.isUnresolved(Stack.of(scope).region)) {
    warn(scope, WarningId.INGRESS_WITHOUT_ACCESS_LOGS, 'the load balancer keeps no access logs, because the stack has no Region; '
      + "give 'env: { account, region }' to the stack");
    return;
  }
  const { removalPolicy } = defaultsOf(profile);
  loadBalancer.logAccessLogs(new s3.Bucket(scope, 'AccessLogs', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules: [{ expiration: Duration.days(90) }],
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY, // CloudFormation does not delete a bucket that holds something
  }));
}
