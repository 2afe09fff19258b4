import type { AlarmMetric } from './alarm';
import type { GraphPanel } from './board';

/** A service of ECS as CloudWatch names it. */
export interface MeasuredTasks {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly hasContainerInsights: boolean;
}

/** What the streams of an application begin with: of the driver of CloudWatch Logs, and of a log router. */
export const APPLICATION_STREAMS = 'ecs/App[-/]';

type Label = (title: string) => string;

const INSIGHTS = 'ECS/ContainerInsights';

function ofService({ clusterName, serviceName }: MeasuredTasks, namespace: string, name: string, statistic: string): AlarmMetric {
  return { namespace, name, statistic, dimensions: { ClusterName: clusterName, ServiceName: serviceName } };
}

/**
 * How many tasks run and should.
 *
 * Without Container Insights nobody counts them, but each sends its CPU utilisation once a minute.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
export function tasksGraph(service: MeasuredTasks, label: Label, most?: number): GraphPanel {
  const levels = most === undefined ? undefined : [{ label: 'most that scaling allows', value: most }];
  const lines = service.hasContainerInsights
    ? [
      { label: 'wanted', metric: ofService(service, INSIGHTS, 'DesiredTaskCount', 'Average') },
      { label: 'running', metric: ofService(service, INSIGHTS, 'RunningTaskCount', 'Average') },
      { label: 'starting', metric: ofService(service, INSIGHTS, 'PendingTaskCount', 'Average') },
    ]
    : [{ label: 'running', metric: ofService(service, 'AWS/ECS', 'CPUUtilization', 'SampleCount') }];
  return { title: label('Tasks'), lines, levels };
}

/** The busiest task shows what the average hides. */
export function utilisationGraphs(service: MeasuredTasks, label: Label): GraphPanel[] {
  return [['CPU (percent)', 'CPUUtilization'], ['Memory (percent)', 'MemoryUtilization']].map(([title, name]) => ({
    title: label(title),
    lines: ['Average', 'Maximum'].map((statistic) => ({ label: statistic.toLowerCase(), metric: ofService(service, 'AWS/ECS', name, statistic) })),
    levels: [{ label: 'all that a task has', value: 100 }],
  }));
}

/** More than one deployment: a new version is on its way. */
export function deploymentsGraphs(service: MeasuredTasks, label: Label): GraphPanel[] {
  if (!service.hasContainerInsights) return [];
  return [{ title: label('Deployments (more than one: in progress)'), lines: [{ label: 'deployments', metric: ofService(service, INSIGHTS, 'DeploymentCount', 'Average') }] }];
}

/** What a state machine has done. */
export function executionsGraph(stateMachineArn: string, label: Label): GraphPanel {
  const names: [string, string][] = [
    ['ExecutionsStarted', 'started'], ['ExecutionsSucceeded', 'succeeded'], ['ExecutionsFailed', 'failed'], ['ExecutionsTimedOut', 'timed out'], ['ExecutionsAborted', 'stopped'],
  ];
  return { title: label('Runs'), lines: names.map(([name, text]) => ({ label: text, metric: ofMachine(stateMachineArn, name, 'Sum') })) };
}

export function durationGraph(stateMachineArn: string, label: Label): GraphPanel {
  return {
    title: label('How long runs take (minutes)'),
    lines: [['typical', 'p50'], ['longest', 'Maximum']].flatMap(([text, statistic], index) => [
      { id: `ms${index}`, hidden: true, metric: ofMachine(stateMachineArn, 'ExecutionTime', statistic) },
      { id: `minutes${index}`, label: text, expression: `ms${index} / 60000` },
    ]),
  };
}

function ofMachine(stateMachineArn: string, name: string, statistic: string): AlarmMetric {
  return { namespace: 'AWS/States', name, statistic, dimensions: { StateMachineArn: stateMachineArn } };
}

/** What the console shows of a service. */
export function servicePages({ clusterName, serviceName }: MeasuredTasks, region: string): Record<string, string> {
  const service = `ecs/v2/clusters/${clusterName}/services/${serviceName}`;
  return { health: `${service}/health?region=${region}`, tasks: `${service}/tasks?region=${region}`, deployments: `${service}/deployments?region=${region}` };
}
