import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ClusterProfile } from './cluster-profile';
import type { ExecLogging } from './exec-logging';
import { allowLogGroupsOf } from '../private/log-encryption';
import { defaultsOf } from '../private/profile-defaults';

/** A log group for the sessions of a cluster, with a key of its own. */
export function createExecLogging(cluster: Construct, profile: ClusterProfile): ExecLogging {
  const scope = new Construct(cluster, 'Exec');
  const { logRetention, removalPolicy } = defaultsOf(profile);
  const key = new kms.Key(scope, 'Key', { description: `Sessions of ECS Exec in ${cluster.node.path}`, enableKeyRotation: true, removalPolicy });
  allowLogGroupsOf(Stack.of(key), key);
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
