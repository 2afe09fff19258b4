import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Stack } from 'aws-cdk-lib/core';
import { ClusterProfile, FargateCluster } from '../../src';
import { dashboardBodies } from '../util/dashboard-bodies';
import { dashboardProblems } from '../util/dashboard-schema';
import { createCluster, createStack } from '../util/fixtures';

const CLUSTERS: Record<string, (stack: Stack) => FargateCluster> = {
  'without a load balancer': (stack) => createCluster(stack),
  'with a public load balancer': (stack) => {
    const cluster = createCluster(stack);
    cluster.publicIngress();
    return cluster;
  },
  'with two load balancers': (stack) => {
    const cluster = createCluster(stack);
    cluster.publicIngress();
    cluster.internalIngress();
    return cluster;
  },
  'without Container Insights': (stack) => createCluster(stack, { containerInsights: ecs.ContainerInsights.DISABLED }),
};

function widgetsOf(name: string): any[] {
  const stack = createStack();
  CLUSTERS[name](stack);
  return dashboardBodies(Template.fromStack(stack))[0].widgets;
}

const titlesOf = (widgets: any[]) => widgets.map(({ properties }) => properties.title ?? properties.markdown);

describe('dashboard of a cluster', () => {
  test.each(Object.keys(CLUSTERS))('has a body as CloudWatch documents it: %s', (name) => {
    const stack = createStack();
    CLUSTERS[name](stack);
    const bodies = dashboardBodies(Template.fromStack(stack));
    expect(bodies.map(dashboardProblems)).toEqual([[]]);
  });

  test('answers from top to bottom, and shows requests once there is a load balancer', () => {
    expect(titlesOf(widgetsOf('without a load balancer'))).toEqual([
      '## Is it up?', 'Tasks that run', 'Tasks that are wanted',
      '## Is it full?', 'CPU (percent)', 'Memory (percent)',
      '## What changed?', 'Deployments (more than one: in progress)', 'Tasks that start',
    ]);
    expect(titlesOf(widgetsOf('with a public load balancer')).slice(0, 8)).toEqual([
      '## Is it up?', 'Tasks that run', 'Tasks that are wanted', 'Unhealthy tasks',
      '## Is it slow, does it fail?', 'Requests a minute', 'Server errors a minute', 'Latency, 99 of 100 (seconds)',
    ]);
  });

  test('shows both load balancers where there are two', () => {
    const titles = titlesOf(widgetsOf('with two load balancers'));
    expect(titles.filter((title) => title.endsWith(', from the internet'))).toHaveLength(4);
    expect(titles.filter((title) => title.endsWith(', from inside'))).toHaveLength(4);
  });

  test('shows nothing that nobody measures', () => {
    expect(titlesOf(widgetsOf('without Container Insights'))).toEqual(['## Is it full?', 'CPU (percent)', 'Memory (percent)']);
  });

  test('searches by the name of the cluster, and places its graphs side by side', () => {
    const [, first, second] = widgetsOf('without a load balancer');
    expect(first.properties.metrics).toEqual([[{
      id: 'found',
      label: "${PROP('Dim.ServiceName')}",
      expression: expect.stringMatching(
        /^SEARCH\('\{ECS\/ContainerInsights,ClusterName,ServiceName\} ClusterName="<Platform\w+>" MetricName="RunningTaskCount"', 'Average', 60\)$/),
    }]]);
    expect([first.x, first.y, second.x, second.y]).toEqual([0, 1, 12, 1]);
  });

  test('is not made in development', () => {
    const stack = createStack();
    createCluster(stack, { profile: ClusterProfile.DEVELOPMENT });
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});
