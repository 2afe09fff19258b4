import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { NetworkEndpoint } from '../cluster/network-endpoint';
import { fail, show } from '../private/fail';
import type { WorkloadTask } from '../task/workload-task';

/** What sessions into the containers of a service rest on. */
export interface ServiceExecProps {
  readonly cluster: IFargateCluster;
  readonly task: WorkloadTask;
  readonly service: ecs.CfnService;
  readonly writablePaths?: string[];
}

/**
 * What the agent of ECS Exec writes to: its state and its own log.
 *
 * The directories above its own: on container instances ECS itself mounts a directory on `/var/log/amazon/ssm`, and two mounts on one path are refused.
 *
 * @see https://github.com/aws/containers-roadmap/issues/1359
 */
const AGENT_PATHS = { ExecState: '/var/lib/amazon', ExecLog: '/var/log/amazon' };

/** The tag by which tasks of one service are told from others of the cluster: ECS hands it on from the service. */
const TAG = 'cdk-ecs-workloads:exec';

/** ECS Exec into the tasks of one service: agent, its rights and its writable paths, the log of its sessions, and who may use it. */
export class ServiceExec {
  private readonly tagValue: string;

  constructor(private readonly scope: Construct, private readonly props: ServiceExecProps) {
    const { service, task } = props;
    this.tagValue = `${Stack.of(scope).stackName}:${scope.node.addr}`;
    service.enableExecuteCommand = true;
    service.tags.setTag(TAG, this.tagValue);
    this.rejectTakenPaths();
    this.makeAgentPathsWritable();
    this.allowAgent();
    task.reach(NetworkEndpoint.SSM_MESSAGES, NetworkEndpoint.KMS);
  }

  /**
   * Lets somebody open sessions in tasks of this service.
   *
   * IAM knows no service of a task, hence the tag. Sessions are opened in the cluster (which the API checks too) and in a task.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
   */
  public grant(grantee: iam.IGrantable): iam.Grant {
    const { cluster } = this.props.cluster;
    const ofService = { StringEquals: { [`aws:ResourceTag/${TAG}`]: this.tagValue } };
    const tasks = Stack.of(this.scope).formatArn({ service: 'ecs', resource: 'task', resourceName: `${cluster.clusterName}/*` });
    const allow = (actions: string[], resource: string, conditions?: Record<string, unknown>) => iam.Grant.addToPrincipal({
      grantee, actions, resourceArns: [resource], conditions: conditions as Record<string, Record<string, unknown>>,
    });
    return [
      allow(['ecs:ExecuteCommand'], cluster.clusterArn),
      allow(['ecs:ExecuteCommand', 'ecs:DescribeTasks'], tasks, ofService),
      // to find a task. AWS narrows this action to a cluster by a condition only.
      allow(['ecs:ListTasks'], '*', { ArnEquals: { 'ecs:cluster': cluster.clusterArn } }),
      allow(['kms:GenerateDataKey'], this.props.cluster.execLogging().key.keyArn),
    ].reduce((all, one) => all.combine(one));
  }

  private rejectTakenPaths(): void {
    const taken = this.props.writablePaths?.find((path) => Object.values(AGENT_PATHS).includes(path));
    if (taken !== undefined) {
      fail(this.scope, `'writablePaths' must not have ${show(taken)}, which 'enableExec' makes writable already; remove it`);
    }
  }

  private makeAgentPathsWritable(): void {
    const { definition, container } = this.props.task;
    // also where everything is writable: ECS starts the agent in new tasks only, and a changed task definition makes new ones.
    Object.entries(AGENT_PATHS).forEach(([name, containerPath]) => {
      definition.addVolume({ name });
      container.addMountPoints({ sourceVolume: name, containerPath, readOnly: false });
    });
  }

  private allowAgent(): void {
    const { logGroup, key } = this.props.cluster.execLogging();
    const allow = (actions: string[], ...resources: string[]) => {
      this.props.task.taskRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources }));
    };
    // AWS knows no resource for these actions.
    allow(['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'], '*');
    // the agent looks its log group up among all.
    allow(['logs:DescribeLogGroups'], Stack.of(this.scope).formatArn({
      service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }));
    allow(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], logGroup.logGroupArn);
    allow(['kms:Decrypt'], key.keyArn);
  }
}
