import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { defaultsOf } from '../private/profile-defaults';

/** Where starts go that failed again and again. */
export function createDeadLetters(scope: Construct, profile: ClusterProfile): sqs.Queue {
  return new sqs.Queue(scope, 'DeadLetters', {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: defaultsOf(profile).removalPolicy,
  });
}
