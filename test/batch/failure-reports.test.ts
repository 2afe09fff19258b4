import { Match, Template } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ClusterNetwork, ClusterProfile, EcsBatchPipeline } from '../../src';
import { createCluster, createStack, IMAGE, importedVpc } from '../util/fixtures';

/** A pipeline on a cluster whose alarms go to a topic, or nowhere. */
function createReported(topics: number, others = false) {
  const stack = createStack();
  const alarmActions = [
    ...Array.from({ length: topics }, (_, index) => new actions.SnsAction(new sns.Topic(stack, `OnCall${index}`))),
    ...(others ? [new actions.SsmAction(actions.OpsItemSeverity.HIGH)] : []),
  ];
  const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)), alarmActions });
  new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Extract', { image: IMAGE });
  return Template.fromStack(stack);
}

describe('reports of failures', () => {
  test('a failed job of this queue: its reason, exit code and log, and one report for an array', () => {
    const template = createReported(1);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'source': ['aws.batch'],
        'detail-type': ['Batch Job State Change'],
        'detail': {
          status: ['FAILED'],
          jobQueue: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('EtlJobQueue'), 'JobQueueArn'] }],
          arrayProperties: { index: [{ exists: false }] },
        },
      },
      Targets: [{
        Arn: { Ref: Match.stringLikeRegexp('OnCall') },
        InputTransformer: {
          InputPathsMap: Match.objectLike({ 'detail-statusReason': '$.detail.statusReason', 'detail-container-exitCode': '$.detail.container.exitCode' }),
        },
      }],
    });
  });

  test('a failed job: its attempts, and links to its log and to the job', () => {
    const rules = Object.values(createReported(1).findResources('AWS::Events::Rule'));
    const { InputTransformer } = rules.find(({ Properties }) => Properties.EventPattern.source?.[0] === 'aws.batch')!.Properties.Targets[0];
    expect(InputTransformer.InputPathsMap).toEqual({
      'detail-jobName': '$.detail.jobName',
      'detail-statusReason': '$.detail.statusReason',
      'detail-container-exitCode': '$.detail.container.exitCode',
      'detail-container-reason': '$.detail.container.reason',
      'detail-retryStrategy-attempts': '$.detail.retryStrategy.attempts',
      'detail-container-logStreamName': '$.detail.container.logStreamName',
      'detail-jobId': '$.detail.jobId',
      'detail-attempts': '$.detail.attempts',
    });
    const group = { Ref: expect.stringMatching(/^EtlLogGroup/) };
    expect(InputTransformer.InputTemplate['Fn::Join'][1]).toEqual([
      '"Job <detail-jobName> of pipeline Stack/Etl failed: <detail-statusReason>; exit code <detail-container-exitCode> (<detail-container-reason>), '
      + 'attempts of <detail-retryStrategy-attempts> used up or not worth another; log ',
      group,
      ' <detail-container-logStreamName>: https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/',
      group,
      '$3FlogStreamNameFilter$3D<detail-container-logStreamName> ; '
      + 'job: https://us-east-1.console.aws.amazon.com/batch/home?region=us-east-1#jobs/detail/<detail-jobId> ; '
      + 'its attempts, the first one first: <detail-attempts>"',
    ]);
  });

  test('an execution that did not succeed: the command that redrives it', () => {
    const rules = Object.values(createReported(1).findResources('AWS::Events::Rule'));
    const rule = rules.find(({ Properties }) => Properties.EventPattern.source?.[0] === 'aws.states')!;
    expect(rule.Properties.EventPattern.detail.status).toEqual(['FAILED', 'TIMED_OUT', 'ABORTED']);
    expect(JSON.stringify(rule.Properties.Targets)).toContain('aws stepfunctions redrive-execution --execution-arn <detail-executionArn>');
  });

  test('EventBridge may publish to these topics only', () => {
    createReported(2).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{
          Action: 'sns:Publish',
          Effect: 'Allow',
          Resource: [{ Ref: Match.stringLikeRegexp('OnCall0') }, { Ref: Match.stringLikeRegexp('OnCall1') }],
        }],
      },
    });
  });

  test('a job that blocks the queue: its reason', () => {
    const rules = Object.values(createReported(1).findResources('AWS::Events::Rule'));
    const rule = rules.find(({ Properties }) => Properties.EventPattern['detail-type']?.[0] === 'Batch Job Queue Blocked')!;
    expect(rule.Properties.EventPattern.detail).toEqual({ jobQueue: [{ 'Fn::GetAtt': [expect.stringMatching('EtlJobQueue'), 'JobQueueArn'] }] });
    expect(JSON.stringify(rule.Properties.Targets)).toContain('cannot start, and those behind it in the queue wait: <detail-statusReason>');
  });

  test.each([[0, false], [0, true]])('without a topic there is the rule alone that an alarm counts', (topics, others) => {
    const rules = Object.values(createReported(topics, others).findResources('AWS::Events::Rule'));
    expect(rules.map(({ Properties }) => Properties.EventPattern['detail-type'])).toEqual([['Batch Job Queue Blocked']]);
    expect(rules[0].Properties.Targets).toBeUndefined();
  });

  test('without a topic and without alarms there are no rules', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)), profile: ClusterProfile.DEVELOPMENT });
    new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Extract', { image: IMAGE });
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 0);
  });
});
