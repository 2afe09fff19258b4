import type * as iam from 'aws-cdk-lib/aws-iam';

/** Passes statements on to a principal with some of their actions only: the grants of CDK allow more than one call takes. */
export class NarrowedPrincipal implements iam.IPrincipal {
  public readonly grantPrincipal = this;

  constructor(private readonly principal: iam.IPrincipal, private readonly isCalled: (action: string) => boolean) {
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
    const actions = statement.actions.filter(this.isCalled);
    if (actions.length === 0) return { statementAdded: true };
    return this.principal.addToPrincipalPolicy(actions.length === statement.actions.length ? statement : statement.copy({ actions }));
  }
}
