import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { NarrowedPrincipal } from './narrowed-principal';

/** What grants of CDK allow beyond what starting a task takes. */
const NEVER_CALLED = new Set(['secretsmanager:DescribeSecret', 'ssm:DescribeParameters', 'ssm:GetParameter', 'ssm:GetParameterHistory']);

/**
 * A secret that grants only what starting a task takes: `GetSecretValue` of Secrets Manager, `GetParameters` of Parameter Store, and decryption with its key.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export class ReadSecret extends ecs.Secret {
  public readonly arn: string;
  public readonly hasField?: boolean;

  constructor(private readonly secret: ecs.Secret) {
    super();
    this.arn = secret.arn;
    this.hasField = secret.hasField;
  }

  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.secret.grantRead(new NarrowedPrincipal(grantee.grantPrincipal, (action) => !NEVER_CALLED.has(action)));
  }
}

/** The same for all variables of a container. */
export function readSecrets(secrets: Record<string, ecs.Secret> = {}): Record<string, ecs.Secret> {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, new ReadSecret(secret)]));
}
