import { Match, Template } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Stack } from 'aws-cdk-lib/core';
import { ClusterNetwork, ClusterProfile, FargateCluster, FargateClusterProps } from '../../src';
import { tellDefinition } from '../../src/observability/tell-definition';
import { createStack, importedVpc } from '../util/fixtures';

function create(props: (stack: Stack) => FargateClusterProps): Template {
  const stack = createStack();
  new FargateCluster(stack, 'Platform', { network: ClusterNetwork.existing(importedVpc(stack)), ...props(stack) });
  return Template.fromStack(stack);
}

const topic = (stack: Stack, id = 'OnCall', props: sns.TopicProps = {}) => new actions.SnsAction(new sns.Topic(stack, id, props));

/** The state machine that sends the messages, with its references as text. */
function definitionOf(template: Template): string {
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const [, parts] = machine.Properties.DefinitionString['Fn::Join'];
  return parts.map((part: any) => (typeof part === 'string' ? part : part.Ref.replace(/[0-9A-F]{8}$/, ''))).join('');
}

describe('FargateCluster explainFailures', () => {
  test('by default in production, where there is a topic to tell', () => {
    create((stack) => ({ alarmActions: [topic(stack)] })).resourceCountIs('AWS::Events::Rule', 1);
    create(() => ({})).resourceCountIs('AWS::Events::Rule', 0);
    create(() => ({ alarmActions: [new actions.SsmAction(actions.OpsItemSeverity.HIGH)] })).resourceCountIs('AWS::Events::Rule', 0);
    create((stack) => ({ alarmActions: [topic(stack)], profile: ClusterProfile.DEVELOPMENT })).resourceCountIs('AWS::Events::Rule', 0);
  });

  test('what is said wins', () => {
    create((stack) => ({ alarmActions: [topic(stack)], explainFailures: false })).resourceCountIs('AWS::Events::Rule', 0);
    create((stack) => ({ alarmActions: [topic(stack)], profile: ClusterProfile.DEVELOPMENT, explainFailures: true })).resourceCountIs('AWS::Events::Rule', 1);
  });

  test('fails when it is asked for without a topic', () => {
    expect(() => create(() => ({ explainFailures: true, alarmActions: [new actions.SsmAction(actions.OpsItemSeverity.HIGH)] }))).toThrow(new Error(
      "'explainFailures' needs an SNS topic to tell, got none in 'alarmActions'; add a SnsAction there, or omit 'explainFailures' (at Stack/Platform)"));
  });

  test('hears of what fails in this cluster, and of nothing else', () => {
    const template = create((stack) => ({ alarmActions: [topic(stack)] }));
    const cluster = { 'Fn::GetAtt': [Match.stringLikeRegexp('^PlatformCluster'), 'Arn'] };
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        $or: [
          {
            'source': ['aws.ecs'],
            'detail-type': ['ECS Task State Change'],
            'detail': { clusterArn: [cluster], lastStatus: ['STOPPED'], stopCode: ['TaskFailedToStart', 'EssentialContainerExited'] },
          },
          {
            'source': ['aws.ecs'],
            'detail-type': ['ECS Task State Change'],
            'detail': { clusterArn: [cluster], lastStatus: ['STOPPED'], stopCode: Match.absent(), stoppedReason: [{ prefix: 'Task failed' }, { wildcard: '*unhealthy*' }] },
          },
          {
            'source': ['aws.ecs'],
            'detail-type': ['ECS Deployment State Change'],
            'resources': [{ prefix: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecs:us-east-1:123456789012:service/', { Ref: Match.stringLikeRegexp('^PlatformCluster') }, '/']] } }],
            'detail': { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
          },
          {
            'source': ['aws.ecs'],
            'detail-type': ['ECS Service Action'],
            'detail': {
              clusterArn: [cluster],
              eventName: ['SERVICE_TASK_PLACEMENT_FAILURE', 'SERVICE_TASK_CONFIGURATION_FAILURE', 'SERVICE_TASK_START_IMPAIRED', 'SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED'],
            },
          },
        ],
      },
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PlatformFailureMessagesExplainerFunction'), 'Arn'] }, Id: 'Explainer' }],
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com', SourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PlatformFailureMessagesRule'), 'Arn'] },
    });
  });

  test('its function may look at the tasks of the cluster and start the one that tells', () => {
    const template = create((stack) => ({ alarmActions: [topic(stack)] }));
    const [[, role]] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('PlatformFailureMessagesExplainerRole'));
    const [{ PolicyDocument: { Statement } }] = role.Properties.Policies;
    expect(Statement.map(({ Action }: any) => Action)).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'], 'states:StartExecution', 'ecs:ListTasks', 'ecs:DescribeTasks',
    ]);
    const inCluster = { ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [expect.stringMatching('^PlatformCluster'), 'Arn'] } } };
    expect(Statement.slice(2).map(({ Condition }: any) => Condition)).toEqual([inCluster, inCluster]);
  });

  test('tells each topic, also one that is encrypted', () => {
    const template = create((stack) => ({ alarmActions: [topic(stack), topic(stack, 'Chat', { masterKey: new kms.Key(stack, 'Key') })] }));
    expect(JSON.parse(definitionOf(template))).toEqual(tellDefinition('AWS::Partition', ['OnCall', 'Chat']));
    const policies = [
      ...Object.values(template.findResources('AWS::IAM::Role')).flatMap((found) => found.Properties.Policies ?? []),
      ...Object.values(template.findResources('AWS::IAM::Policy')).map((found) => found.Properties),
    ].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    expect(policies).toContainEqual(expect.objectContaining({ Action: 'sns:Publish', Resource: [{ Ref: expect.stringMatching('^Chat') }, { Ref: expect.stringMatching('^OnCall') }] }));
    expect(policies).toContainEqual(expect.objectContaining({ Action: expect.arrayContaining(['kms:GenerateDataKey*']), Resource: { 'Fn::GetAtt': [expect.stringMatching('^Key'), 'Arn'] } }));
  });

  test('to one topic without a detour', () => {
    const { States } = tellDefinition('aws', ['arn']) as any;
    expect(States.Tell).toMatchObject({ Type: 'Task', Parameters: { 'TopicArn': 'arn', 'Subject.$': '$.subject', 'Message.$': '$.message' }, End: true });
  });
});
