import { PASSING_ERRORS } from '../private/passing-errors';

/** The state machine that sends a message, `subject` and `message` of its input, to all topics. No CDK in here. */
export function tellDefinition(partition: string, topics: string[]): object {
  const branches = topics.map((topic, index) => ({ StartAt: `Publish${index + 1}`, States: { [`Publish${index + 1}`]: publish(partition, topic) } }));
  return {
    Comment: 'Sends a message; the name of the execution stands for what it tells, so that nothing is told twice',
    StartAt: 'Tell',
    States: { Tell: branches.length === 1 ? publish(partition, topics[0]) : { Type: 'Parallel', Branches: branches, End: true } },
  };
}

function publish(partition: string, topic: string): object {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::sns:publish`,
    Parameters: { 'TopicArn': topic, 'Subject.$': '$.subject', 'Message.$': '$.message' },
    Retry: PASSING_ERRORS,
    End: true,
  };
}
