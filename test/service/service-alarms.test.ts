import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CfnParameter, Duration } from 'aws-cdk-lib/core';
import { ClusterIngress, ClusterProfile, EcsMicroservice, ServiceProtocol, ServiceRoute, ServiceScaling, SloOptions } from '../../src';
import { createCluster, createService, createStack, IMAGE } from '../util/fixtures';

const ROUTES = [ServiceRoute.internetFacing({ paths: ['/orders/*'] })];
/** gRPC wants a load balancer with HTTPS. */
function createGrpc() {
  const stack = createStack();
  const certificates = [acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/1')];
  const cluster = createCluster(stack, { profile: ClusterProfile.DEVELOPMENT, ingress: ClusterIngress.publicAlb({ certificates }) });
  return { stack, service: new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: ROUTES, protocol: ServiceProtocol.grpc() }) };
}

const AVAILABLE: SloOptions = { availabilityPercent: 99.9 };

describe('EcsMicroservice alarms', () => {
  test.each([
    [{}, 82.5, 90],
    [{ scaling: ServiceScaling.between(1, 4, { cpuPercent: 50, memoryPercent: 80 }) }, 75, 90],
    [{ scaling: ServiceScaling.between(1, 4, { memoryPercent: 60 }) }, 82.5, 80],
    [{ scaling: ServiceScaling.fixed(3) }, 90, 90],
  ])('on CPU and memory follow from what scaling holds: %#', (props, cpu, memory) => {
    const template = createService(props).template();
    const ofService = (MetricName: string, Stat: string) => (
      Match.arrayWith([Match.objectLike({ MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName }), Stat }) })])
    );
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: cpu, DatapointsToAlarm: 15, EvaluationPeriods: 15, TreatMissingData: 'notBreaching', Metrics: ofService('CPUUtilization', 'Average'),
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: memory, Metrics: ofService('MemoryUtilization', 'Maximum') });
  });

  test('calculate with what scaling holds where it is known at deployment only', () => {
    const stack = createStack();
    const cpuPercent = new CfnParameter(stack, 'Cpu', { type: 'Number' }).valueAsNumber;
    new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack), image: IMAGE, scaling: ServiceScaling.between(1, 4, { cpuPercent }) });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 100, Metrics: Match.arrayWith([Match.objectLike({ Expression: { 'Fn::Join': ['', ['2 * cpu - ', { Ref: 'Cpu' }]] } })]),
    });
  });

  test('are handed out, all and by name, for dashboards and alarms on several of them', () => {
    const { service, stack, template } = createService({ routes: ROUTES });
    service.alarms.addSlo(AVAILABLE);
    expect(service.alarms.all).toHaveLength(8);
    new cloudwatch.CompositeAlarm(stack, 'Down', {
      alarmRule: cloudwatch.AlarmRule.allOf(service.alarms.named('RunningTasksAlarm'), service.alarms.named('Slo/OutageAlarm')),
    });
    const rule = template().findResources('AWS::CloudWatch::CompositeAlarm', { Properties: { AlarmRule: Match.objectLike({ 'Fn::Join': Match.anyValue() }) } });
    const own = JSON.stringify(Object.entries(rule).find(([id]) => id.startsWith('Down'))![1]);
    expect(own).toMatch(/ALARM\(\\"",\{"Fn::GetAtt":\["OrdersRunningTasksAlarm\w+","Arn"\]/);
    expect(own).toMatch(/\{"Fn::GetAtt":\["OrdersSloOutageAlarm\w+","Arn"\]/);
  });

  test('are none in development but those of an objective', () => {
    const { service } = createService({ routes: ROUTES }, ClusterProfile.DEVELOPMENT);
    expect(service.alarms.all).toEqual([]);
    service.alarms.addSlo(AVAILABLE);
    expect(service.alarms.all).toHaveLength(2);
  });

  test('fails when one is asked for that is not there', () => {
    expect(() => createService().service.alarms.named('Latency')).toThrow(
      "'named' must be one of RunningTasksAlarm, CpuAlarm, MemoryAlarm, got \"Latency\"; docs/operations.md lists which alarm comes with what (at Stack/Orders)",
    );
    expect(() => createService({}, ClusterProfile.DEVELOPMENT).service.alarms.named('CpuAlarm')).toThrow(
      "'named' must be one of none, for there are no alarms, got \"CpuAlarm\"; docs/operations.md lists which alarm comes with what (at Stack/Orders)",
    );
  });
});

describe('EcsMicroservice alarms.addSlo', () => {
  test('makes five alarms that tell nobody, and two on them that tell the actions of the cluster', () => {
    const stack = createStack();
    const topic = new sns.Topic(stack, 'OnCall');
    const cluster = createCluster(stack, { alarmActions: [new actions.SnsAction(topic)], profile: ClusterProfile.DEVELOPMENT });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: ROUTES }).alarms.addSlo({ ...AVAILABLE, latency: Duration.millis(300) });
    const template = Template.fromStack(stack);
    const parts = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(parts.map(({ Properties: { AlarmActions, OKActions } }) => [AlarmActions, OKActions])).toEqual(new Array(5).fill([undefined, undefined]));
    const tellers = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'));
    expect(tellers).toHaveLength(2);
    const told = [{ Ref: expect.stringMatching('^OnCall') }];
    for (const { Properties } of tellers) {
      expect(Properties).toMatchObject({ AlarmActions: told, OKActions: told });
      expect(Properties.AlarmDescription).toContain('99.9 % of the requests without a server error, and 99 % of them answered within 300 ms');
    }
  });

  test('takes an objective that is known at deployment only', () => {
    const { service, stack, template } = createService({ routes: ROUTES }, ClusterProfile.DEVELOPMENT);
    service.alarms.addSlo({ availabilityPercent: new CfnParameter(stack, 'Percent', { type: 'Number' }).valueAsNumber });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([Match.objectLike({ Expression: { 'Fn::Join': ['', Match.arrayWith([{ Ref: 'Percent' }])] } })]),
    });
  });

  test('looks at latency alone for gRPC', () => {
    const { service, stack } = createGrpc();
    service.alarms.addSlo({ latency: Duration.millis(50), latencyPercent: 99.5 });
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))).toContain('"Stat":"PR(:0.05)"');
  });

  const add = (slo: SloOptions, props = {}) => () => createService({ routes: ROUTES, ...props }).service.alarms.addSlo(slo);
  const bounds = 'with less, the fastest burn that an alarm looks for is more than all requests, and with more, a month has no budget (at Stack/Orders)';

  test.each<[string, () => void, string]>([
    ['no load balancer measures it', add(AVAILABLE, { routes: [] }), "'addSlo' needs a route of HTTP, because a load balancer measures it, got a service without one; add "
      + "'routes', or make an alarm on a metric of the application's own (at Stack/Orders)"],
    ['there is no objective', add({}), "'addSlo' needs an objective, got none; give 'availabilityPercent', 'latency' or both (at Stack/Orders)"],
    ['gRPC is to be available', () => createGrpc().service.alarms.addSlo(AVAILABLE), "'availabilityPercent' is not for gRPC, whose errors have the status 200, so that a "
      + "load balancer sees none of them, got 99.9; give 'latency' alone (at Stack/Orders)"],
    ['a share has no time', add({ ...AVAILABLE, latencyPercent: 95 }), "'latencyPercent' needs 'latency', got 95 alone; give the time in which so many requests are to be "
      + 'answered (at Stack/Orders)'],
    ['all is promised', add({ availabilityPercent: 100 }), `'availabilityPercent' must be between 95 and 99.999, got 100; ${bounds}`],
    ['little is promised', add({ availabilityPercent: 94 }), `'availabilityPercent' must be between 95 and 99.999, got 94; ${bounds}`],
    ['little is to be fast', add({ latency: Duration.millis(300), latencyPercent: 50 }), `'latencyPercent' must be between 95 and 99.999, got 50; ${bounds}`],
    ['no failure counts', add({ ...AVAILABLE, fewestFailures: 0 }), "'fewestFailures' must be between 1 and 1000000, got 0; ten keep a quiet night quiet (at Stack/Orders)"],
    ['latency is longer than a request may take', add({ latency: Duration.seconds(30) }), "'latency' must be 1 millisecond or more, and less than 'maxRequestTime', got "
      + '30000 of 30000 milliseconds; what takes longer than that is not answered at all (at Stack/Orders)'],
    ['latency is nothing', add({ latency: Duration.millis(0) }), "'latency' must be 1 millisecond or more, and less than 'maxRequestTime', got 0 of 30000 milliseconds; "
      + 'what takes longer than that is not answered at all (at Stack/Orders)'],
    ['latency is known at deployment only', () => {
      const { service, stack } = createService({ routes: ROUTES });
      service.alarms.addSlo({ latency: Duration.millis(new CfnParameter(stack, 'Latency', { type: 'Number' }).valueAsNumber) });
    }, "'latency' must be known at synthesis, because it is a part of a statistic's name; pass a plain duration (at Stack/Orders)"],
    ['there is one already', () => {
      const { service } = createService({ routes: ROUTES });
      service.alarms.addSlo(AVAILABLE);
      service.alarms.addSlo(AVAILABLE);
    }, "'addSlo' can be called once, got a second objective: one request would burn two budgets; give both 'availabilityPercent' and 'latency' in one call (at Stack/Orders)"],
  ])('fails when %s', (_, act, message) => {
    expect(act).toThrow(message);
  });
});
