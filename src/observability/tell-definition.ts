/** Errors that pass: of the network, of throttling, of the service itself. */
const RETRY = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 2 }];

/** The state machine that sends a message, `subject` and `message` of its input, to all topics. No CDK in here. */
export function tellDefinition(topics: string[]): object {
  const branches = topics.map((topic, index) => ({ StartAt: `Publish${index + 1}`, States: { [`Publish${index + 1}`]: publish(topic) } }));
  return {
    Comment: 'Sends a message; the name of the execution stands for what it tells, so that nothing is told twice',
    StartAt: 'Tell',
    States: { Tell: branches.length === 1 ? publish(topics[0]) : { Type: 'Parallel', Branches: branches, End: true } },
  };
}

function publish(topic: string): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sns:publish',
    Parameters: { 'TopicArn': topic, 'Subject.$': '$.subject', 'Message.$': '$.message' },
    Retry: RETRY,
    End: true,
  };
}
