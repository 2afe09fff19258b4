import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Fn, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { InstancesConfig } from './batch-capacity-config';
import type { IFargateCluster } from '../../cluster/ifargate-cluster';
import { WorkloadRole } from '../../private/workload-role';

/** How the instances of an environment start. */
export interface InstanceStart {
  readonly template: ec2.CfnLaunchTemplate;
  readonly profile: iam.CfnInstanceProfile;
}

const BOUNDARY = '==BOUNDARY==';

/**
 * The launch template of an environment's instances, with their role. It costs nothing.
 *
 * AWS Batch copies it at each change and adds its own part to the user data, for which this must be MIME multipart. The image is Batch's own, so that it is
 * renewed with each update of the environment.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/launch-templates.html
 */
export function createInstanceStart(scope: Construct, cluster: IFargateCluster, { diskSize }: InstancesConfig): InstanceStart {
  const role = createInstanceRole(scope, cluster._permissionsBoundary);
  const profile = new iam.CfnInstanceProfile(scope, 'InstanceProfile', { roles: [role.roleName] });
  const template = new ec2.CfnLaunchTemplate(scope, 'LaunchTemplate', {
    launchTemplateData: {
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{
        deviceName: '/dev/xvda',
        ebs: { encrypted: true, volumeType: 'gp3', volumeSize: diskSize.toGibibytes(), deleteOnTermination: true },
      }],
      userData: Fn.base64(userData()),
    },
  });
  return { template, profile };
}

/**
 * The role of the instances. What jobs may do is not its concern, they have roles of their own.
 *
 * Batch makes the ECS cluster itself and gives it a name that only it knows: hence all clusters of the account and Region.
 */
function createInstanceRole(scope: Construct, permissionsBoundary?: iam.IManagedPolicy): iam.IRole {
  // ec2.amazonaws.com assumes a role for the instance alone, and sends no account to look at.
  const role = new WorkloadRole(scope, 'InstanceRole', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'), permissionsBoundary });
  const arn = (resource: string) => Stack.of(scope).formatArn({ service: 'ecs', resource, resourceName: '*' });
  role.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: [
      'ecs:DeregisterContainerInstance', 'ecs:RegisterContainerInstance', 'ecs:SubmitAttachmentStateChanges', 'ecs:SubmitContainerStateChange',
      'ecs:SubmitTaskStateChange',
    ],
    resources: [arn('cluster')],
  }));
  role.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['ecs:Poll', 'ecs:PutSystemLogEvents', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
    resources: [arn('container-instance')],
  }));
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'] })); // it knows no resources
  return role;
}

/**
 * The configuration of the ECS agent: logs are written by the execution role of the job, not by the instance, and no job is privileged.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
 */
function userData(): string {
  return [
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    '',
    `--${BOUNDARY}`,
    'Content-Type: text/x-shellscript; charset="us-ascii"',
    '',
    '#!/bin/bash',
    "cat >> /etc/ecs/ecs.config <<'END'",
    'ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true',
    'ECS_DISABLE_PRIVILEGED=true',
    'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true',
    'END',
    '',
    `--${BOUNDARY}--`,
    '',
  ].join('\n');
}
