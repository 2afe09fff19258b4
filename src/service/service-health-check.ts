import type { Duration } from 'aws-cdk-lib/core';

/**
 * How the load balancer finds out whether a task can take requests. It applies to services with a route.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export interface ServiceHealthCheck {
  /**
   * The path that answers 200 when the task can take requests.
   *
   * Do not let it ask databases or other services: when one of those is down, all tasks would be replaced at once.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * The time between two checks, 5 to 300 seconds.
   *
   * @default Duration.seconds(10)
   */
  readonly interval?: Duration;

  /**
   * How long an answer may take, 2 to 120 seconds and less than the interval.
   *
   * @default Duration.seconds(5)
   */
  readonly timeout?: Duration;

  /**
   * How many good answers in a row make a task healthy, 2 to 10.
   *
   * @default 2
   */
  readonly healthyThreshold?: number;

  /**
   * How many bad answers in a row make a task unhealthy, 2 to 10.
   *
   * @default 3
   */
  readonly unhealthyThreshold?: number;

  /**
   * How long a new task may take to start before bad answers count.
   *
   * @default - 60 seconds, or twice the service's `maxRequestTime` where that is longer
   */
  readonly gracePeriod?: Duration;
}
