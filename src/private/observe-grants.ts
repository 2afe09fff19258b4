import type * as iam from 'aws-cdk-lib/aws-iam';

/** Tells of the actions of each statement that is added to a role from now on. */
export function observeGrants(role: iam.IRole, seen: (actions: string[]) => void): void {
  const add = role.addToPrincipalPolicy.bind(role);
  role.addToPrincipalPolicy = (statement) => {
    seen(statement.actions);
    return add(statement);
  };
}
