import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Token, Tokenization } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { AlarmMetric, createAlarm } from './alarm';

/** Whose tasks are watched: a service or a worker. */
export interface WatchedTasks {
  readonly actions: cloudwatch.IAlarmAction[];
  readonly clusterName: string;
  readonly serviceName: string;
  /** Without them nobody counts the tasks, and an alarm on their number would never fire. */
  readonly hasContainerInsights: boolean;
}

/** In percent, where scaling holds nothing that it could follow from. */
const FULL = 90;
/** In minutes: longer than scaling takes to bring more tasks. */
const PATIENCE = 15;

/** Who runs fewer tasks than are wanted. It needs Container Insights. */
export function alarmOnRunningTasks(scope: Construct, tasks: WatchedTasks): void {
  if (!tasks.hasContainerInsights) return;
  createAlarm(scope, 'RunningTasksAlarm', tasks.actions, {
    description: 'Fewer tasks run than are wanted, for ten minutes. Look first at the events of the service and at the reason of its stopped tasks.',
    metrics: {
      desired: metricOf(tasks, 'ECS/ContainerInsights', 'DesiredTaskCount', 'Average'),
      running: metricOf(tasks, 'ECS/ContainerInsights', 'RunningTaskCount', 'Average'),
    },
    expression: 'desired - running',
    threshold: 0,
    minutes: 10,
    of: 10,
  });
}

/** Whose tasks are so busy that scaling cannot help, or has not helped. A worker is as busy as its queue wants it: its age tells. */
export function alarmOnCpu(scope: Construct, tasks: WatchedTasks, held?: number): void {
  createAlarm(scope, 'CpuAlarm', tasks.actions, {
    description: `The tasks use more than ${amount(held)} of their CPU on average, for ${PATIENCE} minutes: scaling does not help, or has no more tasks to add. Look first `
      + "whether as many tasks run as its 'max' allows; then raise it or the size, or find what has made the requests expensive.",
    metrics: { cpu: metricOf(tasks, 'AWS/ECS', 'CPUUtilization', 'Average') },
    ...limit('cpu', held),
    minutes: PATIENCE,
    of: PATIENCE,
  });
}

/** Before the kernel kills a task for its memory. Of the task that has the most: one that leaks is not to hide behind the others. */
export function alarmOnMemory(scope: Construct, tasks: WatchedTasks, held?: number): void {
  createAlarm(scope, 'MemoryAlarm', tasks.actions, {
    description: `A task uses more than ${amount(held)} of its memory, for ${PATIENCE} minutes, and is killed when it has none left (exit code 137). Look first whether its `
      + 'memory grows since the last deployment, which is a leak; otherwise give it a larger size.',
    metrics: { memory: metricOf(tasks, 'AWS/ECS', 'MemoryUtilization', 'Maximum') },
    ...limit('memory', held),
    minutes: PATIENCE,
    of: PATIENCE,
  });
}

/** Half-way between what scaling holds and all there is. A number that is not known at synthesis is calculated with by CloudWatch. */
function limit(metric: string, held?: number): { readonly expression: string; readonly threshold: number } {
  if (held === undefined) return { expression: metric, threshold: FULL };
  if (Token.isUnresolved(held)) return { expression: `2 * ${metric} - ${Tokenization.stringifyNumber(held)}`, threshold: 100 };
  return { expression: metric, threshold: halfWay(held) };
}

function amount(held?: number): string {
  return held !== undefined && Token.isUnresolved(held) ? 'half-way between what scaling holds and all' : `${held === undefined ? FULL : halfWay(held)} %`;
}

const halfWay = (held: number) => (held + 100) / 2;

function metricOf({ clusterName, serviceName }: WatchedTasks, namespace: string, name: string, statistic: string): AlarmMetric {
  return { namespace, name, statistic, dimensions: { ClusterName: clusterName, ServiceName: serviceName } };
}
