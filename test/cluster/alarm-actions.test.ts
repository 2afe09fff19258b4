import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, ServiceRoute } from '../../src';
import { createCluster, createStack, IMAGE } from '../util/fixtures';

/** Two services with all alarms there are, six each. */
function withActions(make: (stack: Stack) => cloudwatch.IAlarmAction[]): Template {
  const stack = createStack();
  const cluster = createCluster(stack, { alarmActions: make(stack) });
  ['Orders', 'Web'].forEach((id) => new EcsMicroservice(stack, id, { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: [`/${id}`] })] }));
  return Template.fromStack(stack);
}

const onCall = (stack: Stack) => new sns.Topic(stack, 'OnCall');
const handler = (stack: Stack) => new lambda.Function(stack, 'Handler', {
  runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {}'),
});

describe('FargateCluster alarmActions', () => {
  test('are done by each alarm of each service, when it fires and when it ends: an SNS topic', () => {
    const template = withActions((stack) => [new actions.SnsAction(onCall(stack))]);
    const topic = { Ref: expect.stringMatching('^OnCall') };
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(12);
    for (const alarm of alarms) expect(alarm.Properties).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
  });

  test('may be Lambda functions, which each alarm of each service may call', () => {
    const template = withActions((stack) => [new actions.LambdaAction(handler(stack))]);
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission')).map((found) => found.Properties);
    const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(12);
    for (const [id, alarm] of alarms) {
      expect(alarm.Properties.AlarmActions).toEqual([{ 'Fn::GetAtt': [expect.stringMatching('^Handler'), 'Arn'] }]);
      expect(permissions).toContainEqual(expect.objectContaining({
        Action: 'lambda:InvokeFunction', Principal: 'lambda.alarms.cloudwatch.amazonaws.com', SourceArn: { 'Fn::GetAtt': [id, 'Arn'] }, SourceAccount: '123456789012',
      }));
    }
    expect(permissions).toHaveLength(12);
  });

  test('are done by each alarm of a worker and a pipeline, and told of failed jobs', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { alarmActions: [new actions.SnsAction(onCall(stack)), new actions.LambdaAction(handler(stack))] });
    new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE });
    new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Load', { image: IMAGE });
    const template = Template.fromStack(stack);
    const topic = { Ref: expect.stringMatching('^OnCall') };
    const ofPeople = /(OldestMessage|DeadLetter|Consumer|RunningTasks|Memory|Failed|QueueBlocked)Alarm/; // the others start scaling
    const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).flatMap(([id, alarm]) => ofPeople.test(id) ? [alarm] : []);
    expect(alarms).toHaveLength(7);
    for (const alarm of alarms) expect(alarm.Properties.AlarmActions).toEqual([topic, { 'Fn::GetAtt': [expect.stringMatching('^Handler'), 'Arn'] }]);
    const reports = Object.values(template.findResources('AWS::Events::Rule', { Properties: { EventPattern: { source: Match.anyValue() } } }));
    expect(reports).toHaveLength(3);
    for (const { Properties: { Targets } } of reports) expect(Targets).toEqual([expect.objectContaining({ Arn: topic })]);
  });

  test('may be several of both kinds', () => {
    const template = withActions((stack) => [new actions.SnsAction(onCall(stack)), new actions.LambdaAction(handler(stack))]);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCall') }, { 'Fn::GetAtt': [Match.stringLikeRegexp('^Handler'), 'Arn'] }],
    });
  });

  test('are none where none are given, and alarms are there all the same', () => {
    const template = withActions(() => []);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent() });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 12);
  });
});
