import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';

/** Options of `WorkerQueue.standard`. */
export interface StandardQueueOptions {
  /**
   * How often a message is delivered before it goes to the dead-letter queue, 1 to 1000.
   *
   * A delivery that ends with the worker (a crash, an interruption of Spot) counts as well as one that fails: with 1, a stop at the wrong time is the
   * end of a good message. Under the hood, this is `maxReceiveCount`.
   *
   * @default 3
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   */
  readonly deliveryAttempts?: number;

  /**
   * How long the queue keeps a message that nobody finishes, one minute to 14 days. The dead-letter queue keeps its messages for 14 days in any case.
   *
   * @default Duration.days(4)
   */
  readonly retention?: Duration;

  /**
   * How long a message that was delivered stays hidden from other tasks, up to 12 hours. At least the worker's `maxMessageTime` and the time to stop.
   *
   * @default - `maxMessageTime` and the time that a task has to stop, together
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
   */
  readonly visibilityTimeout?: Duration;

  /**
   * A key of your own that encrypts both queues. KMS charges for its use.
   *
   * @default - a key that SQS manages, free of charge
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How old the oldest message may become before the alarm on it fires, one minute or more.
   *
   * @default - 15 minutes and the worker's `maxMessageTime`, together
   */
  readonly maxAge?: Duration;
}

/** Options of `WorkerQueue.fifo`. */
export interface FifoQueueOptions extends StandardQueueOptions {
  /**
   * Whether SQS finds out by the content that a message was sent twice within five minutes.
   *
   * @default false - senders give an id for it
   */
  readonly contentBasedDeduplication?: boolean;

  /**
   * Whether order and limits hold for each message group by itself, which allows thousands of messages a second.
   *
   * Under the hood, these are `DeduplicationScope` and `FifoThroughputLimit`.
   *
   * @default true
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
   */
  readonly highThroughput?: boolean;
}

/** Options of `WorkerQueue.existing`. */
export interface ExistingQueueOptions {
  /**
   * Where the queue sends messages that fail again and again, for the alarm and for `grants.redrive`. It must be the one that the queue names itself.
   *
   * @default - that of the queue, if it is made in this app; else unknown, and a warning says so
   */
  readonly deadLetterQueue?: sqs.IQueue;

  /**
   * How old the oldest message may become before the alarm on it fires, one minute or more.
   *
   * @default - 15 minutes and the worker's `maxMessageTime`, together
   */
  readonly maxAge?: Duration;
}
