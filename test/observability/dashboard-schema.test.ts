import { dashboardProblems } from '../util/dashboard-schema';

/** A body with one graph, and one thing about it changed. */
function bodyWith(change: (graph: any, body: any) => void): unknown {
  const graph = {
    type: 'metric',
    x: 0,
    y: 0,
    width: 12,
    height: 6,
    properties: { region: 'eu-south-1', metrics: [['AWS/ECS', 'CPUUtilization', 'ClusterName', 'shop', { stat: 'p99', id: 'cpu' }]] as any[] },
  };
  const body = { widgets: [graph] as any[], start: '-PT3H' };
  change(graph, body);
  return body;
}

describe('the check of dashboards', () => {
  test('finds nothing in a body that is right', () => {
    expect(dashboardProblems(bodyWith(() => {}))).toEqual([]);
  });

  test.each<[string, (graph: any, body: any) => void]>([
    ['body.widgets[0].width is no whole number from 1 to 24', (graph) => graph.width = 25],
    ['widgets[0] ends beyond the 24 columns', (graph) => graph.x = 13],
    ['body.widgets[0] has no properties', (graph) => delete graph.properties],
    ['body.widgets[0].type is none of metric, text, log, alarm: "graph"', (graph) => graph.type = 'graph'],
    ['widgets[0].properties has no region', (graph) => delete graph.properties.region],
    ['widgets[0].properties has the unknown property titel', (graph) => graph.properties.titel = 'CPU'],
    ['widgets[0].properties.period is no multiple of 60', (graph) => graph.properties.period = 90],
    ['widgets[0].properties.metrics[0] has dimensions without values, or no name', (graph) => graph.properties.metrics[0].splice(3, 1)],
    ['widgets[0].properties.metrics[0][4].stat is no statistic: "avg"', (graph) => graph.properties.metrics[0][4].stat = 'avg'],
    ['widgets[0] uses memory, which is none of its ids', (graph) => graph.properties.metrics.push([{ expression: 'cpu + memory' }])],
    ['widgets[0] has the id cpu twice', (graph) => graph.properties.metrics.push(graph.properties.metrics[0])],
    ['widgets[0] overlaps widgets[1]', (graph, body) => body.widgets.push({ ...graph, x: 6 })],
    ['body.start is no time before now: "3h"', (_, body) => body.start = '3h'],
    ['widgets[1].properties.query is no query with its sources first: "fields @message"', (_, body) => body.widgets.push({
      type: 'log', x: 12, y: 0, width: 12, height: 6, properties: { region: 'eu-south-1', query: 'fields @message' },
    })],
    ['widgets[1].properties.alarms has 0 items, not 1 to 100', (_, body) => body.widgets.push({
      type: 'alarm', x: 12, y: 0, width: 12, height: 6, properties: { alarms: [] },
    })],
  ])('finds that %s', (problem, change) => {
    expect(dashboardProblems(bodyWith(change))).toContain(problem);
  });
});
