import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Stack } from 'aws-cdk-lib/core';
import type { Answers, GraphPanel } from '../observability/board';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { watch } from '../observability/watched';
import { APPLICATION_STREAMS, durationGraph, executionsGraph } from '../observability/workload-metrics';

/** A task that dashboards show. */
interface ShownTask {
  readonly clusterName: string;
  readonly family: string;
  readonly taskDefinitionArn: string;
  readonly hasContainerInsights: boolean;
  readonly stateMachine?: sfn.IStateMachine;
}

type Label = (title: string) => string;

/** Lets dashboards and stored queries show a task. */
export function showTask(task: IWatchedWorkload, shown: ShownTask): void {
  const { region } = Stack.of(task);
  const { clusterName, family, stateMachine } = shown;
  watch(task, {
    kind: 'task',
    logGroup: task.logGroup,
    streams: () => [APPLICATION_STREAMS],
    pages: {
      tasks: `ecs/v2/clusters/${clusterName}/tasks?region=${region}`,
      revisions: `ecs/v2/task-definitions/${family}?region=${region}`,
      ...stateMachine && { runs: `states/home?region=${region}#/statemachines/view/${stateMachine.stateMachineArn}` },
    },
    version: shown.taskDefinitionArn,
    answers: (label) => answersOf(shown, label),
  });
}

function answersOf(shown: ShownTask, label: Label): Answers {
  const arn = shown.stateMachine?.stateMachineArn;
  return {
    up: arn === undefined ? [] : [executionsGraph(arn, label)],
    slow: arn === undefined ? [] : [durationGraph(arn, label)],
    full: shown.hasContainerInsights ? [usedGraph(shown, label, 'CPU', 'Cpu'), usedGraph(shown, label, 'Memory', 'Memory')] : [],
    changed: [],
  };
}

/** Only Container Insights measures tasks without a service: all that run at a time together. */
function usedGraph({ clusterName, family }: ShownTask, label: Label, what: string, name: string): GraphPanel {
  const metric = (kind: string) => ({
    namespace: 'ECS/ContainerInsights', name: `${name}${kind}`, statistic: 'Sum', dimensions: { ClusterName: clusterName, TaskDefinitionFamily: family },
  });
  return {
    title: label(`${what} (percent of what the tasks have)`),
    lines: [
      { id: 'used', hidden: true, metric: metric('Utilized') },
      { id: 'reserved', hidden: true, metric: metric('Reserved') },
      { id: 'percent', label: 'used', expression: '100 * used / reserved' },
    ],
    levels: [{ label: 'all', value: 100 }],
  };
}
