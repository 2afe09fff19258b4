import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { RouteTable } from './route-table';
import type { TestListener } from './test-listeners';

/** A load balancer that many services share, each with rules of its own: what a service needs to know of it. */
export interface ISharedIngress extends IConstruct {
  /** The listener that holds the rules of all services. */
  readonly listenerArn: string;

  /** The security group of the load balancer. */
  readonly securityGroup: ec2.ISecurityGroup;

  /** The name of the load balancer in metrics: `app/name/0123456789abcdef`. */
  readonly loadBalancerFullName: string;

  /** Where the services are reached: scheme and domain name, such as `https://api.example.com`. */
  readonly url: string;

  /** Whether the listener speaks HTTPS: only then can it ask users to sign in. */
  readonly isHttps: boolean;

  /**
   * What a target group of this load balancer must not survive: the same text as long as it is the same load balancer, in every synthesis.
   *
   * A target group belongs to one load balancer for life, so the text enters its logical id.
   *
   * @internal
   */
  readonly _identity: string;

  /**
   * The rules that this app puts on the listener.
   *
   * @internal
   */
  readonly _routes: RouteTable;

  /**
   * A request may take this long, or a connection be idle: the load balancer must not cut the connection before. The prop says so to the user.
   *
   * @internal
   */
  _allowRequestTime(time: Duration, prop: string): void;

  /**
   * A listener for test requests, made when its port is asked for the first time. Undefined for a load balancer of another app.
   *
   * @internal
   */
  _testListener?(port: number, allowedSources: ec2.IPeer[]): TestListener;
}
