import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { CapacityKind } from '../private/capacity-kind';
import type { ServiceCapacityConfig } from '../service/service-capacity-config';
import type { WorkloadTask } from '../task/workload-task';

/** What a task is started with. */
interface TaskLaunchProps {
  readonly cluster: IFargateCluster;
  readonly task: WorkloadTask;
  readonly capacity: ServiceCapacityConfig;
  readonly securityGroup: ec2.ISecurityGroup;
}

/** The tag by which runs of one task are told from others of the cluster: they take it over from the task definition. */
const TAG = 'cdk-ecs-workloads:task';

/** How one task is started and stopped, in the words of all who do it: the API, EventBridge, EventBridge Scheduler and Step Functions. */
export class TaskLaunch {
  private readonly tag: string;
  private readonly network: ecs.CfnService.AwsVpcConfigurationProperty & { readonly subnets: string[]; readonly securityGroups: string[] };

  constructor(private readonly scope: Construct, private readonly props: TaskLaunchProps) {
    const { cluster, task, capacity, securityGroup } = props;
    this.tag = `${Stack.of(scope).stackName}:${scope.node.addr}`;
    (task.definition.node.defaultChild as ecs.CfnTaskDefinition).tags.setTag(TAG, this.tag);
    this.network = {
      subnets: cluster.vpc.selectSubnets(cluster.taskSubnets).subnetIds,
      securityGroups: [securityGroup.securityGroupId],
      assignPublicIp: capacity.kind === CapacityKind.FARGATE && cluster.assignPublicIp ? 'ENABLED' : 'DISABLED',
    };
  }

  public get clusterArn(): string {
    return this.props.cluster.cluster.clusterArn;
  }

  /** The name of the task definition without its revision: who names it gets the latest. */
  public get family(): string {
    return this.props.task.definition.family;
  }

  /** What starts tasks waits for all that they need. */
  public startedBy(resource: Construct): void {
    this.props.task.startedBy(resource);
  }

  /** To start it: any revision, in this cluster only, with its two roles and the tags that it takes over. */
  public get runStatements(): iam.PolicyStatement[] {
    const { task } = this.props;
    return [
      allow(['ecs:RunTask'], [this.arnOf('task-definition', `${this.family}:*`)], { ArnEquals: { 'ecs:cluster': this.clusterArn } }),
      allow(['ecs:TagResource'], [this.tasks], { StringEquals: { 'ecs:CreateAction': 'RunTask' } }),
      allow(['iam:PassRole'], [task.taskRole.roleArn, task.executionRole.roleArn], {
        StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      }),
    ];
  }

  /** To find and stop its runs, however they were started. AWS narrows the finding of tasks to a cluster by a condition only. */
  public get stopStatements(): iam.PolicyStatement[] {
    return [
      allow(['ecs:StopTask', 'ecs:DescribeTasks'], [this.tasks], { StringEquals: { [`aws:ResourceTag/${TAG}`]: this.tag } }),
      allow(['ecs:ListTasks'], ['*'], { ArnEquals: { 'ecs:cluster': this.clusterArn } }),
    ];
  }

  /**
   * For a state machine that runs it and waits for its end: Step Functions keeps a rule in each account, to hear of that.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
   */
  public get followStatements(): iam.PolicyStatement[] {
    const rule = Stack.of(this.scope).formatArn({ service: 'events', resource: 'rule', resourceName: 'StepFunctionsGetEventsForECSTaskRule' });
    return [...this.runStatements, ...this.stopStatements, allow(['events:DescribeRule', 'events:PutRule', 'events:PutTargets'], [rule])];
  }

  /** The request of RunTask as the API has it. */
  public forApi(): object {
    return {
      cluster: this.clusterArn,
      taskDefinition: this.family,
      capacityProviderStrategy: this.props.capacity.strategy,
      networkConfiguration: { awsvpcConfiguration: this.network },
      propagateTags: 'TASK_DEFINITION',
      enableECSManagedTags: true,
    };
  }

  /** In one line for a shell. */
  public forShell(): string {
    const { subnets, securityGroups, assignPublicIp } = this.network;
    const strategy = this.props.capacity.strategy.map(({ capacityProvider, base, weight }) => (
      `capacityProvider=${capacityProvider}${weight === undefined ? '' : `,weight=${weight}`}${base === undefined ? '' : `,base=${base}`}`
    ));
    const network = `subnets=[${subnets.join(',')}],securityGroups=[${securityGroups.join(',')}],assignPublicIp=${assignPublicIp}`;
    return `aws ecs run-task --cluster ${this.props.cluster.cluster.clusterName} --task-definition ${this.family} `
      + `--capacity-provider-strategy ${strategy.join(' ')} --network-configuration 'awsvpcConfiguration={${network}}' `
      + '--propagate-tags TASK_DEFINITION --enable-ecs-managed-tags';
  }

  /** For a target of EventBridge Scheduler. */
  public forScheduler() {
    return { ...this.forTarget(), networkConfiguration: { awsvpcConfiguration: this.network } };
  }

  /** For a target of an EventBridge rule, which spells one word otherwise. */
  public forRule() {
    return { ...this.forTarget(), networkConfiguration: { awsVpcConfiguration: this.network } };
  }

  /** For `ecs:runTask.sync`. */
  public forStates(): object {
    const { subnets, securityGroups, assignPublicIp } = this.network;
    return {
      Cluster: this.clusterArn,
      TaskDefinition: this.props.task.definition.taskDefinitionArn,
      CapacityProviderStrategy: this.props.capacity.strategy.map(({ capacityProvider, base, weight }) => ({
        CapacityProvider: capacityProvider, Weight: weight, Base: base,
      })),
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: subnets, SecurityGroups: securityGroups, AssignPublicIp: assignPublicIp } },
      PropagateTags: 'TASK_DEFINITION',
    };
  }

  private forTarget() {
    return {
      taskDefinitionArn: this.props.task.definition.taskDefinitionArn,
      capacityProviderStrategy: this.props.capacity.strategy,
      propagateTags: 'TASK_DEFINITION',
      enableEcsManagedTags: true,
    };
  }

  /** Those of the cluster: a task has no ARN before it is started. */
  private get tasks(): string {
    return this.arnOf('task', `${this.props.cluster.cluster.clusterName}/*`);
  }

  private arnOf(resource: string, resourceName: string): string {
    return Stack.of(this.scope).formatArn({ service: 'ecs', resource, resourceName });
  }
}

function allow(actions: string[], resources: string[], conditions?: Record<string, Record<string, unknown>>): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources, conditions });
}
