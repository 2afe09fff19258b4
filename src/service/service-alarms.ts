import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { IngressPlace } from './service-exposure';
import { IngressRole } from '../ingress/ingress-role';
import { AlarmMetric, createAlarm } from '../observability/alarm';
import { alarmOnCpu, alarmOnMemory, alarmOnRunningTasks, WatchedTasks } from '../observability/running-alarms';

/** What the alarms of a service look at. */
export interface ServiceAlarmsProps extends WatchedTasks {
  readonly maxRequestTime: Duration;
  /** What scaling holds, in percent. */
  readonly cpuPercent?: number;
  readonly memoryPercent?: number;
  /** One for each load balancer on which the service has a route. */
  readonly targets: MeasuredTarget[];
}

/** A place behind a load balancer as CloudWatch names it. */
export interface MeasuredTarget {
  readonly role: IngressRole;
  readonly loadBalancer: string;
  readonly targetGroup: string;
  /** Where requests are shifted between two groups: the other one. Either may have the live requests. */
  readonly alternate?: string;
}

/** In percent of the requests. */
const TOLERATED_ERRORS = 5;
/** Below this number of requests a minute, a percentage says nothing. */
const ENOUGH_REQUESTS = 10;

/**
 * The alarms that every production service has: is it up, is it full, do its targets answer, does it fail, is it slow.
 *
 * Gives those that look at requests. They name target groups, which are there before the service, so that a deployment of it may wait for them; the
 * others name the service itself.
 */
export function createServiceAlarms(scope: Construct, props: ServiceAlarmsProps): cloudwatch.CfnAlarm[] {
  alarmOnRunningTasks(scope, props);
  alarmOnCpu(scope, props, props.cpuPercent);
  alarmOnMemory(scope, props, props.memoryPercent);
  return props.targets.flatMap((target) => {
    const place = target.role === IngressRole.PUBLIC ? scope : new Construct(scope, target.role);
    return [unhealthyHosts(place, props, target), serverErrors(place, props, target), latency(place, props, target)];
  });
}

/** The name of a place in CloudWatch. */
export function measuredTarget({ role, ingress, targetGroup, shifted }: IngressPlace): MeasuredTarget {
  return {
    role,
    loadBalancer: ingress.loadBalancerFullName,
    targetGroup: targetGroup.attrTargetGroupFullName,
    alternate: shifted?.alternate.attrTargetGroupFullName,
  };
}

/** A metric of the requests that its target group gets. */
export function targetMetric(target: MeasuredTarget, name: string, statistic: string): AlarmMetric {
  return { namespace: 'AWS/ApplicationELB', name, statistic, dimensions: { LoadBalancer: target.loadBalancer, TargetGroup: target.targetGroup } };
}

/** A metric of each group by itself: the errors of a version with a tenth of the requests must not drown in the other one's. */
interface WorstOfGroups {
  readonly metrics: Record<string, AlarmMetric>;
  readonly expression: string;
}

/** The expression names its metrics by `[id]`. */
function worstOf(target: MeasuredTarget, metrics: Record<string, [name: string, statistic: string]>, expression: string): WorstOfGroups {
  const of = (group: MeasuredTarget, suffix: string): WorstOfGroups => ({
    metrics: Object.fromEntries(Object.entries(metrics).map(([id, [name, statistic]]) => [`${id}${suffix}`, targetMetric(group, name, statistic)])),
    expression: expression.replace(/\[(\w+)\]/g, `$1${suffix}`),
  });
  const first = of(target, '');
  if (target.alternate === undefined) return first;
  const second = of({ ...target, targetGroup: target.alternate }, 'Alternate');
  return { metrics: { ...first.metrics, ...second.metrics }, expression: `MAX([${first.expression}, ${second.expression}])` };
}

function unhealthyHosts(scope: Construct, props: ServiceAlarmsProps, target: MeasuredTarget): cloudwatch.CfnAlarm {
  return createAlarm(scope, 'UnhealthyHostsAlarm', props.actions, {
    description: 'The load balancer finds tasks unhealthy, for five minutes. Look at the health check path in the log of the tasks first.',
    ...worstOf(target, { unhealthy: ['UnHealthyHostCount', 'Maximum'] }, target.alternate === undefined ? '[unhealthy]' : 'FILL([unhealthy], 0)'),
    threshold: 0,
    minutes: 5,
    of: 5,
  });
}

function serverErrors(scope: Construct, props: ServiceAlarmsProps, target: MeasuredTarget): cloudwatch.CfnAlarm {
  return createAlarm(scope, 'ServerErrorsAlarm', props.actions, {
    description: `More than ${TOLERATED_ERRORS} % of the requests end in a server error. Look for errors in the log of the service and at its last deployment first.`,
    ...worstOf(target, { errors: ['HTTPCode_Target_5XX_Count', 'Sum'], requests: ['RequestCount', 'Sum'] },
      target.alternate === undefined
        ? `IF([requests] >= ${ENOUGH_REQUESTS}, 100 * FILL([errors], 0) / [requests], 0)`
        : `IF(FILL([requests], 0) >= ${ENOUGH_REQUESTS}, 100 * FILL([errors], 0) / FILL([requests], 1), 0)`),
    threshold: TOLERATED_ERRORS,
    minutes: 3,
    of: 5,
  });
}

function latency(scope: Construct, props: ServiceAlarmsProps, target: MeasuredTarget): cloudwatch.CfnAlarm {
  return createAlarm(scope, 'LatencyAlarm', props.actions, {
    description: "One request in a hundred takes longer than half of the service's 'maxRequestTime'. Look at its CPU and at the services that it calls first.",
    ...worstOf(target, { latency: ['TargetResponseTime', 'p99'] }, target.alternate === undefined ? '[latency] * 2' : 'FILL([latency], 0) * 2'),
    threshold: props.maxRequestTime.toSeconds(),
    minutes: 3,
    of: 5,
  });
}
