import * as iam from 'aws-cdk-lib/aws-iam';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** An inline policy holds 10,240 characters. Beyond so many statements, the L2's own policies go on, which split themselves. */
const INLINE_STATEMENTS = 20;

/**
 * An IAM role that keeps what is granted to it in one inline policy.
 *
 * A plain `iam.Role` puts grants into a policy resource of its own: one resource more per role, and one more thing to wait for in each deployment.
 *
 * Where the policy of another resource names this role (the key of a secret, say), an inline policy that names that resource would make a cycle. So the
 * grants move to a policy resource as soon as somebody asks for the role as a principal.
 */
export class WorkloadRole extends iam.Role {
  private inline: iam.PolicyStatement[] = [];
  private isSeparate = false;

  constructor(scope: Construct, id: string, props: iam.RoleProps) {
    super(scope, id, props);
    const role = this.node.defaultChild as iam.CfnRole;
    role.policies = Lazy.any({ produce: () => this.renderInline() });

    const fragment = this.policyFragment;
    Object.defineProperty(this, 'policyFragment', {
      get: () => {
        this.separate();
        return fragment;
      },
    });
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (this.isSeparate || this.inline.length >= INLINE_STATEMENTS) return super.addToPrincipalPolicy(statement);
    this.inline.push(statement);
    return { statementAdded: true, policyDependable: this };
  }

  private separate(): void {
    if (this.isSeparate) return;
    this.isSeparate = true;
    this.inline.forEach((statement) => super.addToPrincipalPolicy(statement));
    this.inline = [];
  }

  private renderInline(): iam.CfnRole.PolicyProperty[] | undefined {
    if (this.inline.length === 0) return undefined;
    return [{ policyName: 'Default', policyDocument: new iam.PolicyDocument({ minimize: true, statements: this.inline }) }];
  }
}

/**
 * The principal of a service that assumes a role only on behalf of this account, so that nobody else's resource can make it (confused deputy).
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export function servicePrincipal(scope: Construct, service: string): iam.ServicePrincipal {
  return new iam.ServicePrincipal(service, {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}

/**
 * ECS itself, which manages instances and volumes by a role of the account. Unlike tasks it is documented without a condition on the account, so none is asked for:
 * with a key that ECS does not send, no instance and no volume would ever start.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
 */
export function infrastructurePrincipal(): iam.ServicePrincipal {
  return new iam.ServicePrincipal('ecs.amazonaws.com');
}
