import type { CfnResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { DeploymentTask } from './deployment-task';
import type { DeploymentTaskOptions } from './deployment-task-options';
import { DeploymentTasks, DeployedService } from './deployment-tasks';
import { ServicePreflight } from './service-preflight';

/**
 * What happens around the deployments of a service. Get it from `service.deployments`.
 */
export class ServiceDeployments {
  /** @internal */
  public static _create(scope: Construct, service: DeployedService): ServiceDeployments {
    return new ServiceDeployments(scope, service);
  }

  private readonly tasks: { runner?: DeploymentTasks; readonly resources: CfnResource[] } = { resources: [] };
  private check?: ServicePreflight;

  private constructor(private readonly scope: Construct, private readonly service: DeployedService) {
  }

  /**
   * Runs a command in the new version's image before the service gets that version: a database migration, for instance.
   *
   * It runs in a task of its own, from the service's task definition: with its image, secrets, environment, roles, network and size, on the service's instances, or on
   * Fargate on demand. It runs once for each revision of the task definition and for each change of `command` and `environment`, and in no other update. The
   * old version of the service is still running meanwhile, and goes on if the command fails: so a migration must leave it working. If it fails (an exit code
   * other than 0, or `timeout`), the deployment stops there, and the end of its log is in the error of CloudFormation. A rollback of the stack runs nothing, neither the old
   * nor the new migration. Several run one after another, in the order in which they are declared.
   *
   * Creates a Lambda function with a role and a log group, once for each service, and a custom resource. Lambda charges for the time that the command takes, one or
   * two cents for an hour, and the task costs what a task costs. It is not in Service Connect: give it an address, not the name of another service.
   *
   * Under the hood, this is `RunTask` with the command as `containerOverrides`.
   *
   * @param id the construct id of the task, unique in the service; with another one it is another task, which runs with the next deployment
   * @returns the task. What it needs and the service's own tasks would merely wait for, it must be told: `migrate.node.addDependency(database)` for the rule that lets
   *   the service into the security group of its database
   *
   * @example
   * declare const orders: EcsMicroservice;
   * orders.deployments.beforeDeploy('Migrate', { command: ['node', 'migrate.js'], timeout: Duration.minutes(10) });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
   */
  public beforeDeploy(id: string, options: DeploymentTaskOptions): Construct {
    this.tasks.runner ??= new DeploymentTasks(this.scope, 'DeploymentTasks', this.service);
    const task = new DeploymentTask(this.tasks.runner, id, options);
    this.tasks.resources.push(task.resource);
    if (this.check !== undefined) task.resource.addDependency(this.check.resource);
    return task;
  }

  /**
   * Looks, before the service is created, whether its image and its secrets are there, so that a deployment says within a minute what is missing, instead of
   * starting tasks in vain until the circuit breaker opens. It looks again in each update that names another image or secret; never in a rollback.
   *
   * Looked for: the image of the main container, by tag or digest, if it is in Amazon ECR (the CDK pushes its own assets before; other registries cannot be asked);
   * each secret and parameter of all containers; a value; and each key of the JSON that is asked for. All that is missing is said at once, without any value.
   *
   * Creates a Lambda function with a role and a log group, and a custom resource; they cost next to nothing. Its role may describe these secrets, and read those of
   * which a key is asked for. A secret with a key of your own whose policy names each reader must name this role too.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * orders.deployments.preflight();
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
   */
  public preflight(): void {
    if (this.check !== undefined) return;
    const { resource } = this.check = new ServicePreflight(this.scope, 'Preflight', this.service);
    [this.service.service, ...this.tasks.resources].forEach((waiting) => waiting.addDependency(resource));
  }
}
