import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CfnResource, Duration, RemovalPolicy, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { BoundQueue } from './bound-queue';
import { LONGEST_VISIBILITY, MessageTimes } from './message-times';
import type { ExistingQueueOptions, FifoQueueOptions, StandardQueueOptions } from './worker-queue-options';
import { checkInteger, checkSeconds } from '../private/check';
import { fail } from '../private/fail';
import { warn, WarningId } from '../private/warnings';

/** What the worker tells its queues. */
interface QueueContext {
  readonly times: MessageTimes;
  readonly removalPolicy: RemovalPolicy;
}

/** What a message may wait beyond the time that it takes, in seconds. */
const TOLERATED_WAIT = 900;

/** What SQS takes where a template says nothing, in seconds. */
const SQS_VISIBILITY = 30;

/**
 * A queue that a worker consumes.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/welcome.html
 */
export class WorkerQueue {
  /**
   * A new standard queue and its dead-letter queue: each message at least once, in about the order of arrival.
   *
   * Both are encrypted and take calls over TLS only. Requests are charged, an empty queue is free; a worker that waits for messages asks about three
   * times a minute and task.
   *
   * @example
   * new EcsQueueWorker(this, 'Mailer', { cluster, image, queue: WorkerQueue.standard({ deliveryAttempts: 5 }) });
   */
  public static standard(options: StandardQueueOptions = {}): WorkerQueue {
    checkOptions(options);
    return new WorkerQueue((scope, context) => createQueues(scope, context, options));
  }

  /**
   * A new FIFO queue and its dead-letter queue: messages of one group one after the other, in their order.
   *
   * Never more tasks are busy than there are groups with messages: a larger backlog with few groups does not go faster with more tasks. A message that
   * fails holds up its group until it is in the dead-letter queue, and then the order has a gap.
   *
   * @example
   * new EcsQueueWorker(this, 'Ledger', { cluster, image, queue: WorkerQueue.fifo({ contentBasedDeduplication: true }) });
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues.html
   */
  public static fifo(options: FifoQueueOptions = {}): WorkerQueue {
    checkOptions(options);
    return new WorkerQueue((scope, context) => createQueues(scope, context, options, options));
  }

  /**
   * A queue that is there already, in this app or elsewhere. Creates no queue.
   *
   * The worker's role may consume it. Where the queue is made in this app, its visibility time-out is checked; else it must be `maxMessageTime` and the time
   * to stop, or more, or two tasks work on one message.
   *
   * @example
   * declare const queue: sqs.IQueue;
   * new EcsQueueWorker(this, 'Mailer', { cluster, image, queue: WorkerQueue.existing(queue) });
   */
  public static existing(queue: sqs.IQueue, options: ExistingQueueOptions = {}): WorkerQueue {
    checkSeconds(undefined, 'maxAge', options.maxAge, 60, 1209600, 'SQS keeps a message for 14 days at most');
    return new WorkerQueue((scope, { times }) => bindExisting(scope, queue, times, options));
  }

  private constructor(private readonly create: (scope: Construct, context: QueueContext) => BoundQueue) {
  }

  /** @internal */
  public _bind(scope: Construct, context: QueueContext): BoundQueue {
    return this.create(scope, context);
  }
}

function checkOptions(options: StandardQueueOptions): void {
  checkInteger(undefined, 'deliveryAttempts', options.deliveryAttempts, 1, 1000, 'three tell a poison message from a task that was stopped');
  checkSeconds(undefined, 'retention', options.retention, 60, 1209600, 'SQS keeps a message for one minute to 14 days');
  checkSeconds(undefined, 'visibilityTimeout', options.visibilityTimeout, 1, LONGEST_VISIBILITY, 'SQS hides a message for 12 hours at most');
  checkSeconds(undefined, 'maxAge', options.maxAge, 60, 1209600, 'SQS keeps a message for 14 days at most');
}

function createQueues(scope: Construct, { times, removalPolicy }: QueueContext, options: StandardQueueOptions, fifo?: FifoQueueOptions): BoundQueue {
  const visibilityTimeout = options.visibilityTimeout ?? Duration.seconds(times.visibility);
  checkVisibility(scope, "'visibilityTimeout'", visibilityTimeout.isUnresolved() ? undefined : visibilityTimeout.toSeconds(), times);
  const common = {
    fifo: fifo === undefined ? undefined : true,
    encryption: options.encryptionKey === undefined ? sqs.QueueEncryption.SQS_MANAGED : sqs.QueueEncryption.KMS,
    encryptionMasterKey: options.encryptionKey,
    enforceSSL: true,
    removalPolicy,
  };
  const deadLetterQueue = new sqs.Queue(scope, 'DeadLetterQueue', { ...common, retentionPeriod: Duration.days(14) });
  const queue = new sqs.Queue(scope, 'Queue', {
    ...common,
    ...fifo === undefined ? {} : renderFifo(fifo),
    visibilityTimeout,
    retentionPeriod: options.retention ?? Duration.days(4),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: options.deliveryAttempts ?? 3 },
  });
  return { scope, queue, deadLetterQueue, maxAge: maxAgeOf(options.maxAge, times) };
}

function renderFifo({ contentBasedDeduplication, highThroughput = true }: FifoQueueOptions) {
  return {
    contentBasedDeduplication,
    deduplicationScope: highThroughput ? sqs.DeduplicationScope.MESSAGE_GROUP : undefined,
    fifoThroughputLimit: highThroughput ? sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID : undefined,
  };
}

function bindExisting(scope: Construct, queue: sqs.IQueue, times: MessageTimes, options: ExistingQueueOptions): BoundQueue {
  checkVisibility(scope, `'visibilityTimeout' of the queue ${queue.node.path}`, declaredVisibility(queue), times);
  const deadLetterQueue = options.deadLetterQueue ?? (queue instanceof sqs.Queue ? queue.deadLetterQueue?.queue : undefined);
  if (deadLetterQueue === undefined) {
    warn(scope, WarningId.QUEUE_WITHOUT_DEAD_LETTERS, `no dead-letter queue of ${queue.node.path} is known: a message that always fails comes back until it `
      + "is too old, and no alarm tells of it. Give the queue one, and name it in 'deadLetterQueue' if the queue is not made in this app.");
  }
  return { scope, queue, deadLetterQueue, maxAge: maxAgeOf(options.maxAge, times) };
}

/** What the template says of a queue that is made in this app; undefined: not known. */
function declaredVisibility(queue: sqs.IQueue): number | undefined {
  const resource = queue.node.defaultChild;
  const isQueue = CfnResource.isCfnResource(resource) && resource.cfnResourceType === sqs.CfnQueue.CFN_RESOURCE_TYPE_NAME;
  if (!isQueue) return undefined;
  const { visibilityTimeout = SQS_VISIBILITY } = resource as CfnResource as sqs.CfnQueue;
  return Token.isUnresolved(visibilityTimeout) ? undefined : visibilityTimeout;
}

function checkVisibility(scope: Construct, what: string, visibility: number | undefined, times: MessageTimes): void {
  if (visibility === undefined || visibility >= times.visibility) return;
  fail(scope, `${what} must be at least ${times.visibility} seconds (maxMessageTime ${times.message} and ${times.stop} to stop), got ${visibility} seconds; `
    + "a second task would get a message that the first one still works on. Set a longer one, or a shorter 'maxMessageTime'");
}

function maxAgeOf(maxAge: Duration | undefined, times: MessageTimes): number {
  return maxAge?.toSeconds() ?? TOLERATED_WAIT + times.message;
}
