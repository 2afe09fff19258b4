import { CfnResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { DeploymentTaskOptions } from './deployment-task-options';
import type { DeploymentTasks } from './deployment-tasks';
import { checkSeconds } from '../../private/check';
import { fail } from '../../private/fail';
import { refusePlainSecrets } from '../../task/refuse-plain-secrets';

/** What CloudFormation waits at most. */
const HOUR = 3600;
/** For stopping the task, which ECS kills after 2 minutes, and for the answer. */
const MARGIN = 300;

/** One command that runs before each deployment. */
export class DeploymentTask extends Construct {
  /** What CloudFormation makes when the task has ended well. */
  public readonly resource: CfnResource;

  constructor(tasks: DeploymentTasks, id: string, options: Partial<DeploymentTaskOptions>) {
    super(tasks, id);
    const timeout = options.timeout ?? Duration.minutes(15);
    this.validate(options);
    refusePlainSecrets(this, options.environment ?? {});
    const { task, cluster: { cluster } } = tasks.of;
    this.resource = new CfnResource(this, 'Resource', {
      type: 'Custom::DeploymentTask',
      properties: {
        ServiceToken: tasks.serviceToken,
        ServiceTimeout: timeout.isUnresolved() ? HOUR : timeout.toSeconds() + MARGIN,
        Name: id,
        Cluster: cluster.clusterArn,
        TaskDefinition: task.definition.taskDefinitionArn,
        Container: task.container.containerName,
        TimeoutSeconds: timeout.toSeconds(),
        LogGroup: task.logGroup.logGroupName,
        LogStreamPrefix: 'ecs',
        Run: { ...tasks.placement, overrides: { containerOverrides: [this.override(task.container.containerName, options)] } },
      },
    });
    tasks.enqueue(this.resource);
  }

  private override(name: string, { command, environment }: Partial<DeploymentTaskOptions>): object {
    const variables = Object.entries(environment ?? {}).map(([key, value]) => ({ name: key, value }));
    return { name, command, ...(variables.length === 0 ? {} : { environment: variables }) };
  }

  private validate({ command, timeout }: Partial<DeploymentTaskOptions>): void {
    if (command?.length === 0) {
      fail(this, "'command' must have at least one word, got none; give what is to run before the deployment, such as ['node', 'migrate.js']");
    }
    checkSeconds(this, 'timeout', timeout, 1, HOUR - MARGIN,
      'CloudFormation waits an hour at most; do in the background what takes longer, while both versions work with both forms of the data');
  }
}
