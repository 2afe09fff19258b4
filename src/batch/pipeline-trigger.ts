import type * as events from 'aws-cdk-lib/aws-events';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { EcsBatchPipeline } from './ecs-batch-pipeline';
import { arrivalPattern, checkArrivals, sendEvents } from './object-arrival';
import { endedPattern } from './pipeline-end';
import type { PipelineStart } from './pipeline-start';
import type {
  PipelineEndedOptions, PipelineObjectOptions, PipelineQueueOptions, PipelineScheduleOptions, PipelineStartOptions,
} from './pipeline-trigger-options';
import { startOnMessage } from './queue-pipe';
import { startOnEvent } from '../trigger/start-on-event';
import { startOnSchedule } from '../trigger/start-on-schedule';

/**
 * When a pipeline starts: each time, an execution of its state machine begins.
 *
 * Starts are delivered at least once, as everything that comes from EventBridge and SQS: a rare second execution is to be expected. A value holds no state: it may
 * start several pipelines.
 */
export class PipelineTrigger {
  /**
   * At times that come again, or once at a time, in a time zone.
   *
   * Creates a schedule of EventBridge Scheduler in a group of its own, a role, the pipeline's dead-letter queue for starts that fail and, in production, an alarm on
   * these and one on starts that are missing. Schedules cost next to nothing, alarms by the month.
   *
   * @param expression when; the time zone is in it, and UTC without one
   *
   * @example
   * const nightly = scheduler.ScheduleExpression.cron({ hour: '2', minute: '30', timeZone: TimeZone.EUROPE_ROME });
   * new EcsBatchPipeline(this, 'Etl', {
   *   cluster,
   *   parameters: { mode: PipelineParameter.text({ defaultValue: 'daily' }), due: PipelineParameter.text({ defaultValue: 'now' }) },
   *   trigger: PipelineTrigger.schedule(nightly, { parameters: { due: scheduler.ContextAttribute.scheduledTime } }),
   * });
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  public static schedule(expression: scheduler.ScheduleExpression, options: PipelineScheduleOptions = {}): PipelineTrigger {
    return new PipelineTrigger((scope, start) => startOnSchedule(scope, start.target, expression, inputOf(scope, start, options), options));
  }

  /**
   * For each event on the default bus that a pattern matches.
   *
   * Creates a rule of EventBridge, a role, the pipeline's dead-letter queue for starts that fail and, in production, an alarm on these.
   *
   * @example
   * declare const pipeline: EcsBatchPipeline; // with a parameter `image`
   * pipeline.addTrigger('OnPush', PipelineTrigger.event(
   *   { source: ['aws.ecr'], detailType: ['ECR Image Action'], detail: { 'action-type': ['PUSH'] } },
   *   { parameters: { image: events.EventField.fromPath('$.detail.image-tag') } },
   * ));
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
   */
  public static event(pattern: events.EventPattern, options: PipelineStartOptions = {}): PipelineTrigger {
    return new PipelineTrigger((scope, start) => startOnEvent(scope, start.target, pattern, inputOf(scope, start, options), options));
  }

  /**
   * For each object that arrives in a bucket.
   *
   * The bucket must send its events to EventBridge: one that is made in this app is told to; of another one a warning tells. Creates what `event` does.
   *
   * @param bucket where the objects arrive
   * @param options which objects, and what the execution is told of them
   *
   * @example
   * declare const pipeline: EcsBatchPipeline; // with a parameter `key`
   * declare const uploads: s3.Bucket;
   * pipeline.addTrigger('OnUpload', PipelineTrigger.objectCreated(uploads, {
   *   prefix: 'in/',
   *   suffix: '.csv',
   *   parameters: { key: events.EventField.fromPath('$.detail.object.key') },
   * }));
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
   */
  public static objectCreated(bucket: s3.IBucket, options: PipelineObjectOptions = {}): PipelineTrigger {
    return new PipelineTrigger((scope, start) => {
      checkArrivals(scope, bucket, options, start);
      sendEvents(scope, bucket);
      startOnEvent(scope, start.target, arrivalPattern(bucket, options), inputOf(scope, start, options), options);
    });
  }

  /**
   * For each message of a queue.
   *
   * A message is deleted as soon as its execution has started. One that cannot start any comes back, and goes to the queue's own dead-letter queue. What fails
   * later is no matter of the queue: redrive the execution. Creates a pipe of EventBridge Pipes, a role and, in production, an alarm. Pipes are charged by the
   * message, and their questions to the queue as requests of SQS.
   *
   * @param queue whose messages each start an execution
   * @param options what the execution is told of the message
   *
   * @example
   * declare const pipeline: EcsBatchPipeline; // with a parameter `order`
   * declare const orders: sqs.Queue;
   * pipeline.addTrigger('OnOrder', PipelineTrigger.queue(orders, { parameters: { order: '<$.body.detail.id>' } }));
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html
   */
  public static queue(queue: sqs.IQueue, options: PipelineQueueOptions = {}): PipelineTrigger {
    return new PipelineTrigger((scope, start) => startOnMessage(scope, queue, start, options));
  }

  /**
   * For each end of another pipeline, when it has succeeded if nothing else is said.
   *
   * Two pipelines must not start each other. Creates what `event` does.
   *
   * @param other the pipeline whose ends count
   * @param options which ends, and what the execution is told of them
   *
   * @example
   * declare const etl: EcsBatchPipeline;
   * const training = new EcsBatchPipeline(this, 'Training', {
   *   cluster,
   *   parameters: { source: PipelineParameter.text() },
   *   trigger: PipelineTrigger.pipelineEnded(etl, { parameters: { source: events.EventField.fromPath('$.detail.name') } }),
   * });
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
   */
  public static pipelineEnded(other: EcsBatchPipeline, options: PipelineEndedOptions = {}): PipelineTrigger {
    return new PipelineTrigger((scope, start) => {
      start.follow(scope, other);
      startOnEvent(scope, start.target, endedPattern(scope, other, options), inputOf(scope, start, options), options);
    });
  }

  private constructor(private readonly make: (scope: Construct, start: PipelineStart) => void) {
  }

  /** @internal */
  public _bind(scope: Construct, start: PipelineStart): void {
    this.make(scope, start);
  }
}

function inputOf(scope: Construct, { parameters }: PipelineStart, options: PipelineStartOptions): Record<string, unknown> {
  return parameters.read(scope, options.parameters ?? {});
}
