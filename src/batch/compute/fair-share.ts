import * as batch from 'aws-cdk-lib/aws-batch';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FairShareOptions } from './fair-share-options';
import { shieldFromTags } from './tag-shield';
import { checkInteger, checkRange, checkSeconds } from '../../private/check';
import { fail, show } from '../../private/fail';

/**
 * The policy by which a queue is fair.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/fair-share-scheduling-policies.html
 */
export function createFairShare(scope: Construct, { weights, memory, reservePercent }: FairShareOptions): batch.CfnSchedulingPolicy {
  const shares = Object.keys(weights);
  checkShares(scope, shares);
  for (const [share, weight] of Object.entries(weights)) {
    checkRange(scope, `weights.${share}`, weight, 0.002, 10_000, 'twice the weight is twice the vCPUs');
  }
  checkSeconds(scope, 'memory', memory, 0, 604_800, 'that is 7 days at the most');
  checkInteger(scope, 'reservePercent', reservePercent, 0, 99, 'what is kept free is used by nobody');
  return shieldFromTags(new batch.CfnSchedulingPolicy(scope, 'FairShare', {
    fairsharePolicy: {
      shareDecaySeconds: memory?.toSeconds(),
      computeReservation: reservePercent,
      shareDistribution: Object.entries(weights).map(([shareIdentifier, weight]) => ({ shareIdentifier, weightFactor: factorOf(weight) })),
    },
  }));
}

function checkShares(scope: Construct, shares: string[]): void {
  if (shares.length === 0 || shares.length > 500) {
    fail(scope, `'weights' must have 1 to 500 shares, got ${shares.length}; name who shares, or omit 'fairShare'`);
  }
  const odd = shares.find((share) => !/^[A-Za-z0-9]{1,255}$/.test(share));
  if (odd !== undefined) fail(scope, `'weights' must have ids of 1 to 255 letters and digits, got ${show(odd)}; choose another`);
  const pair = shares.flatMap((one) => shares.filter((other) => other !== one && other.startsWith(one)).map((other) => [one, other]))[0];
  if (pair !== undefined) fail(scope, `'weights' must have ids of which none begins with another, got ${show(pair)}; choose others: AWS Batch takes them for one`);
}

/** AWS takes four decimal places. */
function factorOf(weight: number): number {
  return Token.isUnresolved(weight) ? weight : Math.round(10_000 / weight) / 10_000;
}
