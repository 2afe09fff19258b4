import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { WorkloadTask } from '../task/workload-task';

/** The tag by which tasks of one worker are told from others of the cluster: ECS hands it on from the service. */
const TAG = 'cdk-ecs-workloads:worker';

/**
 * Lets the tasks of a worker ask ECS not to stop them while they work, and nobody else's.
 *
 * They ask through the ECS agent, at `$ECS_AGENT_URI/task-protection/v1/state`, which calls ECS with the task role.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export function allowTaskProtection(scope: Construct, task: WorkloadTask, service: ecs.CfnService, cluster: ecs.ICluster): void {
  const stack = Stack.of(scope);
  const tag = `${stack.stackName}:${scope.node.addr}`;
  service.tags.setTag(TAG, tag);
  task.taskRole.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
    resources: [stack.formatArn({ service: 'ecs', resource: 'task', resourceName: `${cluster.clusterName}/*` })],
    conditions: { StringEquals: { [`aws:ResourceTag/${TAG}`]: tag } },
  }));
}
