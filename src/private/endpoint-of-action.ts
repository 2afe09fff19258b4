/** Which endpoint a call goes to, by the prefix of its IAM action, where tasks call the service themselves. */
const ENDPOINTS: Record<string, string> = {
  dynamodb: 'dynamodb',
  events: 'events',
  secretsmanager: 'secretsmanager',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
  states: 'states',
  sts: 'sts',
};

/**
 * The endpoints that a task needs for the actions that it is allowed.
 *
 * Actions on keys are left out: a grant on an encrypted queue or bucket allows them, but then that service calls KMS, and the task does not.
 */
export function endpointsOfActions(actions: string[]): string[] {
  const found = actions.map((action) => ENDPOINTS[action.split(':')[0].toLowerCase()]).filter((service) => service !== undefined);
  return [...new Set(found)];
}
