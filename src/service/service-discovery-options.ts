import type * as acmpca from 'aws-cdk-lib/aws-acmpca';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import type { Duration } from 'aws-cdk-lib/core';

/** Options of `ServiceDiscovery.serviceConnect`. */
export interface ServiceConnectOptions {
  /**
   * The name by which other services of the cluster call this one: a DNS label, unique in the cluster.
   *
   * Under the hood, this is the discovery name and client alias in Service Connect.
   *
   * @default - the construct id in kebab case: `OrdersApi` is `orders-api`
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts.html
   */
  readonly name?: string;

  /**
   * How long the proxy keeps a connection on which nothing happens, in whole seconds; 0 keeps it for ever. It must not be shorter than `requestTimeout`,
   * which it would cut off.
   *
   * Under the hood, this is `TimeoutConfiguration.IdleTimeoutSeconds`.
   *
   * @default - 5 minutes for HTTP and gRPC, 1 hour for TCP, which are AWS's own; for WebSockets what the protocol says
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TimeoutConfiguration.html
   */
  readonly idleTimeout?: Duration;

  /**
   * How long the proxy waits for the answer to a request, in whole seconds, `maxRequestTime` or more; 0 waits for ever, for streams. Not for TCP.
   *
   * Under the hood, this is `TimeoutConfiguration.PerRequestTimeoutSeconds`.
   *
   * @default - the service's `maxRequestTime`; for WebSockets, none
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TimeoutConfiguration.html
   */
  readonly requestTimeout?: Duration;

  /**
   * Writes a line for each request that goes through the proxy of a task, as client or as server, into the service's own log group. Logs cost by the GiB.
   *
   * Under the hood, this is `AccessLogConfiguration`.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-envoy-access-logs.html
   */
  readonly accessLogs?: ecs.ServiceConnectAccessLogFormat;

  /**
   * Whether access logs have the query of each request. It may hold what nobody should read.
   *
   * @default false
   */
  readonly logQueries?: boolean;

  /**
   * Encrypts what the proxies of callers and of this service say to each other. Applications notice nothing: they speak plainly to their proxy, by the same URL.
   *
   * @default - not encrypted: traffic stays inside the VPC
   */
  readonly tls?: ServiceConnectTls;
}

/** TLS between the proxies of Service Connect. */
export interface ServiceConnectTls {
  /**
   * Who signs the certificates, which ECS makes, hands out and replaces every five days: an authority of AWS Private CA, which costs by the month.
   *
   * It must have the tag `AmazonECSManaged` with the value `true`, or ECS may not use it. For certificates as short-lived as these, its cheaper mode
   * `SHORT_LIVED_CERTIFICATE` is enough.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
   */
  readonly certificateAuthority: acmpca.ICertificateAuthority;

  /**
   * The key that encrypts the private keys at rest.
   *
   * @default - a key of AWS's own
   */
  readonly key?: kms.IKey;
}

/** Options of `ServiceDiscovery.dns`. */
export interface DnsDiscoveryOptions {
  /**
   * The private domain, in AWS Cloud Map, in which the service has its name. It must be of the cluster's VPC. Its hosted zone costs by the month.
   *
   * @see https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-namespaces.html
   */
  readonly namespace: servicediscovery.INamespace;

  /**
   * The name of the service in the domain: a DNS label.
   *
   * @default - the construct id in kebab case: `OrdersApi` is `orders-api`
   */
  readonly name?: string;

  /**
   * How long callers may remember the addresses of the tasks, 1 second to 1 hour. A longer time means more calls to tasks that are gone.
   *
   * Under the hood, this is the TTL of the A records.
   *
   * @default Duration.seconds(10)
   */
  readonly timeToLive?: Duration;
}
