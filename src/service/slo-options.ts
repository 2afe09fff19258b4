import type { Duration } from 'aws-cdk-lib/core';

/** Options of `service.alarms.addSlo`: what is promised of a service's requests, over any 30 days. */
export interface SloOptions {
  /**
   * How many of a hundred requests are answered without a server error, 95 to 99.999.
   *
   * What is left to 100 is the error budget: with 99.9, one request in a thousand may fail. A request has failed if the application answered with a status of 500
   * or more, or if the load balancer could not connect to it. Not for gRPC, whose errors have the status 200.
   *
   * @default - no objective; one of the two must be given
   */
  readonly availabilityPercent?: number;

  /**
   * The time within which `latencyPercent` of the requests are answered, in whole milliseconds, less than `maxRequestTime`.
   *
   * Under the hood, this is the percentile rank `PR(:seconds)` of `TargetResponseTime`.
   *
   * @default - no objective; one of the two must be given
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
   */
  readonly latency?: Duration;

  /**
   * How many of a hundred requests are answered within `latency`, 95 to 99.999.
   *
   * @default 99
   */
  readonly latencyPercent?: number;

  /**
   * The guard for times of little traffic: with fewer failures than these in its hour or day, no window of the alarm is on, whatever their share, 1 to 1,000,000.
   *
   * Lower it for a service with so few requests that an outage does not bring ten of them.
   *
   * @default 10
   */
  readonly fewestFailures?: number;
}
