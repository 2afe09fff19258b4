/** Which endpoint a call goes to, by the prefix of its IAM action, where tasks call the service themselves. */
const ENDPOINTS: Record<string, string> = {
  batch: 'batch',
  cloudwatch: 'monitoring',
  dynamodb: 'dynamodb',
  ecs: 'ecs',
  events: 'events',
  firehose: 'kinesis-firehose',
  kinesis: 'kinesis-streams',
  lambda: 'lambda',
  secretsmanager: 'secretsmanager',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
  states: 'states',
  sts: 'sts',
  xray: 'xray',
};

/**
 * What needs no endpoint of its own: every task has one for it, or a service calls it for the task. A grant on an encrypted queue or bucket allows actions
 * on its key, but then the queue or bucket calls KMS.
 */
const NONE_NEEDED = ['ecr', 'iam', 'kms', 'logs', 's3', 'ssmmessages'];

/** What a task needs for the actions that it is allowed. */
export interface EndpointsOfActions {
  /** Endpoint services, each once. */
  readonly known: string[];
  /** The prefixes of actions for which this table has no endpoint. */
  readonly unknown: string[];
}

export function endpointsOfActions(actions: string[]): EndpointsOfActions {
  const prefixes = [...new Set(actions.filter((action) => action.includes(':')).map((action) => action.split(':')[0].toLowerCase()))];
  const isKnown = (prefix: string) => Object.keys(ENDPOINTS).includes(prefix);
  return {
    known: prefixes.filter(isKnown).map((prefix) => ENDPOINTS[prefix]),
    unknown: prefixes.filter((prefix) => !isKnown(prefix) && !NONE_NEEDED.includes(prefix)),
  };
}
