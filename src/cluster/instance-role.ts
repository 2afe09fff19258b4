import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import type { FargateCluster } from './fargate-cluster';
import type { IFargateCluster } from './ifargate-cluster';
import { NetworkEndpoint } from './network-endpoint';
import { WorkloadRole } from '../private/workload-role';

/** What a kind of capacity consists of, once it is made. */
export interface CreatedCapacity {
  readonly provider: ecs.CfnCapacityProvider;
  readonly role: iam.IRole;
  readonly securityGroup: ec2.ISecurityGroup;
}

/**
 * The role of instances: it registers them with this one cluster and runs the agent. What tasks may do is not its concern, they have roles of their own.
 *
 * AWS's own policy for instances also pulls all images and writes all logs, which here the execution role of each workload does.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
 */
export function createInstanceRole(scope: Construct, { cluster, _permissionsBoundary: permissionsBoundary }: FargateCluster): iam.IRole {
  // ec2.amazonaws.com assumes a role for the instance alone, and sends no account to look at.
  const role = new WorkloadRole(scope, 'InstanceRole', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'), permissionsBoundary });
  const instances = Stack.of(scope).formatArn({ service: 'ecs', resource: 'container-instance', resourceName: `${cluster.clusterName}/*` });
  role.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: [
      'ecs:DeregisterContainerInstance', 'ecs:RegisterContainerInstance', 'ecs:SubmitAttachmentStateChanges', 'ecs:SubmitContainerStateChange',
      'ecs:SubmitTaskStateChange',
    ],
    resources: [cluster.clusterArn],
  }));
  role.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['ecs:Poll', 'ecs:PutSystemLogEvents', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
    resources: [instances],
    conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
  }));
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'] })); // it knows no resources
  return role;
}

/** What must be there before an instance can register: without a way to ECS it never does. */
export function instancePrerequisites(scope: Construct, { vpc, taskSubnets, _egress }: IFargateCluster): IDependable[] {
  return [
    vpc.selectSubnets(taskSubnets).internetConnectivityEstablished,
    ..._egress.reach(scope, NetworkEndpoint.ECS, NetworkEndpoint.ECS_AGENT, NetworkEndpoint.ECS_TELEMETRY),
  ];
}

/** The name of a capacity provider, where the one that CloudFormation makes up would begin with a word that ECS keeps for itself. */
export function providerName(scope: Construct, uniqueName: string): string | undefined {
  return /^(aws|ecs|fargate)/i.test(Stack.of(scope).stackName) ? `cp-${uniqueName}` : undefined;
}
