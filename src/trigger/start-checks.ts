import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { StartPolicy } from './start-target';
import { checkInteger, checkSeconds } from '../private/check';

/** How often and how long a start is tried again, in the words of both EventBridge and its Scheduler. */
export function retryPolicyOf(scope: Construct, { retryAttempts = 185, maxEventAge = Duration.hours(1) }: StartPolicy) {
  checkInteger(scope, 'retryAttempts', retryAttempts, 0, 185, 'give 0 where a late start is of no use');
  checkSeconds(scope, 'maxEventAge', maxEventAge, 60, 86_400, 'EventBridge gives up after a day at the latest');
  return { maximumRetryAttempts: retryAttempts, maximumEventAgeInSeconds: maxEventAge.toSeconds() };
}
