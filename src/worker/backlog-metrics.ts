import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Tokenization } from 'aws-cdk-lib/core';
import type { AlarmMetric } from '../observability/alarm';

/** Whose tasks work on which queues. */
export interface BacklogProps {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly hasContainerInsights: boolean;
  /** Asked for at synthesis, because queues may be added. */
  readonly queues: () => sqs.IQueue[];
}

/** A number that metric math works out, and the metrics that it is worked out from. */
export interface MetricMath {
  readonly metrics: Record<string, AlarmMetric>;
  readonly expression: string;
}

/** An alarm takes ten metrics: the number of tasks, and two of each queue. */
export const MOST_QUEUES = 4;

export function queueMetric({ queueName }: sqs.IQueue, name: string, statistic: string): AlarmMetric {
  return { namespace: 'AWS/SQS', name, statistic, dimensions: { QueueName: queueName } };
}

/**
 * How many tasks there are.
 *
 * Container Insights has the number that the service is to have: target tracking multiplies with just that, so tasks that are about to start are not asked for
 * a second time, and tasks that cannot start do not ask for more of their kind. Without Container Insights each task sends its CPU utilisation once a minute,
 * and the number of samples is that of running tasks: a minute or two behind, and nothing at all where no task runs.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
function taskCount({ hasContainerInsights, clusterName, serviceName }: BacklogProps): AlarmMetric {
  const dimensions = { ClusterName: clusterName, ServiceName: serviceName };
  return hasContainerInsights
    ? { namespace: 'ECS/ContainerInsights', name: 'DesiredTaskCount', statistic: 'Average', dimensions }
    : { namespace: 'AWS/ECS', name: 'CPUUtilization', statistic: 'SampleCount', dimensions };
}

/**
 * All messages that nobody has finished: those that wait and those that are worked on.
 *
 * Where a metric is late there is no number, and nothing happens: what is not known is not empty. A queue that a task asks has metrics.
 */
export function unfinishedMessages({ queues }: Pick<BacklogProps, 'queues'>): MetricMath {
  const all = queues();
  const metrics = Object.fromEntries(all.flatMap((queue, index) => [
    [`waiting${index}`, queueMetric(queue, 'ApproximateNumberOfMessagesVisible', 'Maximum')],
    [`inwork${index}`, queueMetric(queue, 'ApproximateNumberOfMessagesNotVisible', 'Maximum')],
  ]));
  return { metrics, expression: Object.keys(metrics).join(' + ') };
}

/**
 * Messages for each task.
 *
 * Never less than what one task alone may have: so target tracking takes away all tasks but one, however it rounds, and the last task only goes when nothing
 * is worked on either.
 */
export function backlogPerTask(props: BacklogProps, target: number): MetricMath {
  const { metrics, expression } = unfinishedMessages(props);
  const least = Tokenization.stringifyNumber(target);
  return {
    metrics: { ...metrics, tasks: taskCount(props) },
    expression: `IF(${expression} > ${least}, ${expression}, ${least}) / IF(tasks > 1, tasks, 1)`,
  };
}

/**
 * Messages that wait while there is no task; 0 while there is one.
 *
 * Nobody asks the queues of a sleeping worker, and SQS sends no metrics of a queue that nobody has used for six hours. Another one may have messages.
 */
export function waitingForFirstTask(props: BacklogProps): MetricMath {
  const all = props.queues();
  const metrics = Object.fromEntries(all.map((queue, index) => [`waiting${index}`, queueMetric(queue, 'ApproximateNumberOfMessagesVisible', 'Maximum')]));
  const waiting = Object.keys(metrics).map((id) => `FILL(${id}, 0)`).join(' + ');
  return { metrics: { ...metrics, tasks: taskCount(props) }, expression: `IF(FILL(tasks, 0) < 1, ${waiting}, 0)` };
}
