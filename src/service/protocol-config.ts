import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';

/** What follows from a protocol, for all who must agree on it: target group, load balancer, port mapping, Service Connect. */
export interface ProtocolConfig {
  /** What errors call it. */
  readonly name: string;
  /** What comes before the name of the service in its endpoint. */
  readonly scheme: string;
  /** How the proxy of Service Connect reads the traffic; undefined: as bytes. */
  readonly appProtocol?: ecs.AppProtocol;
  readonly transport: ecs.Protocol;
  /** Whether there is a port at all. */
  readonly listens: boolean;
  /** Whether an Application Load Balancer can stand before it. */
  readonly isHttp: boolean;
  /** The version of the target group; undefined: HTTP/1.1. */
  readonly version?: 'HTTP2' | 'GRPC';
  readonly successCodes?: string;
  readonly stickyFor?: Duration;
  readonly idleTimeout?: Duration;
}
