import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** What the dashboard of a cluster shows. */
export interface ClusterDashboardProps {
  readonly clusterName: string;
  /** The full name of the shared load balancer, once there is one. */
  readonly loadBalancer: () => string | undefined;
}

const WIDTH = 12;
const HEIGHT = 6;

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
    dashboardBody: Lazy.string({ produce: () => stack.toJsonString({ widgets: renderWidgets(stack.region, props) }) }),
  });
}

function renderWidgets(region: string, { clusterName, loadBalancer }: ClusterDashboardProps): object[] {
  const name = loadBalancer();
  const rows = [
    [searchEcs('Tasks that run', 'RunningTaskCount', clusterName), searchEcs('Tasks that are wanted', 'DesiredTaskCount', clusterName)],
    ...name === undefined ? [] : [
      [searchTargets('Requests', 'RequestCount', 'Sum', name), searchTargets('Server errors', 'HTTPCode_Target_5XX_Count', 'Sum', name)],
      [searchTargets('Latency, slowest of a hundred (seconds)', 'TargetResponseTime', 'p99', name), searchTargets('Unhealthy tasks', 'UnHealthyHostCount', 'Maximum', name)],
    ],
    [utilisation('CPU (percent)', 'CPUUtilization', clusterName), utilisation('Memory (percent)', 'MemoryUtilization', clusterName)],
    [searchEcs('Deployments in progress', 'DeploymentCount', clusterName), searchEcs('Network received (bytes a second)', 'NetworkRxBytes', clusterName)],
  ];
  return rows.flatMap((row, y) => row.map((graph, x) => ({
    type: 'metric',
    x: x * WIDTH,
    y: y * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: { title: graph.title, region, view: 'timeSeries', stacked: false, period: 60, metrics: [[{ id: 'found', expression: graph.expression }]] },
  })));
}

interface Graph {
  readonly title: string;
  readonly expression: string;
}

function searchEcs(title: string, metric: string, cluster: string): Graph {
  return { title, expression: search('ECS/ContainerInsights', 'ClusterName,ServiceName', `ClusterName="${cluster}"`, metric, 'Average') };
}

function utilisation(title: string, metric: string, cluster: string): Graph {
  return { title, expression: search('AWS/ECS', 'ClusterName,ServiceName', `ClusterName="${cluster}"`, metric, 'Average') };
}

function searchTargets(title: string, metric: string, statistic: string, loadBalancer: string): Graph {
  return { title, expression: search('AWS/ApplicationELB', 'LoadBalancer,TargetGroup', `LoadBalancer="${loadBalancer}"`, metric, statistic) };
}

function search(namespace: string, dimensions: string, where: string, metric: string, statistic: string): string {
  return `SEARCH('{${namespace},${dimensions}} ${where} MetricName="${metric}"', '${statistic}', 60)`;
}
