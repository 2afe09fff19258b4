import type { Duration } from 'aws-cdk-lib/core';

/** Options of `deployments.beforeDeploy`. */
export interface DeploymentTaskOptions {
  /**
   * What the container runs instead of its usual command, such as `['node', 'migrate.js']`. It goes to the entry point of the image, as the service's own does.
   *
   * Its last lines of output become part of the error if it fails: it must not print secrets.
   */
  readonly command: string[];

  /**
   * How long it may take, from its request to its end, 1 second to 55 minutes. What takes longer is stopped, and has failed.
   *
   * CloudFormation waits an hour for it, of which a few minutes are kept for stopping and telling. What takes longer than that belongs into the background: let
   * the new version work with both forms of the data, and convert it by a task of its own.
   *
   * @default Duration.minutes(15)
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
   */
  readonly timeout?: Duration;

  /**
   * Variables for this run, beside those of the service. They are no place for secrets: those of the service are there already.
   *
   * @default - those of the service alone
   */
  readonly environment?: Record<string, string>;
}
