import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Answers, GraphPanel, renderBoard } from './board';

/** What the dashboard of a cluster shows. */
export interface ClusterDashboardProps {
  readonly clusterName: string;
  readonly hasContainerInsights: boolean;
  /** The full names of the shared load balancers, once there are any. */
  readonly loadBalancers: () => { readonly public?: string; readonly internal?: string };
}

/**
 * One dashboard for all services of a cluster, from top to bottom: is it up, is it slow, is it full, what changed.
 *
 * Services are found by a search for the cluster's name when the dashboard is looked at. So it knows services of other stacks and apps too, and no stack
 * refers to another one because of it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function createClusterDashboard(scope: Construct, props: ClusterDashboardProps): cloudwatch.CfnDashboard {
  const stack = Stack.of(scope);
  return new cloudwatch.CfnDashboard(scope, 'Dashboard', {
    dashboardBody: Lazy.string({ produce: () => stack.toJsonString(renderBoard(stack.region, undefined, answersOf(props))) }),
  });
}

function answersOf({ clusterName, hasContainerInsights, loadBalancers }: ClusterDashboardProps): Answers[] {
  const { public: outer, internal: inner } = loadBalancers();
  const several = outer !== undefined && inner !== undefined;
  const targets = [
    ...outer === undefined ? [] : [answersOfLoadBalancer(outer, several ? ', from the internet' : '')],
    ...inner === undefined ? [] : [answersOfLoadBalancer(inner, several ? ', from inside' : '')],
  ];
  const insights = (title: string, metric: string) => (
    hasContainerInsights ? [searchServices(title, 'ECS/ContainerInsights', metric, clusterName)] : []
  );
  const own: Answers = {
    up: [...insights('Tasks that run', 'RunningTaskCount'), ...insights('Tasks that are wanted', 'DesiredTaskCount')],
    slow: [],
    full: [
      searchServices('CPU (percent)', 'AWS/ECS', 'CPUUtilization', clusterName),
      searchServices('Memory (percent)', 'AWS/ECS', 'MemoryUtilization', clusterName),
    ],
    changed: [
      ...insights('Deployments (more than one: in progress)', 'DeploymentCount'), ...insights('Tasks that start', 'PendingTaskCount'),
    ],
  };
  return [own, ...targets];
}

function answersOfLoadBalancer(loadBalancer: string, which: string): Answers {
  const graph = (title: string, metric: string, statistic: string) => searchTargets(`${title}${which}`, metric, statistic, loadBalancer);
  return {
    up: [graph('Unhealthy tasks', 'UnHealthyHostCount', 'Maximum')],
    slow: [
      graph('Requests a minute', 'RequestCount', 'Sum'),
      graph('Server errors a minute', 'HTTPCode_Target_5XX_Count', 'Sum'),
      graph('Latency, 99 of 100 (seconds)', 'TargetResponseTime', 'p99'),
    ],
    full: [],
    changed: [],
  };
}

function searchServices(title: string, namespace: string, metric: string, cluster: string): GraphPanel {
  return search(title, `{${namespace},ClusterName,ServiceName} ClusterName="${cluster}" MetricName="${metric}"`, 'Average', 'ServiceName');
}

function searchTargets(title: string, metric: string, statistic: string, loadBalancer: string): GraphPanel {
  return search(title, `{AWS/ApplicationELB,LoadBalancer,TargetGroup} LoadBalancer="${loadBalancer}" MetricName="${metric}"`, statistic, 'TargetGroup');
}

/** Each line that is found has the name of what it measures. */
function search(title: string, query: string, statistic: string, dimension: string): GraphPanel {
  return { title, lines: [{ id: 'found', label: `\${PROP('Dim.${dimension}')}`, expression: `SEARCH('${query}', '${statistic}', 60)` }] };
}
