import { Stack } from 'aws-cdk-lib/core';
import { queueMetric } from './backlog-metrics';
import type { BoundQueue } from './bound-queue';
import type { Answers, GraphPanel } from '../observability/board';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { mostTasks } from '../observability/most-tasks';
import { watch } from '../observability/watched';
import { APPLICATION_STREAMS, deploymentsGraphs, MeasuredTasks, servicePages, tasksGraph, utilisationGraphs } from '../observability/workload-metrics';

/** A worker that dashboards show. */
interface ShownWorker extends MeasuredTasks {
  readonly taskDefinitionArn: string;
  /** Asked for at synthesis, because queues may be added. */
  readonly queues: () => BoundQueue[];
}

type Label = (title: string) => string;

/** Lets dashboards and stored queries show a worker. */
export function showWorker(worker: IWatchedWorkload, shown: ShownWorker): void {
  watch(worker, {
    kind: 'worker',
    logGroup: worker.logGroup,
    streams: () => [APPLICATION_STREAMS],
    pages: servicePages(shown, Stack.of(worker).region),
    version: shown.taskDefinitionArn,
    answers: (label) => answersOf(worker, shown, label),
  });
}

function answersOf(worker: IWatchedWorkload, shown: ShownWorker, label: Label): Answers {
  const queues = shown.queues();
  const named = (queue: BoundQueue): Label => (title) => label(queues.length === 1 ? title : `${title}, ${queue === queues[0] ? 'first queue' : queue.scope.node.id}`);
  return {
    up: [tasksGraph(shown, label, mostTasks(worker)), ...queues.flatMap((queue) => deadLetterGraphs(queue, named(queue)))],
    slow: queues.flatMap((queue) => [backlogGraph(queue, named(queue)), ageGraph(queue, named(queue)), doneGraph(queue, named(queue))]),
    full: utilisationGraphs(shown, label),
    changed: deploymentsGraphs(shown, label),
  };
}

function deadLetterGraphs({ deadLetterQueue }: BoundQueue, label: Label): GraphPanel[] {
  if (deadLetterQueue === undefined) return [];
  return [{ title: label('Messages given up'), lines: [{ label: 'in the dead-letter queue', metric: queueMetric(deadLetterQueue, 'ApproximateNumberOfMessagesVisible', 'Maximum') }] }];
}

function backlogGraph({ queue }: BoundQueue, label: Label): GraphPanel {
  return {
    title: label('Messages'),
    lines: [
      { label: 'waiting', metric: queueMetric(queue, 'ApproximateNumberOfMessagesVisible', 'Maximum') },
      { label: 'worked on', metric: queueMetric(queue, 'ApproximateNumberOfMessagesNotVisible', 'Maximum') },
    ],
  };
}

function ageGraph({ queue, maxAge }: BoundQueue, label: Label): GraphPanel {
  return {
    title: label('Age of the oldest message (seconds)'),
    lines: [{ label: 'age', metric: queueMetric(queue, 'ApproximateAgeOfOldestMessage', 'Maximum') }],
    levels: [{ label: 'as old as one may get', value: maxAge }],
  };
}

/** Less done than came: the backlog grows. */
function doneGraph({ queue }: BoundQueue, label: Label): GraphPanel {
  return {
    title: label('Messages a minute'),
    lines: [
      { label: 'came', metric: queueMetric(queue, 'NumberOfMessagesSent', 'Sum') },
      { label: 'done', metric: queueMetric(queue, 'NumberOfMessagesDeleted', 'Sum') },
    ],
  };
}
