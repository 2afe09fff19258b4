import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ServiceHealthCheck } from './service-health-check';
import { checkInteger, checkPattern, checkSeconds } from '../private/check';
import { fail } from '../private/fail';

/** A health check with nothing left open. */
export type ResolvedHealthCheck = Required<ServiceHealthCheck>;

/** What depends on the rest of the service. */
type HealthCheckDefaults = Pick<ResolvedHealthCheck, 'path' | 'gracePeriod'>;

/** Fills in the defaults and checks the result: a given timeout is held against the default interval too. */
export function resolveHealthCheck(
  scope: Construct, given: ServiceHealthCheck = {}, { path, gracePeriod }: HealthCheckDefaults,
): ResolvedHealthCheck {
  const check: ResolvedHealthCheck = {
    path: given.path ?? path,
    interval: given.interval ?? Duration.seconds(10),
    timeout: given.timeout ?? Duration.seconds(5),
    healthyThreshold: given.healthyThreshold ?? 2,
    unhealthyThreshold: given.unhealthyThreshold ?? 3,
    gracePeriod: given.gracePeriod ?? gracePeriod,
  };
  checkPattern(scope, 'healthCheck.path', check.path, /^\/.{0,1023}$/, "a path that starts with '/'", "write '/health', not 'health'");
  checkSeconds(scope, 'healthCheck.interval', check.interval, 5, 300, '10 seconds is a good value');
  checkSeconds(scope, 'healthCheck.timeout', check.timeout, 2, 120, 'it must be less than the interval');
  checkInteger(scope, 'healthCheck.healthyThreshold', check.healthyThreshold, 2, 10, '2 makes deployments fast');
  checkInteger(scope, 'healthCheck.unhealthyThreshold', check.unhealthyThreshold, 2, 10, '3 bears a lost answer');
  checkSeconds(scope, 'healthCheck.gracePeriod', check.gracePeriod, 0, 2147483647, 'give the time that a task needs to start');
  rejectTimeoutOverInterval(scope, check);
  return check;
}

function rejectTimeoutOverInterval(scope: Construct, check: ResolvedHealthCheck): void {
  if (check.timeout.isUnresolved() || check.interval.isUnresolved()) return;
  if (check.timeout.toSeconds() >= check.interval.toSeconds()) {
    fail(scope, `'healthCheck.timeout' must be less than the interval of ${check.interval.toSeconds()} seconds, got ${check.timeout.toSeconds()} seconds; `
      + 'shorten it or lengthen the interval');
  }
}
