import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Duration, Lazy, TimeZone } from 'aws-cdk-lib/core';
import { createTask } from './fixtures';
import { ClusterProfile, TaskScheduleOptions, TaskTrigger } from '../../src';

const NIGHTLY = scheduler.ScheduleExpression.cron({ hour: '3', minute: '0', timeZone: TimeZone.EUROPE_ROME });
const ARRIVAL: events.EventPattern = { source: ['aws.s3'], detailType: ['Object Created'] };

function scheduled(options: TaskScheduleOptions = {}) {
  return createTask({ trigger: TaskTrigger.schedule(NIGHTLY, options) }).template();
}

function only(template: Template, type: string): any {
  const found = Object.values(template.findResources(type));
  expect(found).toHaveLength(1);
  return found[0];
}

describe('TaskTrigger.schedule', () => {
  test('starts the task at its time, in a group of its own, by a role that may do just that', () => {
    const template = scheduled();
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      GroupName: { Ref: Match.stringLikeRegexp('^ReportTriggerGroup') },
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Rome',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PlatformCluster'), 'Arn'] },
        EcsParameters: {
          TaskDefinitionArn: { Ref: Match.stringLikeRegexp('^ReportTaskDefinition') },
          CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
          NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) },
          PropagateTags: 'TASK_DEFINITION',
          EnableECSManagedTags: true,
        },
        Input: '{}',
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ReportDeadLetters'), 'Arn'] } },
        RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ReportTriggerRole'), 'Arn'] },
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({
          Principal: { Service: 'scheduler.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
        })],
      }),
    });
  });

  test('takes a window, retries, a command and variables', () => {
    const template = scheduled({
      flexibleWindow: Duration.minutes(15), retryAttempts: 3, maxEventAge: Duration.minutes(10), command: ['report', '--day'], environment: { DAY: 'yesterday' },
    });
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      Target: Match.objectLike({
        Input: JSON.stringify({ containerOverrides: [{ name: 'App', command: ['report', '--day'], environment: [{ name: 'DAY', value: 'yesterday' }] }] }),
        RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 3 },
      }),
    });
  });

  test('starts the state machine where the task has one, in its words', () => {
    const { template } = createTask({ retries: 1, trigger: TaskTrigger.schedule(NIGHTLY, { command: ['report'] }) });
    const { Properties: { Target }, DependsOn } = only(template(), 'AWS::Scheduler::Schedule');
    expect(Target).toMatchObject({
      Arn: { Ref: expect.stringMatching(/^ReportRunStateMachine/) }, Input: JSON.stringify({ ContainerOverrides: [{ Name: 'App', Command: ['report'] }] }),
    });
    expect(Target.EcsParameters).toBeUndefined();
    expect(DependsOn).toEqual([expect.stringMatching(/^ReportRunStateMachine/)]);
  });

  test('has alarms in production: starts that fail, and runs that are missing', () => {
    const { template } = createTask({ trigger: TaskTrigger.schedule(NIGHTLY, { flexibleWindow: Duration.minutes(30) }) }, ClusterProfile.PRODUCTION);
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('^Stack/Report/Trigger: The task could not be started'),
      DatapointsToAlarm: 2,
      Metrics: [Match.objectLike({ Expression: 'FILL(errors, 0) + FILL(dropped, 0) + FILL(dead, 0)' }), Match.anyValue(), Match.anyValue(), Match.anyValue()],
    });
    // a day, the hour at the end of summer time, and the window
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('was not started for 1530 minutes'),
      MetricName: 'InvocationAttemptCount',
      Period: 3600,
      EvaluationPeriods: 27,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test.each([['rate(10 minutes)', 300, 3], ['rate(2 hours)', 3600, 3]])('misses runs of %s', (expression, Period, EvaluationPeriods) => {
    const trigger = TaskTrigger.schedule(scheduler.ScheduleExpression.expression(expression));
    const { template } = createTask({ trigger }, ClusterProfile.PRODUCTION);
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'InvocationAttemptCount', Period, EvaluationPeriods });
  });

  test.each(['cron(0 3 ? * MON *)', 'at(2027-01-01T00:00:00)', Lazy.string({ produce: () => 'rate(1 hour)' })])('misses no runs of %s', (expression) => {
    const trigger = TaskTrigger.schedule(scheduler.ScheduleExpression.expression(expression));
    const { template } = createTask({ trigger }, ClusterProfile.PRODUCTION);
    template().resourceCountIs('AWS::CloudWatch::Alarm', 2);
  });

  test('several triggers have groups and roles of their own, and one queue', () => {
    const { task, template } = createTask({ trigger: TaskTrigger.schedule(NIGHTLY) });
    task.addTrigger('Noon', TaskTrigger.schedule(scheduler.ScheduleExpression.cron({ hour: '12', minute: '0' })));
    task.addTrigger('Arrival', TaskTrigger.event(ARRIVAL));
    template().resourceCountIs('AWS::Scheduler::ScheduleGroup', 2);
    template().resourceCountIs('AWS::SQS::Queue', 1);
  });

  test.each<[TaskScheduleOptions, string]>([
    [{ flexibleWindow: Duration.seconds(59) }, "'flexibleWindow' must be between 60 and 86400 seconds, got 59 seconds; omit it to start at the time"],
    [{ flexibleWindow: Duration.seconds(90) }, "'flexibleWindow' must be a whole number of minutes, got 90 seconds; round it"],
    [{ retryAttempts: 186 }, "'retryAttempts' must be between 0 and 185, got 186; give 0 where a late start is of no use"],
    [{ maxEventAge: Duration.seconds(59) }, "'maxEventAge' must be between 60 and 86400 seconds, got 59 seconds; EventBridge gives up after a day at the latest"],
    [{ command: [] }, "'command' must have at least one word, got none; omit it for the task's own command"],
  ])('fails when %j', (options, message) => {
    expect(() => scheduled(options)).toThrow(new Error(`${message} (at Stack/Report/Trigger)`));
  });

  test('fails when a variable looks like a secret', () => {
    expect(() => scheduled({ environment: { API_TOKEN: 'ghp_8f3kd93kd0s9dk3k2l1m4n5b6v7c8x9z' } })).toThrow(/'environment' must hold no secrets, got "API_TOKEN"/);
  });
});

describe('TaskTrigger.event', () => {
  test('starts the task for each event, with fields of the event in its variables', () => {
    const template = createTask({
      trigger: TaskTrigger.event(ARRIVAL, { environment: { KEY: events.EventField.fromPath('$.detail.object.key') }, retryAttempts: 5 }),
    }).template();
    const { Properties: { EventPattern, Targets: [target] } } = only(template, 'AWS::Events::Rule');
    expect(EventPattern).toEqual({ 'source': ['aws.s3'], 'detail-type': ['Object Created'] });
    expect(target).toMatchObject({
      EcsParameters: {
        EnableECSManagedTags: true, PropagateTags: 'TASK_DEFINITION', NetworkConfiguration: { AwsVpcConfiguration: { AssignPublicIp: 'DISABLED' } },
      },
      InputTransformer: {
        InputPathsMap: { 'detail-object-key': '$.detail.object.key' },
        InputTemplate: '{"containerOverrides":[{"name":"App","environment":[{"name":"KEY","value":<detail-object-key>}]}]}',
      },
      RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 5 },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^ReportDeadLetters/), 'Arn'] } },
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^ReportTriggerRule'), 'Arn'] } } },
        })]),
      }),
    });
  });

  test('starts the state machine where the task has one, and has an alarm in production', () => {
    const template = createTask({ trigger: TaskTrigger.event(ARRIVAL) }, ClusterProfile.PRODUCTION).template();
    const { Properties: { Targets: [target] } } = only(template, 'AWS::Events::Rule');
    expect(target).toMatchObject({ Arn: { Ref: expect.stringMatching(/^ReportRunStateMachine/) }, Input: '{}' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([Match.objectLike({ MetricStat: Match.objectLike({ Metric: Match.objectLike({ Namespace: 'AWS/Events', MetricName: 'FailedInvocations' }) }) })]),
    });
  });
});

describe('TaskTrigger.deployment', () => {
  test('runs the task by a custom resource, with its own command or another', () => {
    const { task, template } = createTask({ trigger: TaskTrigger.deployment({ timeout: Duration.minutes(5) }) });
    task.addTrigger('Check', TaskTrigger.deployment({ command: ['check'] }));
    const runs = Object.values(template().findResources('Custom::DeploymentTask')).map(({ Properties }) => Properties);
    expect(runs.map(({ TimeoutSeconds, Run }) => [TimeoutSeconds, Run.overrides])).toEqual([
      [300, { containerOverrides: [{ name: 'App' }] }],
      [900, { containerOverrides: [{ name: 'App', command: ['check'] }] }],
    ]);
  });

  test('fails when it takes longer than CloudFormation waits', () => {
    expect(() => createTask({ trigger: TaskTrigger.deployment({ timeout: Duration.hours(1) }) })).toThrow(/^'timeout' must be between 1 and 3300 seconds, got 3600 seconds/);
  });
});
