import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { measuredMetric } from '../observability/measured-metric';
import { insightsMetric, type MeasuredTasks, serviceMetric } from '../observability/task-metrics';
import { fail } from '../private/fail';

/** A worker as CloudWatch names it. */
interface MeasuredWorker extends MeasuredTasks {
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * What CloudWatch knows of a worker and of the queue that it was made with: for alarms and dashboards of your own. Get it from `worker.metrics`.
 *
 * A metric creates nothing and costs nothing by itself. Each has the period of one minute unless the options say otherwise. Queues that were added have theirs on what
 * `addQueue` returns.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export class WorkerMetrics {
  /** @internal */
  public static _create(scope: IConstruct, worker: MeasuredWorker): WorkerMetrics {
    return new WorkerMetrics(scope, worker);
  }

  private constructor(private readonly scope: IConstruct, private readonly worker: MeasuredWorker) {
  }

  /** The CPU that the tasks use, in percent of what they have, by default on average. */
  public cpuUtilization(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return serviceMetric(this.worker, 'CPUUtilization', options);
  }

  /** The memory that the tasks use, in percent of what they have, by default on average. */
  public memoryUtilization(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return serviceMetric(this.worker, 'MemoryUtilization', options);
  }

  /** The number of tasks that run. The cluster must have Container Insights, which costs by the metric. */
  public runningTaskCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return insightsMetric(this.scope, this.worker, 'RunningTaskCount', 'runningTaskCount', options);
  }

  /** The number of tasks that should run. The cluster must have Container Insights, which costs by the metric. */
  public desiredTaskCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return insightsMetric(this.scope, this.worker, 'DesiredTaskCount', 'desiredTaskCount', options);
  }

  /**
   * The seconds that the oldest message has waited, by default the most. Of a queue that nobody has used for six hours there is none.
   *
   * @example
   * declare const mailer: EcsQueueWorker;
   * mailer.metrics.oldestMessageAge().createAlarm(this, 'VeryLate', { threshold: 7200, evaluationPeriods: 3 });
   */
  public oldestMessageAge(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofQueue(this.worker.queue, 'ApproximateAgeOfOldestMessage', { statistic: 'Maximum', ...options });
  }

  /** The messages that wait, by default the most at a time. */
  public waitingMessageCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofQueue(this.worker.queue, 'ApproximateNumberOfMessagesVisible', { statistic: 'Maximum', ...options });
  }

  /** The messages that were finished, by default their sum. */
  public finishedMessageCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofQueue(this.worker.queue, 'NumberOfMessagesDeleted', { statistic: 'Sum', ...options });
  }

  /** The messages in the dead-letter queue, by default the most at a time. An error where none is known. */
  public deadLetterCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    const queue = this.worker.deadLetterQueue ?? fail(this.scope, "'metrics.deadLetterCount' needs a dead-letter queue, got a queue of which none is known; name it in "
      + "'deadLetterQueue' of WorkerQueue.existing()");
    return this.ofQueue(queue, 'ApproximateNumberOfMessagesVisible', { statistic: 'Maximum', ...options });
  }

  private ofQueue({ queueName }: sqs.IQueue, metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return measuredMetric('AWS/SQS', metricName, { QueueName: queueName }, options);
  }
}
