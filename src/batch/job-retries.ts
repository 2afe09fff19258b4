import type * as batch from 'aws-cdk-lib/aws-batch';
import { LOSSES } from './compute/spot-escalation';

/** Attempts that a job gets when it is only retried for what is not its own fault. */
const INFRASTRUCTURE_ATTEMPTS = 3;

/** An image that cannot be pulled is missing or forbidden: another attempt finds it no better. It also counts as a failed start, so it comes first. */
const GIVE_UP_ON_IMAGE = { action: 'EXIT', onReason: 'CannotPull*' };

/** A start that failed for any other reason: no network interface, a registry or secret store that did not answer. */
const RETRY_START = { action: 'RETRY', onStatusReason: 'Task failed to start*' };

/** Whatever the process ended with. Where there is an exit code, the process had run. */
const RETRY_EXIT = { action: 'RETRY', onExitCode: '*' };

/** Batch retries whatever no rule matches; hence the last rule matches all. */
const GIVE_UP = { action: 'EXIT', onStatusReason: '*' };

/** What a job can lose. */
interface RetryProps {
  readonly platform: string;
  /** How often a job on Spot is tried; absent on demand. */
  readonly spotAttempts?: number;
}

/**
 * Which failures of a job are tried again: five rules at the most, the last of which gives up.
 *
 * Batch counts all attempts together. A job with one attempt is never run again after an error of its own, but for a failed start or a lost host it has
 * three, on Spot five.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
 */
export function retryStrategy(attempts: number, { platform, spotAttempts }: RetryProps): batch.CfnJobDefinition.RetryStrategyProperty {
  const losses = platform === 'FARGATE' && spotAttempts === undefined ? [] : LOSSES[platform] ?? [];
  const retryLoss = losses.map((text) => ({ action: 'RETRY', onStatusReason: `${text}*` }));
  return attempts === 1
    ? { attempts: spotAttempts ?? INFRASTRUCTURE_ATTEMPTS, evaluateOnExit: [...retryLoss, GIVE_UP_ON_IMAGE, RETRY_START, GIVE_UP] }
    : { attempts, evaluateOnExit: [...retryLoss, GIVE_UP_ON_IMAGE, RETRY_START, RETRY_EXIT, GIVE_UP] };
}
