import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { JobComputeConfig } from './job-compute-config';
import { LONGEST_ESCALATED_ID } from './spot-escalation';
import { checkPattern } from '../../private/check';
import { fail } from '../../private/fail';
import type { JobOptions } from '../job-options';

/** Rejects what cannot run on Spot, or loses too much there. */
export function checkSpot(job: Construct, { spot }: JobComputeConfig, { fanOut, attempts }: JobOptions, timeout: Duration): void {
  if (spot === undefined) return;
  spot._check(job, timeout, attempts);
  if (!spot._escalates) return;
  if (fanOut?._size !== undefined) {
    fail(job, "'spot' with JobSpot.thenOnDemand needs a fan-out over items, got one over numbers: AWS Batch has one end for all of an array, and those that were taken "
      + 'away could not be told from those that failed; use FanOut.objects or the like, or JobSpot.only');
  }
  checkPattern(job, 'id', job.node.id, /^.{1,60}$/, `at most ${LONGEST_ESCALATED_ID} characters where the job goes from Spot to on demand`,
    'shorten it: several states are named after it');
}
