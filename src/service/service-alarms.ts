import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { IngressPlace } from './service-exposure';
import { IngressRole } from '../ingress/ingress-role';
import { AlarmMetric, createAlarm } from '../observability/alarm';

/** What the alarms of a service look at. */
export interface ServiceAlarmsProps {
  readonly actions: cloudwatch.IAlarmAction[];
  /** Without them nobody counts the tasks, and an alarm on their number would never fire. */
  readonly hasContainerInsights: boolean;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly maxRequestTime: Duration;
  /** One for each load balancer on which the service has a route. */
  readonly targets: MeasuredTarget[];
}

/** A place behind a load balancer as CloudWatch names it. */
export interface MeasuredTarget {
  readonly role: IngressRole;
  readonly loadBalancer: string;
  readonly targetGroup: string;
}

/** In percent of the requests. */
const TOLERATED_ERRORS = 5;
/** Below this number of requests a minute, a percentage says nothing. */
const ENOUGH_REQUESTS = 10;

/** The alarms that every production service has: is it up, do its targets answer, does it fail, is it slow. */
export function createServiceAlarms(scope: Construct, props: ServiceAlarmsProps): void {
  if (props.hasContainerInsights) alarmOnRunningTasks(scope, props);
  for (const target of props.targets) {
    const place = target.role === IngressRole.PUBLIC ? scope : new Construct(scope, target.role);
    unhealthyHosts(place, props, target);
    serverErrors(place, props, target);
    latency(place, props, target);
  }
}

/** Who runs fewer tasks than are wanted. It needs Container Insights. */
export function alarmOnRunningTasks(scope: Construct, props: Pick<ServiceAlarmsProps, 'actions' | 'clusterName' | 'serviceName'>): void {
  const metric = (name: string): AlarmMetric => ({
    namespace: 'ECS/ContainerInsights', name, statistic: 'Average', dimensions: { ClusterName: props.clusterName, ServiceName: props.serviceName },
  });
  createAlarm(scope, 'RunningTasksAlarm', props.actions, {
    description: 'Fewer tasks run than are wanted, for ten minutes. Look at the events of the service and the reason of its stopped tasks first.',
    metrics: { desired: metric('DesiredTaskCount'), running: metric('RunningTaskCount') },
    expression: 'desired - running',
    threshold: 0,
    minutes: 10,
    of: 10,
  });
}

/** The name of a place in CloudWatch. */
export function measuredTarget({ role, ingress, targetGroup }: IngressPlace): MeasuredTarget {
  return { role, loadBalancer: ingress.loadBalancerFullName, targetGroup: targetGroup.attrTargetGroupFullName };
}

function targetMetric(target: MeasuredTarget, name: string, statistic: string): AlarmMetric {
  return { namespace: 'AWS/ApplicationELB', name, statistic, dimensions: { LoadBalancer: target.loadBalancer, TargetGroup: target.targetGroup } };
}

function unhealthyHosts(scope: Construct, props: ServiceAlarmsProps, target: MeasuredTarget): void {
  createAlarm(scope, 'UnhealthyHostsAlarm', props.actions, {
    description: 'The load balancer finds tasks unhealthy, for five minutes. Look at the health check path in the log of the tasks first.',
    metrics: { unhealthy: targetMetric(target, 'UnHealthyHostCount', 'Maximum') },
    expression: 'unhealthy',
    threshold: 0,
    minutes: 5,
    of: 5,
  });
}

function serverErrors(scope: Construct, props: ServiceAlarmsProps, target: MeasuredTarget): void {
  createAlarm(scope, 'ServerErrorsAlarm', props.actions, {
    description: `More than ${TOLERATED_ERRORS} % of the requests end in a server error. Look for errors in the log of the service and at its last deployment first.`,
    metrics: { errors: targetMetric(target, 'HTTPCode_Target_5XX_Count', 'Sum'), requests: targetMetric(target, 'RequestCount', 'Sum') },
    expression: `IF(requests >= ${ENOUGH_REQUESTS}, 100 * FILL(errors, 0) / requests, 0)`,
    threshold: TOLERATED_ERRORS,
    minutes: 3,
    of: 5,
  });
}

function latency(scope: Construct, props: ServiceAlarmsProps, target: MeasuredTarget): void {
  createAlarm(scope, 'LatencyAlarm', props.actions, {
    description: "One request in a hundred takes longer than half of the service's 'maxRequestTime'. Look at its CPU and at the services that it calls first.",
    metrics: { latency: targetMetric(target, 'TargetResponseTime', 'p99') },
    expression: 'latency * 2',
    threshold: props.maxRequestTime.toSeconds(),
    minutes: 3,
    of: 5,
  });
}
