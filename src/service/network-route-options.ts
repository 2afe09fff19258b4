import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';

/** Options of `ServiceRoute.udp`, and of the other routes through a Network Load Balancer. */
export interface NetworkRouteOptions {
  /**
   * The port of the load balancer, 1 to 65535. It may be another one than the `port` of the service.
   *
   * A port belongs to one service: a second one that asks for it is an error. It must be known at synthesis.
   */
  readonly port: number;

  /**
   * Whether the internet reaches the port. Internal and public ports lie on two load balancers.
   *
   * @default false
   */
  readonly internetFacing?: boolean;

  /**
   * Who may connect: the rules of the load balancer's security group for this port.
   *
   * @default - everybody with `internetFacing`, else the address range of the VPC
   */
  readonly allowedSources?: ec2.IPeer[];

  /**
   * The port that health checks go to, 1 to 65535. The application must listen there by TCP.
   *
   * @default - the `port` of the service
   */
  readonly healthCheckPort?: number;
}

/** Options of `ServiceRoute.tcp`. */
export interface TcpRouteOptions extends NetworkRouteOptions {
  /**
   * Whether the application sees the client's address, rather than that of the load balancer.
   *
   * A client inside the network that is itself a task of the service then cannot reach it through the load balancer. UDP always keeps the address.
   *
   * Under the hood, this is the target group's `preserve_client_ip.enabled`.
   *
   * @default false
   */
  readonly preserveClientIp?: boolean;
}

/** Options of `ServiceRoute.tls`. */
export interface TlsRouteOptions extends TcpRouteOptions {
  /** The certificates of the listener, of the same Region; the first is the default one, 26 at most. */
  readonly certificates: acm.ICertificate[];
}
