import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';

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
    return this.secret.grantRead(new ReadingPrincipal(grantee.grantPrincipal));
  }
}

/** The same for all variables of a container. */
export function readSecrets(secrets: Record<string, ecs.Secret> = {}): Record<string, ecs.Secret> {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, new ReadSecret(secret)]));
}

/** Passes statements on to a principal, without the actions that nobody calls. */
class ReadingPrincipal implements iam.IPrincipal {
  public readonly grantPrincipal = this;

  constructor(private readonly principal: iam.IPrincipal) {
  }

  public get assumeRoleAction(): string {
    return this.principal.assumeRoleAction;
  }

  public get policyFragment(): iam.PrincipalPolicyFragment {
    return this.principal.policyFragment;
  }

  public get principalAccount(): string | undefined {
    return this.principal.principalAccount;
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    const actions = statement.actions.filter((action) => !NEVER_CALLED.has(action));
    return this.principal.addToPrincipalPolicy(actions.length === statement.actions.length ? statement : statement.copy({ actions }));
  }
}
