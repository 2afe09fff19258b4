import * as batch from 'aws-cdk-lib/aws-batch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { CfnResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { IFargateCluster } from '../cluster/ifargate-cluster';

const MINUTES = 60;
const HOURS = 3600;

/** Why the first job of a queue may wait in vain, and how long it may. Others wait behind it. */
const TIME_LIMITS = [
  { reason: 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', maxTimeSeconds: 10 * MINUTES },
  { reason: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', maxTimeSeconds: 10 * MINUTES },
  { reason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', maxTimeSeconds: 4 * HOURS },
];

/**
 * A compute environment on Fargate in the cluster's subnets.
 *
 * It has no name, no service role and no update policy: a name would stand in the way of a replacement, the service-linked role outlives the stack (an
 * environment whose role went first can never be deleted), and the rest is for instances only.
 */
export function createComputeEnvironment(
  scope: Construct, cluster: IFargateCluster, securityGroup: ec2.ISecurityGroup, maxVcpus: number,
): batch.CfnComputeEnvironment {
  return withoutTags(new batch.CfnComputeEnvironment(scope, 'ComputeEnvironment', {
    type: 'MANAGED',
    state: 'ENABLED',
    computeResources: {
      type: 'FARGATE',
      maxvCpus: maxVcpus,
      subnets: cluster.vpc.selectSubnets(cluster.taskSubnets).subnetIds,
      securityGroupIds: [securityGroup.securityGroupId],
    },
  }));
}

/**
 * A job queue in front of a compute environment. What can never run is cancelled instead of waiting for ever.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html
 */
export function createJobQueue(scope: Construct, environment: batch.CfnComputeEnvironment): batch.CfnJobQueue {
  return withoutTags(new batch.CfnJobQueue(scope, 'JobQueue', {
    state: 'ENABLED',
    priority: 1,
    computeEnvironmentOrder: [{ computeEnvironment: environment.attrComputeEnvironmentArn, order: 1 }],
    jobStateTimeLimitActions: TIME_LIMITS.map((limit) => ({ ...limit, action: 'CANCEL', state: 'RUNNABLE' })),
  }));
}

/**
 * CloudFormation cannot change the tags of either: it makes new ones, and terminates the jobs of the old queue when it deletes that. A tag for the cost report
 * is not worth a job of six hours.
 *
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2270
 */
function withoutTags<T extends CfnResource>(resource: T): T {
  resource.addPropertyDeletionOverride('Tags');
  return resource;
}
