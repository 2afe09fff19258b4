import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { createPipeline } from './fixtures';
import { schedule } from './trigger-fixtures';
import { ClusterNetwork, ClusterProfile, EcsBatchPipeline, EcsBatchPipelineProps, PipelineOutcome, PipelineParameter, PipelineTrigger, RunOverlap } from '../../src';
import { createCluster, createStack, IMAGE, importedVpc, warningsOf } from '../util/fixtures';

const PARAMETERS = {
  key: PipelineParameter.text({ defaultValue: 'none', allowedValues: ['none', 'all'] }),
  days: PipelineParameter.number({ defaultValue: 1, max: 31 }),
  dryRun: PipelineParameter.flag({ defaultValue: false }),
};
const MACHINE = { Ref: Match.stringLikeRegexp('^EtlStateMachine') };
const PUSHED = { source: ['aws.ecr'] };

/** A pipeline with a job and the parameters above, and its trigger, which may need things of the stack. */
function triggered(make: (stack: ReturnType<typeof createStack>) => PipelineTrigger, props: Partial<EcsBatchPipelineProps> = {}) {
  const stack = createStack();
  const created = createPipeline({ parameters: PARAMETERS, trigger: make(stack), ...props }, stack);
  created.pipeline.addJob('Extract', { image: IMAGE });
  return created;
}

function started(options: Parameters<typeof PipelineTrigger.event>[1]) {
  return () => triggered(() => PipelineTrigger.event(PUSHED, options));
}

describe('PipelineTrigger.schedule', () => {
  test('starts an execution at its time, in its zone, with its values, by a role that may do just that', () => {
    const template = triggered(() => PipelineTrigger.schedule(schedule(), {
      parameters: { days: '7' }, flexibleWindow: Duration.minutes(15), retryAttempts: 3, maxEventAge: Duration.minutes(10),
    })).template();
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(30 2 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Rome',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      Target: {
        Arn: MACHINE,
        Input: '{"days":7}',
        RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 3 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlDeadLetters'), 'Arn'] } },
        RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlTriggerRole'), 'Arn'] },
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: {
              'aws:SourceAccount': '123456789012',
              'aws:SourceArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlTriggerGroup'), 'Arn'] },
            },
          },
        })],
      }),
      Policies: [{
        PolicyName: 'Default',
        PolicyDocument: Match.objectLike({
          Statement: [
            { Action: 'states:StartExecution', Effect: 'Allow', Resource: MACHINE },
            { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlDeadLetters'), 'Arn'] } },
          ],
        }),
      }],
    });
  });

  test('takes what Scheduler puts in', () => {
    const parameters = { key: scheduler.ContextAttribute.scheduledTime };
    const template = triggered(() => PipelineTrigger.schedule(schedule(), { parameters })).template();
    template.hasResourceProperties('AWS::Scheduler::Schedule', { Target: Match.objectLike({ Input: '{"key":"<aws.scheduler.scheduled-time>"}' }) });
  });

  test('has alarms in production, which speak of the pipeline', () => {
    const stack = createStack();
    const cluster = createCluster(stack, {
      profile: ClusterProfile.PRODUCTION,
      network: ClusterNetwork.existing(importedVpc(stack)),
      alarmActions: [new actions.SnsAction(new sns.Topic(stack, 'OnCall'))],
    });
    const { template } = createPipelineOn(cluster, stack, PipelineTrigger.schedule(schedule()));
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmDescription: Match.stringLikeRegexp('^Stack/Etl/Trigger: The pipeline could not be started') });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmDescription: Match.stringLikeRegexp('^Stack/Etl/Trigger: The pipeline was not started for 1500 minutes') });
  });
});

describe('PipelineTrigger.event', () => {
  test('starts an execution with fields of the event, which keep their type', () => {
    const template = started({ parameters: { key: events.EventField.fromPath('$.detail.key'), days: events.EventField.fromPath('$.detail.days') } })().template();
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.ecr'] },
      Targets: [Match.objectLike({
        Arn: MACHINE,
        InputTransformer: {
          InputPathsMap: { 'detail-key': '$.detail.key', 'detail-days': '$.detail.days' },
          InputTemplate: '{"key":<detail-key>,"days":<detail-days>}',
        },
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlDeadLetters'), 'Arn'] } },
      })],
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlTriggerRule'), 'Arn'] } } },
        })]),
      }),
    });
  });

  test('gives an empty input where nothing is said', () => {
    started({})().template().hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ Input: '{}' })] });
  });

  test('several triggers share the dead-letter queue', () => {
    const { pipeline, template } = started({})();
    pipeline.addTrigger('Nightly', PipelineTrigger.schedule(schedule()));
    template().resourceCountIs('AWS::SQS::Queue', 1);
  });
});

describe('parameters of triggers', () => {
  test('fails when one is not declared', () => {
    expect(started({ parameters: { hour: '1' } })).toThrow(new Error("'parameters' of a trigger must be declared by the pipeline, which has [\"key\",\"days\",\"dryRun\"], got \"hour\"; "
      + "declare it in the pipeline's 'parameters' (at Stack/Etl/Trigger)"));
  });

  test.each<[Record<string, string>, string]>([
    [{ days: 'seven' }, '"days" in \'parameters\' of a trigger must be a number, at most 31, got "seven"'],
    [{ days: '' }, '"days" in \'parameters\' of a trigger must be a number, at most 31, got ""'],
    [{ days: '32' }, '"days" in \'parameters\' of a trigger must be a number, at most 31, got "32"'],
    [{ dryRun: 'yes' }, '"dryRun" in \'parameters\' of a trigger must be true or false, got "yes"'],
    [{ key: 'some' }, '"key" in \'parameters\' of a trigger must be a text, one of "none", "all", got "some"'],
  ])('fails when a value is not allowed: %j', (parameters, message) => {
    expect(started({ parameters })).toThrow(new Error(`${message}; executions with it would fail (at Stack/Etl/Trigger)`));
  });

  test('fails when one without a default is not given', () => {
    expect(() => triggered(() => PipelineTrigger.event(PUSHED), { parameters: { day: PipelineParameter.text() } })).toThrow(new Error(
      "'parameters' of a trigger must give \"day\", which has no default, got []; give it, or a 'defaultValue' to the parameter (at Stack/Etl/Trigger)",
    ));
  });

  test('fails when a value looks like a secret', () => {
    const { template } = triggered(() => PipelineTrigger.event(PUSHED, { parameters: { apiKey: 'abcdef' } }), {
      parameters: { apiKey: PipelineParameter.text({ defaultValue: '' }) },
    });
    expect(template).toThrow(/'parameters' must hold no secrets, got "apiKey": its name is that of a secret/);
  });
});

describe('PipelineTrigger.objectCreated', () => {
  const patternOf = (options: Parameters<typeof PipelineTrigger.objectCreated>[1]) => {
    const { template } = triggered((stack) => PipelineTrigger.objectCreated(new s3.Bucket(stack, 'Uploads'), options));
    return detailOf(template(), 'aws.s3').object;
  };

  test('tells the bucket to send its events, without a function', () => {
    const template = triggered((stack) => PipelineTrigger.objectCreated(new s3.Bucket(stack, 'Uploads'))).template();
    template.hasResourceProperties('AWS::S3::Bucket', { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } });
    template.resourceCountIs('AWS::Lambda::Function', 0);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'source': ['aws.s3'], 'detail-type': ['Object Created'], 'detail': { bucket: { name: [{ Ref: Match.stringLikeRegexp('^Uploads') }] } } },
    });
  });

  test.each([
    [{}, undefined],
    [{ prefix: 'in/' }, { key: [{ prefix: 'in/' }] }],
    [{ suffix: '.csv' }, { key: [{ suffix: '.csv' }] }],
    [{ prefix: 'in*/', suffix: '.csv' }, { key: [{ wildcard: 'in\\*/*.csv' }] }],
  ])('matches the keys that are meant: %j', (options, expected) => {
    expect(patternOf(options)).toEqual(expected);
  });

  test('where a function keeps the notifications of the bucket, tells that', () => {
    const template = triggered((stack) => {
      const bucket = new s3.Bucket(stack, 'Uploads');
      bucket.addObjectCreatedNotification(new notifications.SnsDestination(new sns.Topic(stack, 'Topic')));
      return PipelineTrigger.objectCreated(bucket);
    }).template();
    template.hasResourceProperties('Custom::S3BucketNotifications', { NotificationConfiguration: Match.objectLike({ EventBridgeConfiguration: {} }) });
    template.hasResourceProperties('AWS::S3::Bucket', { NotificationConfiguration: Match.absent() });
  });

  test('fails when notifications are added later, which would turn it off', () => {
    const stack = createStack();
    const bucket = new s3.Bucket(stack, 'Uploads');
    const { pipeline, template } = createPipeline({ trigger: PipelineTrigger.objectCreated(bucket) }, stack);
    pipeline.addJob('Extract', { image: IMAGE });
    bucket.addObjectCreatedNotification(new notifications.SnsDestination(new sns.Topic(stack, 'Topic')));
    expect(template).toThrow("the bucket Stack/Uploads must be made with 'eventBridgeEnabled: true', since notifications were added to it after this trigger, "
      + 'got none; set it (at Stack/Etl/Trigger)');
  });

  test('warns of a bucket that is not made here', () => {
    const { stack } = triggered((scope) => PipelineTrigger.objectCreated(s3.Bucket.fromBucketName(scope, 'Uploads', 'uploads')));
    expect(warningsOf(stack)).toContain('/Stack/Etl/Trigger: Stack/Uploads is not made in this app: this trigger starts nothing unless the bucket sends its events '
      + 'to EventBridge. Turn that on where the bucket is made, and acknowledge this. [ack: cdk-ecs-workloads:bucketEventsUnknown]');
  });

  test('fails when the artifacts of the pipeline would start it', () => {
    const stack = createStack();
    const bucket = new s3.Bucket(stack, 'Shared');
    const { pipeline } = createPipeline({ artifactBucket: bucket }, stack);
    pipeline.addTrigger('In', PipelineTrigger.objectCreated(bucket, { prefix: 'in/' }));
    expect(() => pipeline.addTrigger('All', PipelineTrigger.objectCreated(bucket, { suffix: '.csv' }))).toThrow(new Error(
      "'prefix' must leave out the pipeline's own artifacts, which lie below \"Stack-Etl-6BCB48B9/\" in this bucket, got \"\"; each execution would start the next (at Stack/Etl/All)",
    ));
  });
});

describe('PipelineTrigger.queue', () => {
  const queueOf = (stack: ReturnType<typeof createStack>, props: sqs.QueueProps = {}) => new sqs.Queue(stack, 'Orders', {
    deadLetterQueue: { queue: new sqs.Queue(stack, 'Dead'), maxReceiveCount: 3 }, ...props,
  });

  test('pipes each message into an execution, by a role that may do just that', () => {
    const template = triggered((stack) => PipelineTrigger.queue(queueOf(stack))).template();
    template.hasResource('AWS::Pipes::Pipe', {
      Properties: {
        Source: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Orders'), 'Arn'] },
        SourceParameters: { SqsQueueParameters: { BatchSize: 1 } },
        Target: MACHINE,
        TargetParameters: { InputTemplate: '<$.body>', StepFunctionStateMachineParameters: { InvocationType: 'FIRE_AND_FORGET' } },
      },
      DependsOn: [Match.stringLikeRegexp('^EtlStateMachine')],
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({
          Principal: { Service: 'pipes.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' }, ArnLike: { 'aws:SourceArn': Match.anyValue() } },
        })],
      }),
      Policies: [{
        PolicyName: 'Default',
        PolicyDocument: Match.objectLike({
          Statement: [
            { Action: 'states:StartExecution', Effect: 'Allow', Resource: MACHINE },
            {
              Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
              Effect: 'Allow',
              Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Orders'), 'Arn'] },
            },
          ],
        }),
      }],
    });
  });

  test('reads the message where it is told to, and gives other values as they are', () => {
    const template = triggered((stack) => PipelineTrigger.queue(queueOf(stack), { parameters: { key: '<$.body.order.id>', days: '3', dryRun: 'false' } })).template();
    template.hasResourceProperties('AWS::Pipes::Pipe', { TargetParameters: Match.objectLike({ InputTemplate: '{"key":<$.body.order.id>,"days":3,"dryRun":false}' }) });
  });

  test('without parameters nobody looks at the message, which need be no object', () => {
    const { template } = triggered((stack) => PipelineTrigger.queue(queueOf(stack)), { parameters: {} });
    template().hasResourceProperties('AWS::Pipes::Pipe', { TargetParameters: { InputTemplate: Match.absent() } });
    template().hasResourceProperties('AWS::StepFunctions::StateMachine', Match.objectLike({ DefinitionString: Match.anyValue() }));
  });

  test('may decrypt the messages of a queue with a key', () => {
    const { template } = triggered((stack) => PipelineTrigger.queue(queueOf(stack, { encryptionMasterKey: new kms.Key(stack, 'Key') })));
    template().hasResourceProperties('AWS::IAM::Role', {
      Policies: [Match.objectLike({
        PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } })]) }),
      })],
    });
  });

  test('warns of a queue without dead letters', () => {
    const { stack } = triggered((scope) => PipelineTrigger.queue(queueOf(scope, { deadLetterQueue: undefined })));
    Annotations.fromStack(stack).hasWarning('/Stack/Etl/Trigger', Match.stringLikeRegexp('Stack/Orders has no dead-letter queue: .*queueWithoutDeadLetters'));
  });

  test('has an alarm in production', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { profile: ClusterProfile.PRODUCTION, network: ClusterNetwork.existing(importedVpc(stack)) });
    createPipelineOn(cluster, stack, PipelineTrigger.queue(queueOf(stack))).template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([Match.objectLike({
        MetricStat: Match.objectLike({ Metric: { Namespace: 'AWS/EventBridge/Pipes', MetricName: 'ExecutionFailed', Dimensions: [{ Name: 'PipeName', Value: Match.anyValue() }] } }),
      })]),
    });
  });
});

describe('PipelineTrigger.pipelineEnded', () => {
  /** A pipeline, and one after it. */
  const pair = (options: Parameters<typeof PipelineTrigger.pipelineEnded>[1] = {}, overlap?: RunOverlap) => {
    const { pipeline: first, stack, cluster, template } = createPipeline({ overlap });
    const second = new EcsBatchPipeline(stack, 'After', { cluster, trigger: PipelineTrigger.pipelineEnded(first, options) });
    [first, second].forEach((each) => each.addJob('Extract', { image: IMAGE }));
    return { first, second, detail: () => detailOf(template(), 'aws.states') };
  };
  const SUCCEEDED_NOT_SKIPPED = { status: ['SUCCEEDED'], output: [{ 'anything-but': { prefix: '{"skipped"' } }] };

  test.each<[PipelineOutcome[] | undefined, RunOverlap | undefined, object]>([
    [undefined, undefined, { status: ['SUCCEEDED'] }],
    [[PipelineOutcome.FAILED, PipelineOutcome.FAILED, PipelineOutcome.ABORTED], undefined, { status: ['FAILED', 'ABORTED'] }],
    [undefined, RunOverlap.wait(Duration.hours(1)), { status: ['SUCCEEDED'] }],
    [undefined, RunOverlap.skip(), SUCCEEDED_NOT_SKIPPED],
    [[PipelineOutcome.FAILED], RunOverlap.skip(), { status: ['FAILED'] }],
    [[PipelineOutcome.SUCCEEDED, PipelineOutcome.TIMED_OUT], RunOverlap.skip(), { $or: [SUCCEEDED_NOT_SKIPPED, { status: ['TIMED_OUT'] }] }],
  ])('counts the ends that are meant: %j', (outcomes, overlap, expected) => {
    expect(pair({ outcomes }, overlap).detail()).toEqual({ stateMachineArn: [{ Ref: expect.stringMatching(/^EtlStateMachine/) }], ...expected });
  });

  test('fails when no end counts', () => {
    expect(() => pair({ outcomes: [] })).toThrow(new Error("'outcomes' must have at least one outcome, got none; omit it for those that succeed (at Stack/After/Trigger)"));
  });

  test('fails when pipelines start each other', () => {
    const { first, second } = pair();
    expect(() => first.addTrigger('Again', PipelineTrigger.pipelineEnded(second))).toThrow(new Error(
      "'other' must be a pipeline that does not start after this one, got Stack/After; each end would start the next execution, for ever (at Stack/Etl/Again)",
    ));
    expect(() => first.addTrigger('Itself', PipelineTrigger.pipelineEnded(first))).toThrow(/got Stack\/Etl; each end/);
  });
});

function createPipelineOn(cluster: ReturnType<typeof createCluster>, stack: ReturnType<typeof createStack>, trigger: PipelineTrigger) {
  new EcsBatchPipeline(stack, 'Etl', { cluster, trigger }).addJob('Extract', { image: IMAGE });
  return { template: () => Template.fromStack(stack) };
}

/** What the rule on events of a service asks of them, where it starts a pipeline. */
function detailOf(template: Template, source: string): any {
  const rules = Object.entries<any>(template.findResources('AWS::Events::Rule', { Properties: { EventPattern: { source: [source] } } }));
  return rules.find(([id]) => !id.includes('Reports'))![1].Properties.EventPattern.detail;
}
