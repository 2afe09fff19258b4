import type { IConstruct } from 'constructs';
import type { ISharedIngress } from './ishared-ingress';
import { fail } from '../private/fail';
import { warn, WarningId } from '../private/warnings';

/** The most certificates of a load balancer besides the default one, unless an account has a higher quota. */
export const MAX_CERTIFICATES = 25;

export function warnNearLimit(ingress: IConstruct, limit: string): void {
  warn(ingress, WarningId.INGRESS_NEAR_LIMIT, `four fifths or more of the ${limit} that the load balancer may have are in use; `
    + 'plan a second cluster, whose ingress has a load balancer of its own, or ask AWS for a higher quota where it gives one');
}

/** Puts something into an ingress's table, and warns when that crosses a line. */
export function countedIn<T>(ingress: ISharedIngress, put: () => T): T {
  const before = ingress._routes.nearLimits();
  const result = put();
  ingress._routes.nearLimits().filter((limit) => !before.includes(limit)).forEach((limit) => warnNearLimit(ingress, limit));
  return result;
}

/** Counts a target group of a service. */
export function countTargetGroup(scope: IConstruct, ingress: ISharedIngress): void {
  const problem = countedIn(ingress, () => ingress._routes.addTargetGroup(scope.node.path));
  if (problem !== undefined) fail(scope, problem);
}
