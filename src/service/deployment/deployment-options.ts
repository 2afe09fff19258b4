import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Duration } from 'aws-cdk-lib/core';
import type { DeploymentHook } from './deployment-hook';
import type { TestRoute } from './test-route';

/** Options of `ServiceDeployment.rolling`. */
export interface RollingDeploymentOptions {
  /**
   * How many healthy tasks must remain while tasks are replaced, in percent of the desired count, 0 to 100.
   *
   * @default 100
   */
  readonly minHealthyPercent?: number;

  /**
   * How many tasks may run while tasks are replaced, in percent of the desired count, 101 to 200.
   *
   * @default 200
   */
  readonly maxHealthyPercent?: number;

  /**
   * After how many tasks that fail to start or to become healthy the deployment is given up, 1 to 1000.
   *
   * @default - half of the desired count, at least 3 and at most 200
   */
  readonly failureThreshold?: number;

  /**
   * Whether the alarms on the service's requests roll a deployment back: unhealthy hosts, server errors, latency. They exist in production, with a route of HTTP.
   *
   * @default true
   */
  readonly rollBackOnServiceAlarms?: boolean;

  /**
   * Alarms of your own that roll a deployment back. They must not name the service, such as by `service.metrics.cpuUtilization()`: it would wait for itself.
   *
   * @default - none
   */
  readonly rollbackAlarms?: cloudwatch.IAlarm[];
}

/** Options of `ServiceDeployment.blueGreen`. */
export interface BlueGreenDeploymentOptions {
  /**
   * How long the old version goes on running after all requests have moved, so that a rollback takes seconds: 0 to 1440 minutes, whole ones.
   *
   * Both versions cost money meanwhile.
   *
   * @default Duration.minutes(10)
   */
  readonly bakeTime?: Duration;

  /**
   * How the new version is reached before it gets live requests.
   *
   * @default - not at all
   */
  readonly testRoute?: TestRoute;

  /**
   * What decides in the course of a deployment whether it goes on.
   *
   * @default - none
   */
  readonly hooks?: DeploymentHook[];

  /**
   * Whether the alarms on the service's requests roll a deployment back: unhealthy hosts, server errors, latency. They exist in production.
   *
   * @default true
   */
  readonly rollBackOnServiceAlarms?: boolean;

  /**
   * Alarms of your own that roll a deployment back. They must not name the service, such as by `service.metrics.cpuUtilization()`: it would wait for itself.
   *
   * @default - none
   */
  readonly rollbackAlarms?: cloudwatch.IAlarm[];
}

/** Options of `ServiceDeployment.canary`. */
export interface CanaryDeploymentOptions extends BlueGreenDeploymentOptions {
  /**
   * The part of the requests that the new version gets first, in percent: 0.1 to 100, in steps of 0.1.
   *
   * @default 10
   */
  readonly percent?: number;

  /**
   * How long it keeps that part before it gets all requests: 0 to 1440 minutes, whole ones. The alarms need at least three minutes to see anything.
   *
   * @default Duration.minutes(10)
   */
  readonly stepBakeTime?: Duration;
}

/** Options of `ServiceDeployment.linear`. */
export interface LinearDeploymentOptions extends BlueGreenDeploymentOptions {
  /**
   * The part of the requests that moves in each step, in percent: 3 to 100, in steps of 0.1.
   *
   * @default 20
   */
  readonly stepPercent?: number;

  /**
   * How long each step lasts: 0 to 1440 minutes, whole ones.
   *
   * @default Duration.minutes(5)
   */
  readonly stepBakeTime?: Duration;
}
