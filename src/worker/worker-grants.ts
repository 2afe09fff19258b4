import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { BoundQueue } from './bound-queue';

/**
 * What others may do with the queues of a worker. Get it from `worker.grants`.
 *
 * Each grant is for all queues, also for those that are added later.
 */
export class WorkerGrants {
  /** @internal */
  public static _create(): WorkerGrants {
    return new WorkerGrants();
  }

  private readonly queues: BoundQueue[] = [];
  private readonly given: ((queue: BoundQueue) => iam.Grant[])[] = [];

  private constructor() {
  }

  /**
   * Lets somebody send messages to the worker.
   *
   * @example
   * declare const producer: iam.IGrantable;
   * declare const mailer: EcsQueueWorker;
   * mailer.grants.send(producer);
   */
  public send(grantee: iam.IGrantable): iam.Grant {
    return this.give(grantee, ({ queue }) => [queue.grantSendMessages(grantee)]);
  }

  /**
   * Lets somebody look at messages of the dead-letter queues and send them back to where they came from, once the cause of their failure is mended.
   *
   * They come back with `aws sqs start-message-move-task --source-arn <dead-letter queue>`. Queues that are given without a dead-letter queue are passed over.
   *
   * @example
   * declare const onCall: iam.IRole;
   * declare const mailer: EcsQueueWorker;
   * mailer.grants.redrive(onCall);
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
   */
  public redrive(grantee: iam.IGrantable): iam.Grant {
    return this.give(grantee, ({ queue, deadLetterQueue }) => deadLetterQueue === undefined ? [] : [
      deadLetterQueue.grantConsumeMessages(grantee),
      allow(grantee, deadLetterQueue, 'sqs:StartMessageMoveTask', 'sqs:CancelMessageMoveTask', 'sqs:ListMessageMoveTasks', 'sqs:ListDeadLetterSourceQueues'),
      queue.grantSendMessages(grantee),
    ]);
  }

  /** @internal */
  public _addQueue(queue: BoundQueue): void {
    this.queues.push(queue);
    this.given.forEach((grant) => grant(queue));
  }

  private give(grantee: iam.IGrantable, grant: (queue: BoundQueue) => iam.Grant[]): iam.Grant {
    this.given.push(grant);
    return this.queues.flatMap(grant).reduce((all, one) => all.combine(one), iam.Grant.drop(grantee, 'nothing to grant'));
  }
}

function allow(grantee: iam.IGrantable, { queueArn }: sqs.IQueue, ...actions: string[]): iam.Grant {
  return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [queueArn] });
}
