import * as batch from 'aws-cdk-lib/aws-batch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { shieldFromTags } from './tag-shield';
import type { IFargateCluster } from '../cluster/ifargate-cluster';

const MINUTES = 60;
const HOURS = 3600;

/** All reasons for which AWS can cancel the first job of a queue, and how long it may wait. Others wait behind it. */
const TIME_LIMITS = [
  { reason: 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', maxTimeSeconds: 10 * MINUTES },
  { reason: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', maxTimeSeconds: 10 * MINUTES },
  { reason: 'MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED', maxTimeSeconds: 10 * MINUTES },
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
  const environment = new batch.CfnComputeEnvironment(scope, 'ComputeEnvironment', {
    type: 'MANAGED',
    state: 'ENABLED',
    computeResources: {
      type: 'FARGATE',
      maxvCpus: maxVcpus,
      subnets: cluster.vpc.selectSubnets(cluster.taskSubnets).subnetIds,
      securityGroupIds: [securityGroup.securityGroupId],
    },
  });
  shieldFromTags(environment);
  return environment;
}

/**
 * A job queue in front of a compute environment. What can never run is cancelled instead of waiting for ever.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html
 */
export function createJobQueue(scope: Construct, environment: batch.CfnComputeEnvironment): batch.CfnJobQueue {
  const queue = new batch.CfnJobQueue(scope, 'JobQueue', {
    state: 'ENABLED',
    priority: 1,
    computeEnvironmentOrder: [{ computeEnvironment: environment.attrComputeEnvironmentArn, order: 1 }],
    jobStateTimeLimitActions: TIME_LIMITS.map((limit) => ({ ...limit, action: 'CANCEL', state: 'RUNNABLE' })),
  });
  shieldFromTags(queue);
  return queue;
}
