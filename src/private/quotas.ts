/** Quotas that several parts of the library count against. Pure: knows nothing of the CDK. */

/** The most inbound rules of a security group, unless an account has a higher quota. */
export const MAX_SECURITY_GROUP_RULES = 60;

/** Whether so little is left that the next ones should be planned. */
export function isNear(used: number, limit: number): boolean {
  return used >= limit * 0.8;
}
