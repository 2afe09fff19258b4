import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { App, Stack } from 'aws-cdk-lib/core';
import { ClusterNetwork, ClusterProfile, EcsMicroservice, FargateCluster } from '../../src';
import { createCluster, createService, createStack, ENV, IMAGE, importedVpc } from '../util/fixtures';

const KEY = { 'Fn::GetAtt': [Match.stringLikeRegexp('^PlatformExecKey'), 'Arn'] };

/** The inline statements of the role whose logical id begins so. */
function statementsOf(template: Template, logicalId: string): object[] {
  const [[, role]] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith(logicalId));
  return (role.Properties.Policies ?? []).flatMap((policy: { PolicyDocument: { Statement: object[] } }) => policy.PolicyDocument.Statement);
}

function createServiceWithExec(...args: Parameters<typeof createService>) {
  const made = createService(...args);
  made.service.enableExec();
  return made;
}

describe('EcsMicroservice enableExec', () => {
  test('is off by default: no agent, no volumes, no rights, no key, no log of sessions', () => {
    const { template } = createService();
    template().hasResourceProperties('AWS::ECS::Service', { EnableExecuteCommand: Match.absent() });
    template().hasResourceProperties('AWS::ECS::TaskDefinition', { Volumes: Match.absent() });
    template().hasResourceProperties('AWS::ECS::Cluster', { Configuration: Match.absent() });
    template().resourceCountIs('AWS::KMS::Key', 0);
    expect(statementsOf(template(), 'OrdersTaskRole')).toEqual([]);
  });

  test('works with the read-only root: what the agent writes to is on volumes, everything else stays as it is', () => {
    const { template } = createServiceWithExec();
    template().hasResourceProperties('AWS::ECS::Service', { EnableExecuteCommand: true });
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      Volumes: [{ Name: 'ExecState' }, { Name: 'ExecLog' }],
      ContainerDefinitions: [Match.objectLike({
        ReadonlyRootFilesystem: true,
        MountPoints: [
          { ContainerPath: '/var/lib/amazon', SourceVolume: 'ExecState', ReadOnly: false },
          { ContainerPath: '/var/log/amazon', SourceVolume: 'ExecLog', ReadOnly: false },
        ],
        LinuxParameters: { InitProcessEnabled: true, Tmpfs: [{ ContainerPath: '/tmp', Size: 64 }] },
      })],
    });
  });

  test('fails when a path of the agent is a writable path already: one path has one mount', () => {
    const { service } = createService({ container: { writablePaths: ['/tmp', '/var/log/amazon'] } });
    expect(() => service.enableExec()).toThrow(
      "'writablePaths' must not have \"/var/log/amazon\", which 'enableExec' makes writable already; remove it (at Stack/Orders)");
  });

  test('makes volumes also where everything is writable, so that a change of it starts new tasks', () => {
    const { template } = createServiceWithExec({ container: { writablePaths: ['/'] } });
    template().hasResourceProperties('AWS::ECS::TaskDefinition', { Volumes: [{ Name: 'ExecState' }, { Name: 'ExecLog' }] });
  });

  test('lets the task role open sessions and write to the log of this cluster, and no more', () => {
    const { template } = createServiceWithExec();
    const [sessions, find, write, decrypt, ...others] = statementsOf(template(), 'OrdersTaskRole') as { Action: unknown; Resource: unknown }[];
    expect(sessions).toMatchObject({
      Action: ['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'], Resource: '*',
    });
    expect(find).toMatchObject({ Action: 'logs:DescribeLogGroups', Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:us-east-1:123456789012:log-group:*']] } });
    expect(write).toMatchObject({ Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringMatching('^PlatformExecLogGroup'), 'Arn'] } });
    expect(decrypt).toMatchObject({ Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [expect.stringMatching('^PlatformExecKey'), 'Arn'] } });
    expect(others).toEqual([]);
  });
});

describe('FargateCluster.execLogging', () => {
  test('keeps sessions in an encrypted log group, once for all services', () => {
    const stack = createStack();
    const cluster = createCluster(stack);
    ['A', 'B'].forEach((id) => new EcsMicroservice(stack, id, { cluster, image: IMAGE }).enableExec());
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResource('AWS::Logs::LogGroup', { Properties: { KmsKeyId: KEY, RetentionInDays: 30 }, DeletionPolicy: 'Retain' });
    template.hasResourceProperties('AWS::ECS::Cluster', {
      Configuration: {
        ExecuteCommandConfiguration: {
          KmsKeyId: KEY,
          Logging: 'OVERRIDE',
          LogConfiguration: { CloudWatchLogGroupName: { Ref: Match.stringLikeRegexp('^PlatformExecLogGroup') }, CloudWatchEncryptionEnabled: true },
        },
      },
    });
  });

  test('has a key that rotates and that CloudWatch Logs uses for log groups of this stack only', () => {
    const { template } = createServiceWithExec();
    template().hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: [Match.anyValue(), {
          Effect: 'Allow',
          Principal: { Service: { 'Fn::Join': ['', ['logs.us-east-1.', { Ref: 'AWS::URLSuffix' }]] } },
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:us-east-1:123456789012:log-group:Stack-*']] } } },
        }],
      },
    });
  });

  test('goes with the stack in development', () => {
    const { template } = createServiceWithExec({}, ClusterProfile.DEVELOPMENT);
    template().hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
  });

  test('can be made without a service, for services of other apps', () => {
    const stack = createStack();
    const cluster = createCluster(stack);
    expect(cluster.execLogging()).toBe(cluster.execLogging());
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Cluster', { Configuration: { ExecuteCommandConfiguration: { Logging: 'OVERRIDE' } } });
  });

  test('serves a service of another stack, without a cycle', () => {
    const app = new App({ analyticsReporting: false });
    const platform = new Stack(app, 'Platform', { env: ENV });
    const product = new Stack(app, 'Product', { env: ENV });
    const cluster = new FargateCluster(platform, 'Platform', { network: ClusterNetwork.existing(importedVpc(platform)) });
    const service = new EcsMicroservice(product, 'Orders', { cluster, image: IMAGE });
    service.enableExec();
    service.grants.exec(new iam.Role(product, 'OnCall', { assumedBy: new iam.AccountRootPrincipal() }));
    Template.fromStack(product).resourceCountIs('AWS::KMS::Key', 0);
    Template.fromStack(platform).resourceCountIs('AWS::KMS::Key', 1);
    expect(product.dependencies).toEqual([platform]);
  });
});

describe('EcsMicroservice.grants.exec', () => {
  function granted() {
    const { stack, service, template } = createServiceWithExec();
    const grant = service.grants.exec(new iam.Role(stack, 'OnCall', { assumedBy: new iam.AccountRootPrincipal() }));
    const [policy] = Object.values(template().findResources('AWS::IAM::Policy'));
    return { grant, service, template: template(), statements: policy.Properties.PolicyDocument.Statement };
  }

  test('allows sessions in tasks of this service, and what is needed to find and to read them', () => {
    const { statements, service } = granted();
    const clusterArn = { 'Fn::GetAtt': [expect.stringMatching('^PlatformCluster'), 'Arn'] };
    expect(statements).toEqual([
      { Effect: 'Allow', Action: 'ecs:ExecuteCommand', Resource: clusterArn },
      {
        Effect: 'Allow',
        Action: ['ecs:ExecuteCommand', 'ecs:DescribeTasks'],
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecs:us-east-1:123456789012:task/', { Ref: expect.stringMatching('^PlatformCluster') }, '/*']] },
        Condition: { StringEquals: { 'aws:ResourceTag/cdk-ecs-workloads:exec': `Stack:${service.node.addr}` } },
      },
      { Effect: 'Allow', Action: 'ecs:ListTasks', Resource: '*', Condition: { ArnEquals: { 'ecs:cluster': clusterArn } } },
      { Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: { 'Fn::GetAtt': [expect.stringMatching('^PlatformExecKey'), 'Arn'] } },
    ]);
  });

  test('rests on a tag of the service that its tasks get, and that no other service has', () => {
    const { template, service } = granted();
    template.hasResourceProperties('AWS::ECS::Service', { PropagateTags: 'SERVICE', Tags: [{ Key: 'cdk-ecs-workloads:exec', Value: `Stack:${service.node.addr}` }] });
    const stack = createStack();
    const cluster = createCluster(stack);
    ['A', 'B'].forEach((id) => new EcsMicroservice(stack, id, { cluster, image: IMAGE }).enableExec());
    const values = Object.values(Template.fromStack(stack).findResources('AWS::ECS::Service')).map((found) => found.Properties.Tags[0].Value);
    expect(new Set(values).size).toBe(2);
  });

  test('reports success', () => {
    expect(granted().grant.success).toBe(true);
  });

  test('fails when the service has no Exec', () => {
    const { stack, service } = createService();
    expect(() => service.grants.exec(new iam.Role(stack, 'OnCall', { assumedBy: new iam.AccountRootPrincipal() }))).toThrow(
      "'grants.exec' needs 'enableExec', got a service without it; call 'enableExec()' on the service first (at Stack/Orders)");
  });
});
