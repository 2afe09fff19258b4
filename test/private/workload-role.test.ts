import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { App, Stack } from 'aws-cdk-lib/core';
import { WorkloadRole } from '../../src/private/workload-role';
import { createStack } from '../util/fixtures';

function createRole(stack: Stack, permissionsBoundary?: iam.IManagedPolicy) {
  return new WorkloadRole(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'), permissionsBoundary });
}

function grant(role: iam.IRole, count: number, first = 0) {
  return Array.from({ length: count }, (_, index) => role.addToPrincipalPolicy(
    new iam.PolicyStatement({ actions: [`s3:Action${first + index}`], resources: [`arn:aws:s3:::bucket-${first + index}`] })));
}

describe('the role of a workload', () => {
  test('has no policy until something is granted, then one inline, whose statements may still grow', () => {
    const stack = createStack();
    const role = createRole(stack, iam.ManagedPolicy.fromAwsManagedPolicyName('Boundary'));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: Match.absent(), ManagedPolicyArns: Match.absent(), PermissionsBoundary: Match.objectLike({}),
    });

    const other = createStack();
    const statement = new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['arn:one'] });
    createRole(other).addToPrincipalPolicy(statement);
    statement.addResources('arn:two');
    const template = Template.fromStack(other);
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [{ PolicyName: 'Default', PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Resource: ['arn:one', 'arn:two'] })] }) }],
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(role.node.findAll()).toHaveLength(2);
  });

  test('keeps 20 statements inline, then ten in each managed policy, on which who was granted something can wait', () => {
    const stack = createStack();
    const results = grant(createRole(stack), 31);
    const template = Template.fromStack(stack);
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    expect(role.Properties.Policies[0].PolicyDocument.Statement).toHaveLength(20);
    const managed = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    expect(managed.map(({ Properties }) => Properties.PolicyDocument.Statement.length)).toEqual([10, 1]);
    expect(managed.map(({ Properties }) => Properties.Roles)).toEqual([[{ Ref: 'Role1ABCC5F0' }], [{ Ref: 'Role1ABCC5F0' }]]);
    expect((results[30].policyDependable as iam.ManagedPolicy).node.id).toBe('OverflowPolicy2');
  });

  test('moves its grants to a policy of its own where the policy of a key names it, so that there is no cycle', () => {
    const stack = createStack();
    const role = createRole(stack);
    grant(role, 1);
    const key = new kms.Key(stack, 'Key');
    key.addToResourcePolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], principals: [role], resources: ['*'] }));
    new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS, encryptionKey: key }).grantRead(role);
    grant(role, 1, 1);

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent() });
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
    const actions = policy.Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action);
    expect(actions).toEqual(expect.arrayContaining(['s3:Action0', 'kms:Decrypt', 's3:GetObject*', 's3:Action1']));
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Principal: { AWS: { 'Fn::GetAtt': ['Role1ABCC5F0', 'Arn'] } } })]) }),
    });
  });

  test('takes what users attach to an IAM role: managed policies once, policies of their own, and may be passed and assumed', () => {
    const stack = createStack();
    const role = createRole(stack);
    const reading = iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess');
    role.addManagedPolicy(reading);
    role.addManagedPolicy(reading);
    role.attachInlinePolicy(new iam.Policy(stack, 'Own', { statements: [new iam.PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] })] }));
    const caller = new iam.Role(stack, 'Caller', { assumedBy: new iam.AccountRootPrincipal() });
    role.grantPassRole(caller);
    role.grantAssumeRole(caller);

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [Match.objectLike({})] });
    template.hasResourceProperties('AWS::IAM::Policy', { PolicyName: Match.stringLikeRegexp('^Own'), Roles: [{ Ref: 'Role1ABCC5F0' }] });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: ['iam:PassRole', 'sts:AssumeRole'].map((Action) => Match.objectLike({ Action, Resource: { 'Fn::GetAtt': ['Role1ABCC5F0', 'Arn'] } })),
      }),
      Roles: [{ Ref: Match.stringLikeRegexp('^Caller') }],
    });
  });

  test('is of the account and the Region of its stack', () => {
    const app = new App();
    const role = createRole(new Stack(app, 'Here', { env: { account: '111111111111', region: 'eu-west-1' } }));
    expect(role.principalAccount).toBe('111111111111');
    expect(role.env.region).toBe('eu-west-1');
  });
});
