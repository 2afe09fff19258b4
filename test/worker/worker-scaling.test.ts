import { Match, Template } from 'aws-cdk-lib/assertions';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import { createWorker } from './fixtures';
import { ClusterProfile, WorkerQueue, WorkerScaling } from '../../src';

describe('WorkerScaling', () => {
  const policies = (template: Template) => Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy')).map(({ Properties }) => Properties);

  test('tracks the messages of each task, by metric math', () => {
    const { template } = createWorker({ scaling: WorkerScaling.between(2, 20, { backlogPerTask: 30 }) });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 20 });
    const queue = { Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringMatching(/^MailerQueue/), 'QueueName'] } }], Namespace: 'AWS/SQS' };
    expect(policies(template())).toEqual([expect.objectContaining({
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 30,
        ScaleOutCooldown: 120,
        ScaleInCooldown: 300,
        CustomizedMetricSpecification: {
          Metrics: [
            { Id: 'value', Expression: 'IF(waiting0 + inwork0 > 30, waiting0 + inwork0, 30) / IF(tasks > 1, tasks, 1)', ReturnData: true },
            { Id: 'waiting0', ReturnData: false, MetricStat: { Stat: 'Maximum', Metric: { ...queue, MetricName: 'ApproximateNumberOfMessagesVisible' } } },
            { Id: 'inwork0', ReturnData: false, MetricStat: { Stat: 'Maximum', Metric: { ...queue, MetricName: 'ApproximateNumberOfMessagesNotVisible' } } },
            {
              Id: 'tasks',
              ReturnData: false,
              MetricStat: {
                Stat: 'Average',
                Metric: {
                  Namespace: 'ECS/ContainerInsights',
                  MetricName: 'DesiredTaskCount',
                  Dimensions: [
                    { Name: 'ClusterName', Value: { Ref: expect.any(String) } }, { Name: 'ServiceName', Value: { 'Fn::GetAtt': [expect.any(String), 'Name'] } },
                  ],
                },
              },
            },
          ],
        },
      },
    })]);
  });

  test('counts the messages of all queues', () => {
    const { worker, template } = createWorker();
    worker.addQueue('Bulk', WorkerQueue.standard());
    const [{ TargetTrackingScalingPolicyConfiguration: { CustomizedMetricSpecification: { Metrics } } }] = policies(template());
    expect(Metrics[0].Expression).toContain('waiting0 + inwork0 + waiting1 + inwork1');
    expect(Metrics).toHaveLength(6);
  });

  test('without Container Insights, counts tasks by the samples of their CPU metric', () => {
    const { template } = createWorker({}, ClusterProfile.DEVELOPMENT);
    const [tracking] = policies(template());
    expect(tracking.TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Metrics[3].MetricStat).toMatchObject({
      Stat: 'SampleCount', Metric: { Namespace: 'AWS/ECS', MetricName: 'CPUUtilization' },
    });
  });

  test.each([[Duration.seconds(120), 10], [Duration.seconds(121), 1]])('by default, messages of %s have %d a task', (maxMessageTime, backlog) => {
    expect(policies(createWorker({ maxMessageTime }).template())[0].TargetTrackingScalingPolicyConfiguration.TargetValue).toBe(backlog);
  });

  test('from zero: steps that wake, and one that takes the last task away', () => {
    const { template } = createWorker({ scaling: WorkerScaling.between(0, 3, { idleTime: Duration.minutes(30) }) });
    const [, wake, sleep] = policies(template());
    expect(wake.StepScalingPolicyConfiguration).toEqual({
      AdjustmentType: 'ChangeInCapacity',
      Cooldown: 180,
      MetricAggregationType: 'Maximum',
      StepAdjustments: [
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 50, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 50, ScalingAdjustment: 3 },
      ],
    });
    expect(sleep.StepScalingPolicyConfiguration).toEqual({
      AdjustmentType: 'ExactCapacity', Cooldown: 0, MetricAggregationType: 'Maximum', StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: 0 }],
    });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('WakeScaling') }],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
      Metrics: Match.arrayWith([{ Id: 'value', Expression: 'IF(FILL(tasks, 0) < 1, FILL(waiting0, 0), 0)', ReturnData: true }]),
    });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('SleepScaling') }],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      EvaluationPeriods: 30,
      TreatMissingData: 'notBreaching',
      Metrics: Match.arrayWith([{ Id: 'value', Expression: 'waiting0 + inwork0', ReturnData: true }]),
    });
  });

  test('a single task wakes alone, and so where the numbers are not known', () => {
    const max = Lazy.number({ produce: () => 7 });
    for (const scaling of [WorkerScaling.between(0, 1), WorkerScaling.between(0, max)]) {
      const [, wake] = policies(createWorker({ scaling }).template());
      expect(wake.StepScalingPolicyConfiguration.StepAdjustments).toEqual([{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }]);
    }
    const unknown = createWorker({ scaling: WorkerScaling.between(1, 5, { backlogPerTask: Lazy.number({ produce: () => 7 }) }) });
    expect(JSON.stringify(policies(unknown.template())[0])).toContain('> 7, ');
  });

  test('a fixed number is the desired count, and nothing scales it', () => {
    const { template } = createWorker({ scaling: WorkerScaling.fixed(3) });
    template().hasResourceProperties('AWS::ECS::Service', { DesiredCount: 3 });
    template().resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });

  test('fails when bounds are out of order or out of range', () => {
    expect(() => WorkerScaling.between(3, 2)).toThrow("'min' must not be larger than 'max', got 3 and 2; swap them");
    expect(() => WorkerScaling.between(-1, 2)).toThrow("'min' must be between 0 and 5000, got -1; 0 runs nothing while there is nothing to do");
    expect(() => WorkerScaling.between(0, 0)).toThrow("'max' must be between 1 and 5000, got 0; a service runs 5000 tasks at most");
    expect(() => WorkerScaling.between(0, 1, { backlogPerTask: 0 })).toThrow(
      "'backlogPerTask' must be between 0.01 and 1000000, got 0; divide the longest wait by the time that one message takes");
    expect(() => WorkerScaling.between(0, 1, { idleTime: Duration.seconds(30) })).toThrow(
      "'idleTime' must be between 60 and 86400 seconds, got 30 seconds; an alarm looks back for a day at most");
    expect(() => WorkerScaling.between(0, 1, { idleTime: Duration.seconds(90) })).toThrow("'idleTime' must be in whole minutes, got 90 seconds; round it");
    expect(() => WorkerScaling.fixed(-1)).toThrow("'tasks' must be between 0 and 5000, got -1; a service runs 5000 tasks at most");
  });
});
