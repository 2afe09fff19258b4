import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration, Token, Tokenization } from 'aws-cdk-lib/core';
import type { ProtocolConfig } from './protocol-config';
import type { GrpcProtocolOptions, HttpProtocolOptions, WebSocketProtocolOptions } from './service-protocol-options';
import { checkSeconds } from '../private/check';
import { fail, show } from '../private/fail';

/** Application Load Balancers ask for this path by themselves where a gRPC target group has none. No server has the method. */
const GRPC_HEALTH_CHECK_PATH = '/AWS.ALB/healthcheck';

/**
 * What a service speaks on its port: one choice for the target group, the load balancer, the port mapping and Service Connect, which must agree.
 *
 * A value holds no state: it may serve several services.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-protocol-version
 */
export class ServiceProtocol {
  /**
   * HTTP/1.1: what nearly all web servers speak. The load balancer itself takes HTTP/2 from clients all the same.
   *
   * @example
   * new EcsMicroservice(this, 'Cart', {
   *   cluster,
   *   image,
   *   protocol: ServiceProtocol.http1({ stickyFor: Duration.hours(1) }),
   *   routes: [ServiceRoute.internetFacing({ paths: ['/cart/*'] })],
   * });
   */
  public static http1(options: HttpProtocolOptions = {}): ServiceProtocol {
    return new ServiceProtocol({ ...HTTP, ...checkHttp(options) });
  }

  /**
   * HTTP/2 without TLS (h2c, with prior knowledge) between load balancer and task, for streams in both directions. Its routes need a load balancer with
   * HTTPS, and cannot ask users to sign in.
   *
   * @example
   * new EcsMicroservice(this, 'Streams', {
   *   cluster,
   *   image,
   *   protocol: ServiceProtocol.http2(),
   *   routes: [ServiceRoute.internetFacing({ paths: ['/streams/*'] })],
   * });
   */
  public static http2(options: HttpProtocolOptions = {}): ServiceProtocol {
    return new ServiceProtocol({ ...HTTP, ...checkHttp(options), name: 'HTTP/2', appProtocol: ecs.AppProtocol.http2, version: 'HTTP2' });
  }

  /**
   * gRPC. Its routes need a load balancer with HTTPS, cannot ask users to sign in, and match `/package.Service/Method` as the path.
   *
   * Without a `healthCheck.path`, the load balancer calls a method that no server has, and the answer "unimplemented" shows that a gRPC server listens.
   * A server with the standard health service says more: give `/grpc.health.v1.Health/Check`, which must answer OK.
   *
   * @example
   * new EcsMicroservice(this, 'Quotes', {
   *   cluster,
   *   image,
   *   protocol: ServiceProtocol.grpc(),
   *   healthCheck: { path: '/grpc.health.v1.Health/Check' },
   *   routes: [ServiceRoute.internetFacing({ paths: ['/shop.Quotes/*'] })],
   * });
   */
  public static grpc(options: GrpcProtocolOptions = {}): ServiceProtocol {
    checkCodes(options.successCodes, 0, 99, '0,12');
    return new ServiceProtocol({
      ...HTTP, name: 'gRPC', scheme: 'grpc', appProtocol: ecs.AppProtocol.grpc, version: 'GRPC', successCodes: options.successCodes,
    });
  }

  /**
   * HTTP/1.1 whose connections become WebSockets: the idle time-outs of load balancer and Service Connect let them live, and no request ends by its age.
   *
   * When a task is replaced, its connections have the service's `maxRequestTime` to end: clients must connect anew.
   *
   * @example
   * new EcsMicroservice(this, 'Chat', {
   *   cluster,
   *   image,
   *   protocol: ServiceProtocol.webSocket({ idleTimeout: Duration.minutes(10) }),
   *   routes: [ServiceRoute.internetFacing({ paths: ['/chat'] })],
   * });
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html#listener-configuration
   */
  public static webSocket(options: WebSocketProtocolOptions = {}): ServiceProtocol {
    checkSeconds(undefined, 'idleTimeout', options.idleTimeout, 1, 4000, 'let one side send a ping more often than the time that you give');
    return new ServiceProtocol({ ...HTTP, ...checkHttp(options), name: 'WebSocket', idleTimeout: options.idleTimeout ?? Duration.minutes(5) });
  }

  /**
   * Bytes over TCP that are not HTTP, such as the protocol of a database. Reached by `connectTo` and by `ServiceRoute.tcp` and `ServiceRoute.tls`.
   *
   * @example
   * new EcsMicroservice(this, 'Broker', {
   *   cluster,
   *   image,
   *   port: 1883,
   *   protocol: ServiceProtocol.tcp(),
   *   routes: [ServiceRoute.tcp({ port: 1883 })],
   * });
   */
  public static tcp(): ServiceProtocol {
    return new ServiceProtocol({ name: 'TCP', scheme: 'tcp', transport: ecs.Protocol.TCP, listens: true, isHttp: false });
  }

  /**
   * Datagrams over UDP. Reached by `ServiceRoute.udp` alone: Service Connect knows no UDP.
   *
   * Health checks go by TCP, to the same port or to the `healthCheckPort` of the route: the application must listen there too.
   *
   * @example
   * new EcsMicroservice(this, 'Syslog', {
   *   cluster,
   *   image,
   *   port: 5514,
   *   protocol: ServiceProtocol.udp(),
   *   routes: [ServiceRoute.udp({ port: 514, healthCheckPort: 8080 })],
   * });
   */
  public static udp(): ServiceProtocol {
    return new ServiceProtocol({ name: 'UDP', scheme: 'udp', transport: ecs.Protocol.UDP, listens: true, isHttp: false });
  }

  /**
   * Nothing: the service listens on no port. It calls others, and nobody calls it, such as the consumer of a stream.
   *
   * The container has neither `PORT` nor `KEEP_ALIVE_TIMEOUT`, and its security group lets nobody in. What ECS knows of its health is its process, and
   * `container.healthCheck`. `port`, `routes`, `healthCheck` and `discovery` are errors.
   *
   * @example
   * new EcsMicroservice(this, 'Ticker', {
   *   cluster,
   *   image,
   *   protocol: ServiceProtocol.noPort(),
   *   container: { healthCheck: { command: ['CMD-SHELL', 'test -f /tmp/alive'] } },
   * });
   */
  public static noPort(): ServiceProtocol {
    return new ServiceProtocol({ name: 'nothing', scheme: 'none', transport: ecs.Protocol.TCP, listens: false, isHttp: false });
  }

  private constructor(private readonly config: ProtocolConfig) {
  }

  /** @internal */
  public _bind(): ProtocolConfig {
    return this.config;
  }

  /**
   * The path of the health check where the user gives none.
   *
   * @internal
   */
  public get _healthCheckPath(): string {
    return this.config.version === 'GRPC' ? GRPC_HEALTH_CHECK_PATH : '/';
  }

  /**
   * What the target group of an Application Load Balancer must say. HTTP/1.1 is the default of AWS: nothing is written.
   *
   * @internal
   */
  public _targetGroup(healthCheckPath: string): Pick<elbv2.CfnTargetGroupProps, 'protocolVersion' | 'matcher'> {
    const { version, successCodes } = this.config;
    if (version === 'GRPC') {
      return { protocolVersion: version, matcher: { grpcCode: successCodes ?? (healthCheckPath === GRPC_HEALTH_CHECK_PATH ? '12' : '0') } };
    }
    return { protocolVersion: version, matcher: successCodes === undefined ? undefined : { httpCode: successCodes } };
  }

  /** @internal */
  public get _targetGroupAttributes(): elbv2.CfnTargetGroup.TargetGroupAttributeProperty[] {
    if (this.config.stickyFor === undefined) return [];
    return [
      { key: 'stickiness.enabled', value: 'true' },
      { key: 'stickiness.type', value: 'lb_cookie' },
      { key: 'stickiness.lb_cookie.duration_seconds', value: Tokenization.stringifyNumber(this.config.stickyFor.toSeconds()) },
    ];
  }
}

const HTTP: ProtocolConfig = { name: 'HTTP/1.1', scheme: 'http', appProtocol: ecs.AppProtocol.http, transport: ecs.Protocol.TCP, listens: true, isHttp: true };

const DAYS_7 = 604800;

function checkHttp(options: HttpProtocolOptions): Pick<ProtocolConfig, 'successCodes' | 'stickyFor'> {
  checkCodes(options.successCodes, 200, 499, '200-299');
  checkSeconds(undefined, 'stickyFor', options.stickyFor, 1, DAYS_7, 'omit it to share the requests evenly');
  return { successCodes: options.successCodes, stickyFor: options.stickyFor };
}

function checkCodes(codes: string | undefined, min: number, max: number, example: string): void {
  if (codes === undefined || Token.isUnresolved(codes)) return;
  const ranges = codes.split(',').map((range) => range.split('-'));
  const legal = ranges.every((ends) => ends.length <= 2 && ends.every((end) => /^\d{1,3}$/.test(end) && Number(end) >= min && Number(end) <= max)
    && Number(ends[0]) <= Number(ends[ends.length - 1]));
  if (!legal) {
    fail(undefined, `'successCodes' must be codes or ranges between ${min} and ${max} with commas between them, got ${show(codes)}; write '${example}'`);
  }
}
