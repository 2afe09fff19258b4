import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Duration } from 'aws-cdk-lib/core';
import type { DeploymentStage } from './deployment-stage';

/** Options of `DeploymentHook.lambdaFunction`. */
export interface LambdaHookOptions {
  /** When the function is called: at each of these stages. */
  readonly stages: DeploymentStage[];

  /**
   * What the function finds in the `hookDetails` of its event. It stands in the template: no secret.
   *
   * @default - nothing
   */
  readonly details?: { [name: string]: string };
}

/** Options of `DeploymentHook.smokeTest`. */
export interface SmokeTestOptions {
  /** The path that is asked for, with its query: `/orders/health?deep=1`. It must be one that the service's route takes. */
  readonly path: string;

  /**
   * The status that the answer must have, 200 to 599. A redirect is not followed.
   *
   * @default 200
   */
  readonly status?: number;

  /**
   * Headers that the request has beside those of the test route. They stand in the template: no secret.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };

  /**
   * How long the test asks again until the status is right, 1 to 600 seconds. One answer may take 10 seconds.
   *
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration;

  /**
   * The host that is asked, and in whose name the certificate must be.
   *
   * @default - the first host of the service's route that has no wildcard, else the one of the load balancer's address
   */
  readonly host?: string;
}

/** What happens where nobody has answered in time. */
export enum ApprovalTimeoutAction {
  /** The old version stays. */
  ROLLBACK = 'ROLLBACK',
  /** The deployment goes on. */
  CONTINUE = 'CONTINUE',
}

/** Options of `DeploymentHook.approval`. */
export interface ApprovalOptions {
  /** Who is told that a deployment waits, with the commands that let it go on or roll it back. */
  readonly notify: sns.ITopic;

  /**
   * How long the deployment waits, 1 minute to 33 hours, in whole minutes. The stack waits too.
   *
   * @default Duration.hours(1)
   */
  readonly timeout?: Duration;

  /**
   * What happens then.
   *
   * @default ApprovalTimeoutAction.ROLLBACK
   */
  readonly timeoutAction?: ApprovalTimeoutAction;

  /**
   * Where the deployment waits. With canary and linear, `PRE_PRODUCTION_TRAFFIC_SHIFT` waits before each step.
   *
   * @default - `POST_TEST_TRAFFIC_SHIFT` with a test route, else `POST_SCALE_UP`
   */
  readonly stage?: DeploymentStage;
}
