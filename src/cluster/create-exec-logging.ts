import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ClusterProfile } from './cluster-profile';
import type { ExecLogging } from './exec-logging';
import { defaultsOf } from '../private/profile-defaults';

/** A log group for the sessions of a cluster, with a key of its own. */
export function createExecLogging(cluster: Construct, profile: ClusterProfile): ExecLogging {
  const scope = new Construct(cluster, 'Exec');
  const { logRetention, removalPolicy } = defaultsOf(profile);
  const key = new kms.Key(scope, 'Key', { description: `Sessions of ECS Exec in ${cluster.node.path}`, enableKeyRotation: true, removalPolicy });
  allowLogs(key);
  const logGroup = new logs.LogGroup(scope, 'LogGroup', { encryptionKey: key, retention: logRetention, removalPolicy });
  return { logGroup, key };
}

/** As the cluster says it. What a session does is logged by the agent in the task, with the rights of its task role. */
export function renderExecConfiguration({ logGroup, key }: ExecLogging): ecs.CfnCluster.ClusterConfigurationProperty {
  return {
    executeCommandConfiguration: {
      kmsKeyId: key.keyArn,
      logging: 'OVERRIDE',
      logConfiguration: { cloudWatchLogGroupName: logGroup.logGroupName, cloudWatchEncryptionEnabled: true },
    },
  };
}

/**
 * CloudWatch Logs encrypts with the key, for log groups of this stack only.
 *
 * The log group's own name would make a cycle; CloudFormation begins each name that it makes with that of the stack.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function allowLogs(key: kms.Key): void {
  const stack = Stack.of(key);
  const logGroups = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: `${stack.stackName}-*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    resources: ['*'], // in the policy of a key, this key
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
  }));
}
