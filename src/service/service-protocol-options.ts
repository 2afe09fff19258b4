import type { Duration } from 'aws-cdk-lib/core';

/** Options of `ServiceProtocol.http1` and `ServiceProtocol.http2`. */
export interface HttpProtocolOptions {
  /**
   * The status codes of a healthy answer to the health check: one, several or a range, such as `200`, `200,204` or `200-299`; between 200 and 499.
   *
   * @default '200'
   */
  readonly successCodes?: string;

  /**
   * For how long the load balancer leads a client back to the same task, 1 second to 7 days. It sets the cookie `AWSALB` for that.
   *
   * Only for what a task keeps in its memory: a task that is replaced loses its clients all the same, and load is shared less evenly.
   *
   * Under the hood, this is the target group's `stickiness.lb_cookie.duration_seconds`.
   *
   * @default - each request goes to the task whose turn it is
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#sticky-sessions
   */
  readonly stickyFor?: Duration;
}

/** Options of `ServiceProtocol.grpc`. */
export interface GrpcProtocolOptions {
  /**
   * The gRPC status codes of a healthy answer to the health check: one, several or a range, such as `0`, `0,12` or `0-5`; between 0 and 99.
   *
   * @default - `0` (OK) for the path of `healthCheck`; without one, `12` (unimplemented), the answer of any gRPC server to a method that it does not have
   */
  readonly successCodes?: string;
}

/** Options of `ServiceProtocol.webSocket`. */
export interface WebSocketProtocolOptions extends HttpProtocolOptions {
  /**
   * For how long a connection may carry nothing before it is closed, 1 to 4000 seconds.
   *
   * Let one side send a ping more often than that. The load balancer has one such time for all of its services: the longest that one of them asks for.
   *
   * @default Duration.minutes(5)
   */
  readonly idleTimeout?: Duration;
}
