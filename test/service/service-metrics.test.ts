import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { ClusterProfile, ServiceMetrics, ServiceRoute } from '../../src';
import { createService } from '../util/fixtures';

const PUBLIC = ServiceRoute.internetFacing({ paths: ['/orders'] });
const INTERNAL = ServiceRoute.insideVpc({ paths: ['/orders'] });

/** What an alarm on the metric looks at. */
function alarmOn(measure: (metrics: ServiceMetrics) => cloudwatch.Metric, routes = [PUBLIC]) {
  const { stack, service, template } = createService({ routes });
  measure(service.metrics).createAlarm(stack, 'Mine', { threshold: 1, evaluationPeriods: 1 });
  const [, { Properties }] = Object.entries(template().findResources('AWS::CloudWatch::Alarm')).find(([id]) => id.startsWith('Mine'))!;
  const { Namespace, MetricName, Statistic, Period, Dimensions } = Properties;
  const names = Dimensions.map(({ Name }: { Name: string }) => Name);
  return { Namespace, MetricName, Statistic, Period, names, values: JSON.stringify(Dimensions) };
}

describe('service.metrics', () => {
  test.each<[string, string, string, (metrics: ServiceMetrics) => cloudwatch.Metric]>([
    ['AWS/ECS', 'CPUUtilization', 'Average', (metrics) => metrics.cpuUtilization()],
    ['AWS/ECS', 'MemoryUtilization', 'Average', (metrics) => metrics.memoryUtilization()],
    ['ECS/ContainerInsights', 'RunningTaskCount', 'Average', (metrics) => metrics.runningTaskCount()],
    ['ECS/ContainerInsights', 'DesiredTaskCount', 'Average', (metrics) => metrics.desiredTaskCount()],
  ])('measure the service: %s %s', (namespace, name, statistic, measure) => {
    expect(alarmOn(measure)).toMatchObject({
      Namespace: namespace, MetricName: name, Statistic: statistic, Period: 60, names: ['ClusterName', 'ServiceName'], values: expect.stringContaining('OrdersService'),
    });
  });

  test.each<[string, string, (metrics: ServiceMetrics) => cloudwatch.Metric]>([
    ['RequestCount', 'Sum', (metrics) => metrics.requestCount()],
    ['TargetResponseTime', 'Average', (metrics) => metrics.responseTime()],
    ['HTTPCode_Target_5XX_Count', 'Sum', (metrics) => metrics.serverErrorCount()],
    ['UnHealthyHostCount', 'Maximum', (metrics) => metrics.unhealthyHostCount()],
  ])('measure its place behind the load balancer: %s', (name, statistic, measure) => {
    expect(alarmOn(measure)).toMatchObject({
      Namespace: 'AWS/ApplicationELB', MetricName: name, Statistic: statistic, Period: 60, names: ['LoadBalancer', 'TargetGroup'],
    });
  });

  test('take the public load balancer of two, in any order of the routes, and the internal one where it is alone', () => {
    const both = alarmOn((metrics) => metrics.requestCount(), [INTERNAL, PUBLIC]).values;
    expect(both).toContain('PublicIngress');
    expect(alarmOn((metrics) => metrics.requestCount(), [PUBLIC, INTERNAL]).values).toBe(both);
    expect(alarmOn((metrics) => metrics.requestCount(), [INTERNAL]).values).toContain('InternalIngress');
  });

  test('take the options of the CDK, and create nothing', () => {
    expect(alarmOn((metrics) => metrics.responseTime({ statistic: 'Maximum', period: Duration.minutes(5) })))
      .toMatchObject({ Statistic: 'Maximum', Period: 300 });
    const { service, template } = createService({ routes: [PUBLIC] });
    const without = createService({ routes: [PUBLIC] }).template().toJSON();
    service.metrics.requestCount();
    expect(template().toJSON()).toEqual(without);
  });

  test('fail when nobody measures them', () => {
    const { service } = createService({}, ClusterProfile.DEVELOPMENT);
    expect(() => service.metrics.responseTime()).toThrow(new Error("'metrics.responseTime' needs a route of HTTP, because a load balancer measures it, got a service without "
      + "one; add 'routes', or use a metric of the application's own (at Stack/Orders)"));
    expect(() => service.metrics.runningTaskCount()).toThrow(new Error("'metrics.runningTaskCount' needs Container Insights, which the cluster has not, so nobody counts "
      + "its tasks; give the cluster 'containerInsights' (at Stack/Orders)"));
  });
});
