import { SecretReference } from './secret-reference';

/** The part of an event pattern that differs from alternative to alternative. */
interface EventPattern {
  readonly [field: string]: unknown;
}

/**
 * The events that tell that a secret has a new value. No CDK in here.
 *
 * Secrets Manager tells it through CloudTrail: a call that puts a value or moves the stage of the current one, and the end of a rotation. The call in a
 * rotation that puts a value which is not yet current is left out. Parameter Store tells it to EventBridge itself.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieve-ct-entries.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
 */
export function rotationEvents(references: SecretReference[]): EventPattern {
  const secrets = references.filter((reference) => reference.kind === 'secret');
  const parameters = references.filter((reference) => reference.kind === 'parameter');
  const alternatives = [
    ...secrets.length === 0 ? [] : [callOn(secrets), rotationOf(secrets)],
    ...parameters.length === 0 ? [] : [changeOf(parameters)],
  ];
  return alternatives.length === 1 ? alternatives[0] : { $or: alternatives };
}

type Secret = Extract<SecretReference, { kind: 'secret' }>;
type Parameter = Extract<SecretReference, { kind: 'parameter' }>;

/** Callers may name a secret by its ARN or its name. */
function callOn(secrets: Secret[]): EventPattern {
  return {
    'source': ['aws.secretsmanager'],
    'detail-type': ['AWS API Call via CloudTrail'],
    'detail': {
      eventName: ['PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage'],
      errorCode: [{ exists: false }],
      requestParameters: {
        secretId: secrets.flatMap((secret) => [arnOf(secret), ...secret.names]),
        versionStages: [{ exists: false }, 'AWSCURRENT'],
      },
    },
  };
}

function rotationOf(secrets: Secret[]): EventPattern {
  return {
    'source': ['aws.secretsmanager'],
    'detail-type': ['AWS Service Event via CloudTrail'],
    'detail': { eventName: ['RotationSucceeded'], additionalEventData: { SecretId: secrets.map(arnOf) } },
  };
}

function changeOf(parameters: Parameter[]): EventPattern {
  return {
    'source': ['aws.ssm'],
    'detail-type': ['Parameter Store Change'],
    'detail': { name: parameters.map(({ name }) => name), operation: ['Create', 'Update'] },
  };
}

function arnOf({ arn, match }: Secret): unknown {
  if (match === 'exact') return arn;
  return { prefix: match === 'prefix' ? arn : `${arn}-` };
}
