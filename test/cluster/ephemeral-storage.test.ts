import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { createCluster, createStack } from '../util/fixtures';

describe('the key of the disks of tasks', () => {
  test('is that of the cluster, and its policy lets Fargate use it for clusters of this account', () => {
    const stack = createStack();
    createCluster(stack, { ephemeralStorageKey: new kms.Key(stack, 'Key') });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECS::Cluster', {
      Configuration: { ManagedStorageConfiguration: { FargateEphemeralStorageKmsKeyId: { Ref: Match.stringLikeRegexp('^Key') } } },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: 'fargate.amazonaws.com' },
          Condition: { StringEquals: Match.objectLike({ 'kms:EncryptionContext:aws:ecs:clusterAccount': [{ Ref: 'AWS::AccountId' }] }) },
        })]),
      }),
    });
  });

  test('is AWS\'s own by default', () => {
    const stack = createStack();
    createCluster(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Cluster', { Configuration: Match.absent() });
  });
});
