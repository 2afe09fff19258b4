import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StartTarget } from './start-target';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';

/** The role with which a trigger starts its target, and may do nothing else. */
export function createStartRole(
  scope: Construct, service: string, { statements, permissionsBoundary }: StartTarget, conditions?: Record<string, unknown>,
): iam.IRole {
  const principal = servicePrincipal(scope, service);
  const role = new WorkloadRole(scope, 'Role', {
    assumedBy: conditions === undefined ? principal : principal.withConditions(conditions), permissionsBoundary,
  });
  statements.forEach((statement) => role.addToPrincipalPolicy(statement));
  return role;
}
