import * as iam from 'aws-cdk-lib/aws-iam';
import { Resource, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** An inline policy holds 10,240 characters. Beyond so many statements, managed policies go on, which do not count for it. */
const INLINE_STATEMENTS = 20;

/** A managed policy holds 6,144 characters. */
const MANAGED_STATEMENTS = 10;

/** Who assumes a role, and what bounds it. */
export interface WorkloadRoleProps {
  readonly assumedBy: iam.PrincipalBase;
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/**
 * An IAM role that keeps what is granted to it in one inline policy: its resource, and what a role must be for others.
 *
 * An `iam.Role` puts grants into a policy resource of its own: one resource more per role, and one more thing to wait for in each deployment. It also brings
 * an aspect for each role, which costs more time at synthesis than the role itself.
 *
 * Where the policy of another resource names this role (the key of a secret, say), an inline policy that names that resource would make a cycle. So the
 * grants move to a policy resource as soon as somebody asks for the role as a principal.
 */
export class WorkloadRole extends Resource implements iam.IRole {
  public readonly grantPrincipal: iam.IPrincipal = this;
  public readonly assumeRoleAction = 'sts:AssumeRole';
  public readonly principalAccount: string;
  public readonly roleArn: string;
  public readonly roleName: string;

  private readonly resource: iam.CfnRole;
  private readonly managedPolicyArns: string[] = [];
  private readonly statements: iam.PolicyStatement[] = [];
  private inline?: iam.PolicyDocument;
  private separate?: iam.Policy;
  private managed?: { readonly policy: iam.ManagedPolicy; readonly index: number; room: number };

  constructor(scope: Construct, id: string, props: WorkloadRoleProps) {
    super(scope, id);
    this.resource = new iam.CfnRole(this, 'Resource', {
      assumeRolePolicyDocument: trustIn(props.assumedBy),
      permissionsBoundary: props.permissionsBoundary?.managedPolicyArn,
    });
    this.principalAccount = this.env.account;
    this.roleArn = this.resource.attrArn;
    this.roleName = this.resource.ref;
  }

  public get roleRef(): iam.IRole['roleRef'] {
    return { roleArn: this.roleArn, roleName: this.roleName };
  }

  public get policyFragment(): iam.PrincipalPolicyFragment {
    this.moveGrants();
    return new iam.ArnPrincipal(this.roleArn).policyFragment;
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (this.statements.length >= INLINE_STATEMENTS) return { statementAdded: true, policyDependable: this.addManaged(statement) };
    this.statements.push(statement);
    if (this.separate === undefined) this.addInline(statement);
    else this.separate.addStatements(statement);
    return { statementAdded: true, policyDependable: this.separate ?? this };
  }

  public addManagedPolicy(policy: iam.IManagedPolicy): void {
    if (this.managedPolicyArns.includes(policy.managedPolicyArn)) return;
    this.managedPolicyArns.push(policy.managedPolicyArn);
    this.resource.managedPolicyArns = this.managedPolicyArns;
  }

  public attachInlinePolicy(policy: iam.Policy): void {
    policy.attachToRole(this);
  }

  public grant(grantee: iam.IPrincipal, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.roleArn] });
  }

  public grantPassRole(grantee: iam.IPrincipal): iam.Grant {
    return this.grant(grantee, 'iam:PassRole');
  }

  public grantAssumeRole(grantee: iam.IPrincipal): iam.Grant {
    return this.grant(grantee, 'sts:AssumeRole');
  }

  private addInline(statement: iam.PolicyStatement): void {
    if (this.inline === undefined) {
      this.inline = new iam.PolicyDocument({ minimize: true });
      this.resource.policies = [{ policyName: 'Default', policyDocument: this.inline }];
    }
    this.inline.addStatements(statement);
  }

  private moveGrants(): void {
    if (this.separate !== undefined) return;
    this.resource.policies = undefined;
    this.separate = new iam.Policy(this, 'DefaultPolicy', { roles: [this], statements: this.statements });
  }

  private addManaged(statement: iam.PolicyStatement): iam.ManagedPolicy {
    if (this.managed === undefined || this.managed.room === 0) {
      const index = (this.managed?.index ?? 0) + 1;
      this.managed = { policy: new iam.ManagedPolicy(this, `OverflowPolicy${index}`, { roles: [this] }), index, room: MANAGED_STATEMENTS };
    }
    this.managed.room--;
    this.managed.policy.addStatements(statement);
    return this.managed.policy;
  }
}

/** Written out: a policy document would be put together, compared and sorted twice in each synthesis, to come to this one statement. */
function trustIn({ policyFragment: { principalJson, conditions }, assumeRoleAction }: iam.PrincipalBase): object {
  const principals = Object.entries(principalJson).map(([kind, names]) => [kind, names.length === 1 ? names[0] : names]);
  return {
    Statement: [{
      Action: assumeRoleAction,
      Condition: Object.keys(conditions).length === 0 ? undefined : conditions,
      Effect: 'Allow',
      Principal: Object.fromEntries(principals),
    }],
    Version: '2012-10-17',
  };
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
