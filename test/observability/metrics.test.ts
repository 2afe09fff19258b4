import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import {
  ClusterNetwork, ClusterProfile, EcsBatchPipeline, EcsQueueWorker, EcsTask, FargateCluster, FargateClusterProps, RunMetrics, WorkerMetrics,
  WorkerQueue,
} from '../../src';
import { createStack, IMAGE, importedVpc } from '../util/fixtures';

function clusterOf(props: FargateClusterProps = {}) {
  const stack = createStack();
  return { stack, cluster: new FargateCluster(stack, 'Platform', { network: ClusterNetwork.existing(importedVpc(stack)), ...props }) };
}

/** A metric as an alarm would name it. */
function named(metric: cloudwatch.Metric) {
  const { namespace, metricName, statistic, dimensions, period } = metric.toMetricConfig().metricStat!;
  return { namespace, metricName, statistic, dimensions: dimensions!.map(({ name }) => name), seconds: period.toSeconds() };
}

describe('EcsQueueWorker metrics', () => {
  const create = (props: FargateClusterProps = {}, queue?: WorkerQueue) => {
    const { stack, cluster } = clusterOf(props);
    return new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE, queue }).metrics;
  };

  test.each<[string, (metrics: WorkerMetrics) => cloudwatch.Metric, string, string, string, string[]]>([
    ['CPU', (metrics) => metrics.cpuUtilization(), 'AWS/ECS', 'CPUUtilization', 'Average', ['ClusterName', 'ServiceName']],
    ['memory', (metrics) => metrics.memoryUtilization(), 'AWS/ECS', 'MemoryUtilization', 'Average', ['ClusterName', 'ServiceName']],
    ['running', (metrics) => metrics.runningTaskCount(), 'ECS/ContainerInsights', 'RunningTaskCount', 'Average', ['ClusterName', 'ServiceName']],
    ['desired', (metrics) => metrics.desiredTaskCount(), 'ECS/ContainerInsights', 'DesiredTaskCount', 'Average', ['ClusterName', 'ServiceName']],
    ['age', (metrics) => metrics.oldestMessageAge(), 'AWS/SQS', 'ApproximateAgeOfOldestMessage', 'Maximum', ['QueueName']],
    ['waiting', (metrics) => metrics.waitingMessageCount(), 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', ['QueueName']],
    ['finished', (metrics) => metrics.finishedMessageCount(), 'AWS/SQS', 'NumberOfMessagesDeleted', 'Sum', ['QueueName']],
    ['dead', (metrics) => metrics.deadLetterCount(), 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', ['QueueName']],
  ])('%s', (_, of, namespace, metricName, statistic, dimensions) => {
    expect(named(of(create()))).toEqual({ namespace, metricName, statistic, dimensions, seconds: 60 });
  });

  test('may be looked at otherwise', () => {
    const metric = create().oldestMessageAge({ period: Duration.minutes(5), statistic: 'Average', dimensionsMap: { QueueName: 'other' } });
    expect(named(metric)).toMatchObject({ statistic: 'Average', seconds: 300, dimensions: ['QueueName'] });
    expect(metric.dimensions!.QueueName).not.toBe('other');
  });

  test('fails when nobody counts the tasks, or no dead-letter queue is known', () => {
    expect(() => create({ containerInsights: ecs.ContainerInsights.DISABLED }).desiredTaskCount()).toThrow(
      "'metrics.desiredTaskCount' needs Container Insights, which the cluster has not, so nobody counts its tasks; give the cluster 'containerInsights' (at Stack/Mailer)",
    );
    const { stack, cluster } = clusterOf();
    const queue = WorkerQueue.existing(sqs.Queue.fromQueueArn(stack, 'Existing', 'arn:aws:sqs:us-east-1:123456789012:q'));
    expect(() => new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE, queue }).metrics.deadLetterCount()).toThrow(
      "'metrics.deadLetterCount' needs a dead-letter queue, got a queue of which none is known; name it in 'deadLetterQueue' of WorkerQueue.existing() (at Stack/Mailer)",
    );
  });
});

describe('metrics of runs', () => {
  const METRICS: [string, (metrics: RunMetrics) => cloudwatch.Metric, string, string][] = [
    ['started', (metrics) => metrics.startedCount(), 'ExecutionsStarted', 'Sum'],
    ['succeeded', (metrics) => metrics.succeededCount(), 'ExecutionsSucceeded', 'Sum'],
    ['failed', (metrics) => metrics.failedCount(), 'ExecutionsFailed', 'Sum'],
    ['duration', (metrics) => metrics.duration(), 'ExecutionTime', 'Average'],
  ];
  const { stack, cluster } = clusterOf();
  const task = new EcsTask(stack, 'Report', { cluster, image: IMAGE });
  const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster });

  test.each(METRICS)('of a task and a pipeline: %s', (_, of, metricName, statistic) => {
    for (const { metrics } of [task, pipeline]) {
      expect(named(of(metrics))).toEqual({ namespace: 'AWS/States', metricName, statistic, dimensions: ['StateMachineArn'], seconds: 60 });
    }
  });

  test('fails when a task has no state machine', () => {
    const development = clusterOf({ profile: ClusterProfile.DEVELOPMENT });
    const { metrics } = new EcsTask(development.stack, 'Report', { cluster: development.cluster, image: IMAGE });
    expect(() => metrics.failedCount()).toThrow("'metrics.failedCount' needs a state machine, which counts the runs, got a task without one; "
      + "give the task 'timeout', 'retries' or 'overlap' (at Stack/Report)");
  });
});

describe('alarms of workers, tasks and pipelines', () => {
  test('are handed out, those of what is added later too', () => {
    const { stack, cluster } = clusterOf();
    const worker = new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE });
    const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster });
    expect([worker.alarms.all.length, pipeline.alarms.all.length]).toEqual([5, 2]);
    worker.addQueue('Newsletters', WorkerQueue.standard());
    expect(worker.alarms.all).toHaveLength(8);
    expect(stack.resolve(worker.alarms.named('Newsletters/DeadLetterAlarm').alarmArn)).toEqual(
      { 'Fn::GetAtt': [expect.stringMatching('^MailerNewslettersDeadLetterAlarm'), 'Arn'] },
    );
    expect(() => pipeline.alarms.named('Late')).toThrow(
      "'named' must be one of FailedAlarm, QueueBlockedAlarm, got \"Late\"; docs/operations.md lists which alarm comes with what (at Stack/Etl)",
    );
  });
});
