import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { createWorker } from './fixtures';
import { ClusterProfile, EcsQueueWorker, WorkerQueue } from '../../src';
import { createCluster, createStack, IMAGE, warningsOf } from '../util/fixtures';

/** A worker on a queue that the test makes itself. */
function consume(queueIn: (stack: Stack) => WorkerQueue) {
  const stack = createStack();
  const worker = new EcsQueueWorker(stack, 'Mailer', { cluster: createCluster(stack), image: IMAGE, queue: queueIn(stack) });
  return { stack, worker, template: () => Template.fromStack(stack) };
}

const queueOf = (template: Template, id: RegExp) => Object.entries(template.findResources('AWS::SQS::Queue')).find(([logicalId]) => id.test(logicalId))![1];

describe('WorkerQueue.standard', () => {
  test('encrypted, over TLS only, three deliveries, dead letters for 14 days', () => {
    const template = createWorker().template();
    expect(queueOf(template, /^MailerQueue/)).toMatchObject({
      Properties: {
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 345600,
        VisibilityTimeout: 60,
        RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^MailerDeadLetterQueue/), 'Arn'] } },
      },
      DeletionPolicy: 'Retain',
    });
    expect(queueOf(template, /^MailerDeadLetterQueue/)).toMatchObject({ Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1209600 } });
    for (const id of ['MailerQueue', 'MailerDeadLetterQueue']) {
      template.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: Match.stringLikeRegexp(`^${id}`) }],
        PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })] }),
      });
    }
  });

  test('goes with the stack in development', () => {
    expect(queueOf(createWorker({}, ClusterProfile.DEVELOPMENT).template(), /^MailerQueue/)).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  test('all options', () => {
    const { template } = consume((stack) => WorkerQueue.standard({
      deliveryAttempts: 5, retention: Duration.days(2), visibilityTimeout: Duration.minutes(5), encryptionKey: new kms.Key(stack, 'Key'),
    }));
    expect(queueOf(template(), /^MailerQueue/).Properties).toMatchObject({
      KmsMasterKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] }, MessageRetentionPeriod: 172800, VisibilityTimeout: 300, RedrivePolicy: { maxReceiveCount: 5 },
    });
    expect(queueOf(template(), /^MailerDeadLetterQueue/).Properties).toHaveProperty('KmsMasterKeyId');
  });

  test('fails when an option is out of range', () => {
    expect(() => WorkerQueue.standard({ deliveryAttempts: 0 })).toThrow(
      "'deliveryAttempts' must be between 1 and 1000, got 0; three tell a poison message from a task that was stopped");
    expect(() => WorkerQueue.standard({ retention: Duration.days(15) })).toThrow(
      "'retention' must be between 60 and 1209600 seconds, got 1296000 seconds; SQS keeps a message for one minute to 14 days");
    expect(() => WorkerQueue.standard({ visibilityTimeout: Duration.hours(13) })).toThrow(
      "'visibilityTimeout' must be between 1 and 43200 seconds, got 46800 seconds; SQS hides a message for 12 hours at most");
    expect(() => WorkerQueue.standard({ maxAge: Duration.seconds(1) })).toThrow(
      "'maxAge' must be between 60 and 1209600 seconds, got 1 seconds; SQS keeps a message for 14 days at most");
  });
});

describe('WorkerQueue.fifo', () => {
  test('both queues are FIFO, with order and limits for each group', () => {
    const template = createWorker({ queue: WorkerQueue.fifo({ contentBasedDeduplication: true }) }).template();
    expect(queueOf(template, /^MailerQueue/).Properties).toMatchObject({
      FifoQueue: true, ContentBasedDeduplication: true, DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId', VisibilityTimeout: 60,
    });
    expect(queueOf(template, /^MailerDeadLetterQueue/).Properties).toMatchObject({ FifoQueue: true });
  });

  test('order over the whole queue', () => {
    const { Properties } = queueOf(createWorker({ queue: WorkerQueue.fifo({ highThroughput: false }) }).template(), /^MailerQueue/);
    expect(Properties).not.toHaveProperty('FifoThroughputLimit');
  });
});

describe('WorkerQueue.existing', () => {
  test('a queue of this app: nothing is made, its dead-letter queue is found', () => {
    const { worker, template, stack } = consume((scope) => {
      const deadLetters = new sqs.Queue(scope, 'Dead');
      const queue = new sqs.Queue(scope, 'Mails', { visibilityTimeout: Duration.minutes(1), deadLetterQueue: { queue: deadLetters, maxReceiveCount: 2 } });
      return WorkerQueue.existing(queue);
    });
    expect(worker.queue.node.path).toBe('Stack/Mails');
    expect(worker.deadLetterQueue?.node.path).toBe('Stack/Dead');
    template().resourceCountIs('AWS::SQS::Queue', 2);
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([Match.objectLike({
        Id: 'dead',
        MetricStat: Match.objectLike({
          Metric: Match.objectLike({ Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Dead'), 'QueueName'] } }] }),
        }),
      })]),
    });
    expect(warningsOf(stack).filter((text) => text.includes('queueWithoutDeadLetters'))).toEqual([]);
  });

  test('an imported queue: warns that no dead-letter queue is known', () => {
    const { stack, worker } = consume((scope) => WorkerQueue.existing(sqs.Queue.fromQueueArn(scope, 'Mails', 'arn:aws:sqs:us-east-1:123456789012:mails')));
    expect(worker.deadLetterQueue).toBeUndefined();
    expect(warningsOf(stack)).toContainEqual(
      '/Stack/Mailer: no dead-letter queue of Stack/Mails is known: a message that always fails comes back until it is too old, and no '
      + "alarm tells of it. Give the queue one, and name it in 'deadLetterQueue' if the queue is not made in this app. [ack: cdk-ecs-workloads:queueWithoutDeadLetters]");
  });

  test('an imported queue with its dead-letter queue: no warning', () => {
    const { stack, worker } = consume((scope) => WorkerQueue.existing(sqs.Queue.fromQueueArn(scope, 'Mails', 'arn:aws:sqs:us-east-1:123456789012:mails'), {
      deadLetterQueue: sqs.Queue.fromQueueArn(scope, 'Dead', 'arn:aws:sqs:us-east-1:123456789012:dead'), maxAge: Duration.hours(1),
    }));
    expect(worker.deadLetterQueue?.node.path).toBe('Stack/Dead');
    expect(warningsOf(stack).filter((text) => text.includes('queueWithoutDeadLetters'))).toEqual([]);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 3600 });
  });

  test('fails when a queue of this app hides messages for too short a time, also by SQS\'s own default', () => {
    expect(() => consume((scope) => WorkerQueue.existing(new sqs.Queue(scope, 'Mails')))).toThrow(
      "'visibilityTimeout' of the queue Stack/Mails must be at least 60 seconds (maxMessageTime 30 and 30 to stop), got 30 seconds; a second task would get a message "
      + "that the first one still works on. Set a longer one, or a shorter 'maxMessageTime' (at Stack/Mailer)");
  });
});
