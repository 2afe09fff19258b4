import { Match } from 'aws-cdk-lib/assertions';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Lazy, TimeZone } from 'aws-cdk-lib/core';
import { ServiceRoute, ServiceScaling } from '../../src';
import { createService } from '../util/fixtures';

const ROUTES = [ServiceRoute.internetFacing({ paths: ['/orders'] })];
const METRIC = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'OpenOrders' });

describe('ServiceScaling', () => {
  test('holds CPU, and memory on wish, scales out fast and in slowly', () => {
    const { template } = createService({ scaling: ServiceScaling.between(2, 20, { cpuPercent: 60, memoryPercent: 80 }) });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 20, RoleARN: Match.absent() });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' }, TargetValue: 60, ScaleOutCooldown: 60, ScaleInCooldown: 300,
      },
    });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: Match.objectLike({
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageMemoryUtilization' }, TargetValue: 80,
      }),
    });
  });

  test('a fixed number is the desired count, and nothing scales it', () => {
    const { template } = createService({ scaling: ServiceScaling.fixed(0) });
    template().hasResourceProperties('AWS::ECS::Service', { DesiredCount: 0 });
    template().resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });

  test('fails when bounds are out of order or out of range', () => {
    expect(() => ServiceScaling.between(3, 2)).toThrow("'min' must not be larger than 'max', got 3 and 2; swap them");
    expect(() => ServiceScaling.between(0, 2)).toThrow("'min' must be between 1 and 5000, got 0; utilisation cannot wake a service that has no task");
    expect(() => ServiceScaling.between(1, 5001)).toThrow("'max' must be between 1 and 5000, got 5001; a service runs 5000 tasks at most");
    expect(() => ServiceScaling.between(1, 2, { cpuPercent: 0 })).toThrow("'cpuPercent' must be between 1 and 100, got 0; 60 to 70 leaves room for a burst");
    expect(() => ServiceScaling.between(1, 2, { memoryPercent: 101 })).toThrow("'memoryPercent' must be between 1 and 100, got 101; omit it to scale on CPU alone");
    expect(() => ServiceScaling.between(1, 2, { requestsPerTask: 0 })).toThrow(
      "'requestsPerTask' must be between 1 and 1000000000, got 0; give the requests per minute that one task bears");
    expect(() => ServiceScaling.fixed(-1)).toThrow("'tasks' must be between 0 and 5000, got -1; a service runs 5000 tasks at most");
  });

  test('holds the number of requests per task behind its own load balancer', () => {
    const { template } = createService({ routes: ROUTES, scaling: ServiceScaling.between(2, 20, { requestsPerTask: 1000 }) });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyName: 'RequestScaling',
      TargetTrackingScalingPolicyConfiguration: Match.objectLike({
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'ALBRequestCountPerTarget',
          ResourceLabel: {
            'Fn::Join': ['', [
              { 'Fn::GetAtt': [Match.stringLikeRegexp('PublicIngressLoadBalancer'), 'LoadBalancerFullName'] }, '/',
              { 'Fn::GetAtt': [Match.stringLikeRegexp('OrdersTargetGroup'), 'TargetGroupFullName'] },
            ]],
          },
        },
        TargetValue: 1000,
      }),
    });
  });

  test('fails when requests are to scale a service without a route', () => {
    expect(() => createService({ scaling: ServiceScaling.between(2, 20, { requestsPerTask: 1000 }) })).toThrow(
      "'requestsPerTask' needs a route, because load balancers count the requests, got 1000 for a service without one; "
      + "add 'routes', or scale on CPU (at Stack/Orders)");
  });
});

describe('ServiceAutoscaling', () => {
  test('changes the bounds at given times, in a time zone', () => {
    const { service, template } = createService();
    service.scaling.onSchedule('Sale', {
      schedule: appscaling.Schedule.cron({ minute: '45', hour: '8', weekDay: 'FRI' }), timeZone: TimeZone.EUROPE_ROME, min: 10, max: 40,
    });
    service.scaling.onSchedule('After', { schedule: appscaling.Schedule.cron({ minute: '0', hour: '20', weekDay: 'FRI' }), min: 2 });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ScheduledActions: [
        { ScheduledActionName: 'Sale', Schedule: 'cron(45 8 ? * FRI *)', Timezone: 'Europe/Rome', ScalableTargetAction: { MinCapacity: 10, MaxCapacity: 40 } },
        { ScheduledActionName: 'After', Schedule: 'cron(0 20 ? * FRI *)', Timezone: 'Etc/UTC', ScalableTargetAction: { MinCapacity: 2 } },
      ],
    });
  });

  test('runs in office hours with its own bounds, and not at all outside of them', () => {
    const { service, template } = createService({ scaling: ServiceScaling.between(2, 8) });
    service.scaling.officeHours({ timeZone: TimeZone.EUROPE_ROME, opens: '07:30', closes: '19:00' });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ScheduledActions: [
        {
          ScheduledActionName: 'OfficeOpens',
          Schedule: 'cron(30 7 ? * MON-FRI *)',
          Timezone: 'Europe/Rome',
          ScalableTargetAction: { MinCapacity: 2, MaxCapacity: 8 },
        },
        {
          ScheduledActionName: 'OfficeCloses',
          Schedule: 'cron(0 19 ? * MON-FRI *)',
          Timezone: 'Europe/Rome',
          ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 0 },
        },
      ],
    });
  });

  test('has office hours on all days, and tasks that remain', () => {
    const { service, template } = createService();
    service.scaling.officeHours({ timeZone: TimeZone.ETC_UTC, days: '*', tasksWhenClosed: 1 });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ScheduledActions: [
        Match.objectLike({ Schedule: 'cron(0 8 * * ? *)' }),
        Match.objectLike({ Schedule: 'cron(0 20 * * ? *)', ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 1 } }),
      ],
    });
  });

  test('holds metrics of your own at their targets', () => {
    const { service, template } = createService();
    service.scaling.trackMetric('OpenOrders', { metric: METRIC, target: 50 });
    service.scaling.trackMetric('Sessions', { metric: METRIC.with({ label: 'x' }), target: Lazy.number({ produce: () => 7 }) });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      ScalingTargetId: { Ref: Match.stringLikeRegexp('^OrdersScalableTarget') },
      TargetTrackingScalingPolicyConfiguration: {
        CustomizedMetricSpecification: { MetricName: 'OpenOrders', Namespace: 'Shop', Statistic: 'Average' }, TargetValue: 50,
      },
    });
  });

  test('adds and removes tasks in steps', () => {
    const { service, template } = createService();
    service.scaling.stepOnMetric('Waiting', { metric: METRIC, minutes: 2, steps: [{ upper: 10, change: -1 }, { lower: 100, change: 2 }, { lower: 1000, change: 10 }] });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: Match.objectLike({
        StepAdjustments: [
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 900, ScalingAdjustment: 2 },
          { MetricIntervalLowerBound: 900, ScalingAdjustment: 10 },
        ],
      }),
    });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'OpenOrders', Threshold: 100, EvaluationPeriods: 2 });
  });

  test('takes tokens for bounds', () => {
    const { service, template } = createService();
    service.scaling.onSchedule('Sale', { schedule: appscaling.Schedule.expression('cron(0 8 * * ? *)'), min: Lazy.number({ produce: () => 9 }), max: 10 });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ScheduledActions: [Match.objectLike({ ScalableTargetAction: { MinCapacity: 9, MaxCapacity: 10 } })],
    });
  });

  describe('fails when', () => {
    const schedule = appscaling.Schedule.expression('cron(0 8 * * ? *)');
    const { service } = createService();
    const fixed = createService({ scaling: ServiceScaling.fixed(3) }).service;

    test.each<[string, () => void, string]>([
      ['the number of tasks is fixed', () => fixed.scaling.officeHours({ timeZone: TimeZone.ETC_UTC }),
        "'officeHours' needs a service that scales, and this one has a fixed number of tasks; give it 'scaling: ServiceScaling.between(...)' (at Stack/Orders)"],
      ['a schedule changes nothing', () => service.scaling.onSchedule('Sale', { schedule }),
        "'min' or 'max' must be given for the schedule \"Sale\", got neither; say what it changes (at Stack/Orders)"],
      ['the bounds of a schedule are out of order', () => service.scaling.onSchedule('Sale', { schedule, min: 3, max: 2 }),
        "'min' must not be larger than 'max', got 3 and 2; swap them (at Stack/Orders)"],
      ['a bound is out of range', () => service.scaling.onSchedule('Sale', { schedule, max: 5001 }),
        "'max' must be between 0 and 5000, got 5001; a service runs 5000 tasks at most (at Stack/Orders)"],
      ['a schedule has no usable name', () => service.scaling.onSchedule('a/b', { schedule, max: 1 }),
        "'id' must be 1 to 256 characters other than '|', ':' and '/', got \"a/b\"; choose another name (at Stack/Orders)"],
      ['opening is no time', () => service.scaling.officeHours({ timeZone: TimeZone.ETC_UTC, opens: '8 o\'clock' }),
        "'opens' must be a time of the day, HH:MM, known at synthesis, got \"8 o'clock\"; write '08:00' (at Stack/Orders)"],
      ['it closes before it opens', () => service.scaling.officeHours({ timeZone: TimeZone.ETC_UTC, opens: '18:00', closes: '02:00' }),
        "'closes' must be later on the same day than 'opens', got \"02:00\" and \"18:00\"; for hours past midnight use 'onSchedule' twice (at Stack/Orders)"],
      ['days are none', () => service.scaling.officeHours({ timeZone: TimeZone.ETC_UTC, days: 'weekdays' }),
        "'days' must be days of the week as cron has them, got \"weekdays\"; write 'MON-FRI' (at Stack/Orders)"],
      ['more tasks than there can be remain', () => service.scaling.officeHours({ timeZone: TimeZone.ETC_UTC, tasksWhenClosed: 5001 }),
        "'tasksWhenClosed' must be between 0 and 5000, got 5001; a service runs 5000 tasks at most (at Stack/Orders)"],
      ['a target is no load', () => service.scaling.trackMetric('Open', { metric: METRIC, target: 0 }),
        "'target' of \"Open\" must be above 0, got 0; give the value that one task can bear (at Stack/Orders)"],
      ['there is one step only', () => service.scaling.stepOnMetric('Open', { metric: METRIC, steps: [{ lower: 1, change: 1 }] }),
        "'steps' of \"Open\" must be at least 2, got 1; say where tasks are added and where they are removed (at Stack/Orders)"],
    ])('%s', (_, declare, message) => {
      expect(declare).toThrow(message);
    });

    test('two schedules have one name', () => {
      const { service: other } = createService();
      other.scaling.onSchedule('Sale', { schedule, max: 3 });
      expect(() => other.scaling.onSchedule('Sale', { schedule, max: 4 })).toThrow(
        "'id' must be unique among the schedules of a service, got \"Sale\" twice; choose another name (at Stack/Orders)");
    });
  });
});
