import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { IFargateCluster } from '../../cluster/ifargate-cluster';
import { CapacityKind } from '../../private/capacity-kind';
import { HandlerFunction } from '../../private/handler-function';
import type { WorkloadTask } from '../../task/workload-task';
import type { ServiceCapacityConfig } from '../service-capacity-config';

/** A workload whose task definition runs in deployments. */
export interface DeployedTask {
  readonly cluster: IFargateCluster;
  readonly task: WorkloadTask;
  readonly capacity: ServiceCapacityConfig;
  readonly connections: ec2.Connections;
  /** What waits for the tasks, if there is a service. */
  readonly service?: ecs.CfnService;
}

/** A service, as far as what happens around its deployments must know it. */
export interface DeployedService extends DeployedTask {
  readonly image: ecs.ContainerImage;
  readonly service: ecs.CfnService;
}

/** Between two looks at the task. */
const POLL_SECONDS = '5';

/**
 * What runs the tasks before the deployments of one workload: a function that may start its task definition, in this cluster, with these roles.
 *
 * One for each workload: a function for all of a stack could pass the roles of all of them.
 */
export class DeploymentTasks extends Construct {
  /** What CloudFormation calls. */
  public readonly serviceToken: string;
  /** What must be there before it is called. */
  private readonly grants: iam.Policy;
  private latest?: Construct;

  constructor(scope: Construct, id: string, public readonly of: DeployedTask) {
    super(scope, id);
    const { cluster } = of;
    const handler = new HandlerFunction(this, 'Runner', {
      handler: 'before-deploy',
      description: `Runs tasks before the deployments of ${scope.node.path}`,
      timeout: Duration.minutes(15),
      environment: { POLL_SECONDS },
      profile: cluster.profile,
      permissionsBoundary: cluster._permissionsBoundary,
    });
    this.refuseVolumes();
    this.statements().forEach((statement) => handler.role.addToPrincipalPolicy(statement));
    this.serviceToken = handler.function.functionArn;
    // not inline: it names the function, which names the role.
    this.grants = new iam.Policy(this, 'GoOnPolicy', {
      roles: [handler.role],
      statements: [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.serviceToken] })],
    });
  }

  /** One task after the other, then the service; a task starts when all is there that the service's own tasks need. */
  public enqueue(resource: Construct): void {
    const { task, service } = this.of;
    resource.node.addDependency(this.grants, task.taskRole, task.executionRole, ...(this.latest === undefined ? [] : [this.latest]));
    task.startedBy(resource);
    service?.node.addDependency(resource);
    this.latest = resource;
  }

  /** What `RunTask` is given beside the task definition. Fargate on demand, also beside Spot: nothing must take a migration's capacity away. */
  public get placement(): object {
    const { cluster, capacity, connections } = this.of;
    const awsvpcConfiguration = {
      subnets: cluster.vpc.selectSubnets(cluster.taskSubnets).subnetIds,
      securityGroups: connections.securityGroups.map(({ securityGroupId }) => securityGroupId),
      // instances have no public addresses to give.
      assignPublicIp: capacity.kind === CapacityKind.FARGATE && cluster.assignPublicIp ? 'ENABLED' : 'DISABLED',
    };
    const where = capacity.kind === CapacityKind.FARGATE ? { launchType: 'FARGATE' } : { capacityProviderStrategy: capacity.strategy };
    return { ...where, networkConfiguration: { awsvpcConfiguration } };
  }

  /** A disk that a service has made for its tasks is made by the deployment of the service, which is still to come; extensions may be added later. */
  private refuseVolumes(): void {
    this.node.addValidation({
      validate: () => (Stack.of(this).resolve(this.of.service?.volumeConfigurations) ?? []).length === 0 ? [] : [
        "'beforeDeploy' must not be called for a service with an 'EbsVolume', whose disk only a deployment of the service makes; "
        + `keep the data on an 'EfsVolume', or migrate before 'cdk deploy' (at ${this.node.scope!.node.path})`,
      ],
    });
  }

  private statements(): iam.PolicyStatement[] {
    const { cluster: { cluster }, task } = this.of;
    const stack = Stack.of(this);
    const inCluster = { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
    const allow = (actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>) =>
      new iam.PolicyStatement({ actions, resources, conditions });
    return [
      // of each revision: a policy that changed with each would be too young for the call that follows.
      allow(['ecs:RunTask'], [stack.formatArn({ service: 'ecs', resource: 'task-definition', resourceName: `${task.definition.family}:*` })], inCluster),
      allow(['ecs:DescribeTasks', 'ecs:StopTask'], [stack.formatArn({ service: 'ecs', resource: 'task', resourceName: `${cluster.clusterName}/*` })], inCluster),
      allow(['iam:PassRole'], [task.taskRole.roleArn, task.executionRole.roleArn], { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
      allow(['logs:GetLogEvents'], [stack.formatArn({
        service: 'logs', resource: 'log-group', resourceName: `${task.logGroup.logGroupName}:log-stream:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      })]),
      // to see whether the stack rolls back.
      allow(['cloudformation:DescribeStacks'], [stack.stackId]),
    ];
  }
}
