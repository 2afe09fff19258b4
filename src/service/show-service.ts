import { Stack } from 'aws-cdk-lib/core';
import type { Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { MeasuredTarget } from './service-alarms';
import { IngressRole } from '../ingress/ingress-role';
import type { AlarmMetric } from '../observability/alarm';
import type { Answers, GraphLine, GraphPanel } from '../observability/board';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { mostTasks } from '../observability/most-tasks';
import { watch } from '../observability/watched';
import { deploymentsGraphs, MeasuredTasks, servicePages, tasksGraph, utilisationGraphs } from '../observability/workload-metrics';

/** A service that dashboards show. */
interface ShownService extends MeasuredTasks {
  readonly taskDefinitionArn: string;
  readonly maxRequestTime: Duration;
  readonly targets: MeasuredTarget[];
}

type Label = (title: string) => string;

/** Lets dashboards and stored queries show a service. */
export function showService(service: IWatchedWorkload, shown: ShownService): void {
  watch(service, {
    kind: 'service',
    logGroup: service.logGroup,
    streams: () => ['ecs/App/'],
    pages: servicePages(shown, Stack.of(service).region),
    version: shown.taskDefinitionArn,
    answers: (label) => answersOf(service, shown, label),
  });
}

function answersOf(service: IConstruct, shown: ShownService, label: Label): Answers {
  return {
    up: [tasksGraph(shown, label, mostTasks(service)), ...shown.targets.map((target) => healthGraph(shown, target, label))],
    slow: shown.targets.flatMap((target) => [requestsGraph(shown, target, label), latencyGraph(shown, target, label)]),
    full: utilisationGraphs(shown, label),
    changed: [...deploymentsGraphs(shown, label), ...shown.targets.flatMap((target) => shiftGraphs(shown, target, label))],
  };
}

/** Which load balancer it is stands in the title where there are two. */
function title({ targets }: ShownService, { role }: MeasuredTarget, text: string): string {
  if (targets.length === 1) return text;
  return `${text}, ${role === IngressRole.PUBLIC ? 'from the internet' : 'from inside'}`;
}

function healthGraph(shown: ShownService, target: MeasuredTarget, label: Label): GraphPanel {
  return {
    title: label(title(shown, target, 'Tasks behind the load balancer')),
    lines: [...ofGroups(target, 'healthy', 'HealthyHostCount', 'Minimum'), ...ofGroups(target, 'unhealthy', 'UnHealthyHostCount', 'Maximum')],
  };
}

function requestsGraph(shown: ShownService, target: MeasuredTarget, label: Label): GraphPanel {
  return {
    title: label(title(shown, target, 'Requests a minute, and those that failed')),
    lines: [
      ...ofGroups(target, 'requests', 'RequestCount', 'Sum'),
      ...ofGroups(target, 'server errors', 'HTTPCode_Target_5XX_Count', 'Sum'),
      ...ofGroups(target, 'client errors', 'HTTPCode_Target_4XX_Count', 'Sum'),
    ],
  };
}

function latencyGraph(shown: ShownService, target: MeasuredTarget, label: Label): GraphPanel {
  const { maxRequestTime } = shown;
  return {
    title: label(title(shown, target, 'Latency (seconds)')),
    lines: [['half of all', 'p50'], ['nine of ten', 'p90'], ['99 of 100', 'p99']].flatMap(([text, statistic]) => ofGroups(target, text, 'TargetResponseTime', statistic)),
    levels: maxRequestTime.isUnresolved() ? undefined : [{ label: "half of 'maxRequestTime'", value: maxRequestTime.toSeconds() / 2 }],
  };
}

/** Where deployments shift requests, which version answers them. */
function shiftGraphs(shown: ShownService, target: MeasuredTarget, label: Label): GraphPanel[] {
  if (target.alternate === undefined) return [];
  return [{ title: label(title(shown, target, 'Requests by target group: a shift moves them')), lines: ofGroups(target, 'requests', 'RequestCount', 'Sum') }];
}

/** A line of each target group: where requests are shifted, either may have them. */
function ofGroups(target: MeasuredTarget, label: string, name: string, statistic: string): GraphLine[] {
  const metric = (targetGroup: string): AlarmMetric => ({
    namespace: 'AWS/ApplicationELB', name, statistic, dimensions: { LoadBalancer: target.loadBalancer, TargetGroup: targetGroup },
  });
  return target.alternate === undefined
    ? [{ label, metric: metric(target.targetGroup) }]
    : [{ label: `${label}, first group`, metric: metric(target.targetGroup) }, { label: `${label}, second group`, metric: metric(target.alternate) }];
}
