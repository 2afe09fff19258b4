import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { queueMetric } from './backlog-metrics';
import type { BoundQueue } from './bound-queue';
import type { MessageTimes } from './message-times';
import { createAlarm } from '../observability/alarm';

/** In minutes: longer than it takes from zero tasks to the first message. */
const PATIENCE = 15;

/** The alarms of one queue: does it wait too long, does it give up messages, does nobody get any of them done. */
export function createQueueAlarms(actions: cloudwatch.IAlarmAction[], bound: BoundQueue, times: MessageTimes): void {
  oldestMessage(actions, bound);
  deadLetters(actions, bound);
  nothingDone(actions, bound, times);
}

function oldestMessage(actions: cloudwatch.IAlarmAction[], { scope, queue, maxAge }: BoundQueue): void {
  createAlarm(scope, 'OldestMessageAlarm', actions, {
    description: 'The oldest message is older than it should get. Look whether tasks run and finish messages, then whether there are enough of them, first.',
    metrics: { age: queueMetric(queue, 'ApproximateAgeOfOldestMessage', 'Maximum') },
    expression: 'age',
    threshold: maxAge,
    minutes: 3,
    of: 3,
  });
}

function deadLetters(actions: cloudwatch.IAlarmAction[], { scope, deadLetterQueue }: BoundQueue): void {
  if (deadLetterQueue === undefined) return;
  createAlarm(scope, 'DeadLetterAlarm', actions, {
    description: 'Messages failed again and again, and lie in the dead-letter queue. Look for their errors in the log of the worker first; '
      + 'once the cause is mended, redrive them.',
    metrics: { dead: queueMetric(deadLetterQueue, 'ApproximateNumberOfMessagesVisible', 'Maximum') },
    expression: 'dead',
    threshold: 0,
    minutes: 1,
    of: 1,
  });
}

/** Also where the tasks run and look healthy: a consumer that hangs, or that fails each message, does just that. */
function nothingDone(actions: cloudwatch.IAlarmAction[], { scope, queue }: BoundQueue, times: MessageTimes): void {
  const minutes = PATIENCE + Math.ceil(times.message / 60);
  createAlarm(scope, 'ConsumerAlarm', actions, {
    description: `Messages wait, and none was finished for ${minutes} minutes. Look for errors in the log of the worker, and whether its tasks start, first.`,
    metrics: {
      waiting: queueMetric(queue, 'ApproximateNumberOfMessagesVisible', 'Minimum'),
      done: queueMetric(queue, 'NumberOfMessagesDeleted', 'Sum'),
    },
    expression: 'IF(FILL(done, 0) > 0, 0, waiting)',
    threshold: 0,
    minutes,
    of: minutes,
  });
}
