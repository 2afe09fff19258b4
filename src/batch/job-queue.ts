import * as batch from 'aws-cdk-lib/aws-batch';
import { Lazy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { shieldFromTags } from './compute/tag-shield';

const MINUTES = 60;
const HOURS = 3600;

/** What a queue is about. */
interface JobQueueProps {
  /** In the order in which they are tried, one to three: those that there are when the template is written. */
  readonly environments: () => batch.CfnComputeEnvironment[];
  /** @default 1 */
  readonly priority?: number;
  readonly schedulingPolicyArn?: string;
  /** GPUs are scarce: jobs for them wait longer before they are cancelled. */
  readonly gpu?: boolean;
}

/**
 * A job queue in front of compute environments. What can never run is cancelled instead of waiting for ever.
 *
 * It has no name, which would stand in the way of a replacement.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html
 */
export function createJobQueue(scope: Construct, id: string, props: JobQueueProps): batch.CfnJobQueue {
  return shieldFromTags(new batch.CfnJobQueue(scope, id, {
    state: 'ENABLED',
    priority: props.priority ?? 1,
    schedulingPolicyArn: props.schedulingPolicyArn,
    computeEnvironmentOrder: Lazy.any({ produce: () => renderOrder(props.environments()) }),
    jobStateTimeLimitActions: timeLimits(props.gpu === true).map((limit) => ({ ...limit, action: 'CANCEL', state: 'RUNNABLE' })),
  }));
}

/** They are tried one after the other. */
function renderOrder(environments: batch.CfnComputeEnvironment[]): batch.CfnJobQueue.ComputeEnvironmentOrderProperty[] {
  return environments.map((environment, index) => ({ computeEnvironment: environment.attrComputeEnvironmentArn, order: index + 1 }));
}

/** Why the first job of a queue may wait in vain, and how long it may. Others wait behind it. */
function timeLimits(gpu: boolean): { reason: string; maxTimeSeconds: number }[] {
  return [
    { reason: 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', maxTimeSeconds: 10 * MINUTES },
    { reason: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', maxTimeSeconds: 10 * MINUTES },
    { reason: 'MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED', maxTimeSeconds: 10 * MINUTES },
    { reason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', maxTimeSeconds: (gpu ? 12 : 4) * HOURS },
  ];
}
