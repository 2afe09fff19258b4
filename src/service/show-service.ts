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
import { APPLICATION_STREAMS, deploymentsGraphs, MeasuredTasks, servicePages, tasksGraph, utilisationGraphs } from '../observability/workload-metrics';

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
    streams: () => [APPLICATION_STREAMS],
    pages: servicePages(shown, Stack.of(service).region),
    version: shown.taskDefinitionArn,
    answers: (label) => answersOf(service, shown, label),
  });
}

function answersOf(service: IConstruct, shown: ShownService, label: Label): Answers {
  return {
    up: [tasksGraph(shown, label, mostTasks(service)), ...shown.targets.map((target) => healthGraph(shown, target, label))],
    slow: shown.targets.flatMap((target) => [requestsGraph, failuresGraph, latencyGraph].map((graph) => graph(shown, target, label))),
    full: utilisationGraphs(shown, label),
    changed: deploymentsGraphs(shown, label),
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

/** Where deployments shift requests, it shows which version answers them. */
function requestsGraph(shown: ShownService, target: MeasuredTarget, label: Label): GraphPanel {
  return { title: label(title(shown, target, 'Requests a minute')), lines: ofGroups(target, 'requests', 'RequestCount', 'Sum') };
}

/** In percent: beside all requests, a few that fail are not to be seen. */
function failuresGraph(shown: ShownService, target: MeasuredTarget, label: Label): GraphPanel {
  return {
    title: label(title(shown, target, 'Requests that fail (percent)')),
    lines: groupsOf(target).flatMap(({ suffix, which, targetGroup }) => [
      { id: `requests${suffix}`, hidden: true, metric: targetMetric(target, targetGroup, 'RequestCount', 'Sum') },
      ...[['server', '5XX'], ['client', '4XX']].flatMap(([side, status]) => [
        { id: `${side}${suffix}`, hidden: true, metric: targetMetric(target, targetGroup, `HTTPCode_Target_${status}_Count`, 'Sum') },
        { id: `${side}Percent${suffix}`, label: `${side} errors${which}`, expression: `100 * FILL(${side}${suffix}, 0) / requests${suffix}` },
      ]),
    ]),
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

/** A line of each target group: where requests are shifted, either may have them. */
function ofGroups(target: MeasuredTarget, label: string, name: string, statistic: string): GraphLine[] {
  return groupsOf(target).map(({ which, targetGroup }) => ({ label: `${label}${which}`, metric: targetMetric(target, targetGroup, name, statistic) }));
}

/** How its lines and their ids tell a target group from the other one, if there is one. */
function groupsOf({ targetGroup, alternate }: MeasuredTarget): { readonly which: string; readonly suffix: string; readonly targetGroup: string }[] {
  if (alternate === undefined) return [{ which: '', suffix: '', targetGroup }];
  return [{ which: ', first group', suffix: 'First', targetGroup }, { which: ', second group', suffix: 'Second', targetGroup: alternate }];
}

function targetMetric({ loadBalancer }: MeasuredTarget, targetGroup: string, name: string, statistic: string): AlarmMetric {
  return { namespace: 'AWS/ApplicationELB', name, statistic, dimensions: { LoadBalancer: loadBalancer, TargetGroup: targetGroup } };
}
