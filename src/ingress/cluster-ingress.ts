import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type { PriorityRange } from './priority-range';
import { SharedIngress } from './shared-ingress';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { fail } from '../private/fail';

/** Options of `ClusterIngress.publicAlb`. */
export interface PublicAlbOptions {
  /**
   * The domain name under which the load balancer is reached, such as `api.example.com`.
   *
   * Needs `hostedZone`. Creates a certificate for it, unless `certificates` are given, and the alias record.
   *
   * @default - the load balancer's own DNS name
   */
  readonly domainName?: string;

  /**
   * The Route 53 zone of `domainName`, in which the certificate is validated and the alias record is made.
   *
   * @default - no records
   */
  readonly hostedZone?: route53.IHostedZone;

  /**
   * The certificates of the HTTPS listener, of the same Region. The first is the default one; 25 at most.
   *
   * @default - one made for `domainName`; without a domain, plain HTTP and a warning
   */
  readonly certificates?: acm.ICertificate[];
}

/** Options of `ClusterIngress.internalAlb`. */
export interface InternalAlbOptions {
  /**
   * The domain name under which the load balancer is reached, such as `api.internal.example.com`.
   *
   * Needs `hostedZone`: a public one, to have a certificate made in it; with a private one give `certificates` too.
   *
   * @default - the load balancer's own DNS name
   */
  readonly domainName?: string;

  /**
   * The Route 53 zone of `domainName`, in which the alias record is made and, unless `certificates` are given, the certificate is validated.
   *
   * @default - no records
   */
  readonly hostedZone?: route53.IHostedZone;

  /**
   * The certificates of the HTTPS listener, of the same Region. The first is the default one; 25 at most.
   *
   * @default - one made for `domainName`; without a domain, plain HTTP
   */
  readonly certificates?: acm.ICertificate[];

  /**
   * Who may call: address ranges, security groups, prefix lists.
   *
   * Give the ranges of peered networks here. Each source is a rule of the load balancer's security group for each of its ports; 60 rules are its limit.
   *
   * @default - the address range of the cluster's VPC
   */
  readonly allowedSources?: ec2.IPeer[];
}

/**
 * The load balancer that the routes of a cluster share: one for those from the internet, one for those from inside the network.
 *
 * One for all services: each further load balancer costs by the hour and a Region has room for 50. A value holds no state.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
 */
export class ClusterIngress {
  /**
   * A public Application Load Balancer, with HTTPS and a redirect from HTTP where a domain or a certificate is given.
   *
   * Creates, once a route asks for it: the load balancer (costs by the hour), its security group open to the internet on its ports, the listeners, a
   * bucket for access logs kept 90 days, and the certificate and the alias record of the domain. What no route matches is answered with 404.
   *
   * @example
   * declare const zone: route53.IHostedZone;
   * new FargateCluster(this, 'Platform', {
   *   ingress: ClusterIngress.publicAlb({ domainName: 'api.example.com', hostedZone: zone }),
   * });
   */
  public static publicAlb(options: PublicAlbOptions = {}): ClusterIngress {
    checkNames(options);
    return new ClusterIngress((cluster, priorities) => SharedIngress._create(cluster, 'PublicIngress', {
      ...options, vpc: cluster.vpc, profile: cluster.profile, internetFacing: true, priorities,
    }));
  }

  /**
   * An Application Load Balancer with private addresses only, for callers inside the VPC and the networks connected with it.
   *
   * Creates, once a route asks for it, what `publicAlb` creates, with private addresses in the cluster's task subnets. Its security group lets in
   * the VPC's own address range alone. Plain HTTP unless a domain or a certificate is given.
   *
   * @example
   * new FargateCluster(this, 'Platform', {
   *   internalIngress: ClusterIngress.internalAlb({ allowedSources: [ec2.Peer.ipv4('10.0.0.0/8')] }),
   * });
   */
  public static internalAlb(options: InternalAlbOptions = {}): ClusterIngress {
    checkNames(options);
    return new ClusterIngress((cluster, priorities) => SharedIngress._create(cluster, 'InternalIngress', {
      ...options,
      vpc: cluster.vpc,
      profile: cluster.profile,
      internetFacing: false,
      priorities,
      allowedSources: options.allowedSources ?? [ec2.Peer.ipv4(addressRangeOf(cluster))],
    }));
  }

  private constructor(private readonly bind: (cluster: IFargateCluster, priorities?: PriorityRange) => SharedIngress) {
  }

  /** @internal */
  public _bind(cluster: IFargateCluster, priorities?: PriorityRange): SharedIngress {
    return this.bind(cluster, priorities);
  }
}

/** The names and certificates that an ingress is given. */
type NamingOptions = Pick<PublicAlbOptions, 'domainName' | 'hostedZone' | 'certificates'>;

function checkNames({ domainName, hostedZone, certificates }: NamingOptions): void {
  if (domainName !== undefined && hostedZone === undefined) {
    fail(undefined, `'domainName' needs 'hostedZone' to make its record in, got only ${JSON.stringify(domainName)}; `
      + 'pass the zone, or pass certificates alone and make the record yourself');
  }
  if (hostedZone !== undefined && domainName === undefined) {
    fail(undefined, "'hostedZone' needs 'domainName': the name to make in the zone; add it");
  }
  if ((certificates?.length ?? 0) > 25) {
    fail(undefined, `'certificates' must be 25 at most, got ${certificates?.length}; use wildcard certificates`);
  }
}

/** An imported VPC tells its range only if it was given one. */
function addressRangeOf(cluster: IFargateCluster): string {
  try {
    return cluster.vpc.vpcCidrBlock;
  } catch {
    return fail(cluster, "'allowedSources' of the internal load balancer is the VPC's address range, which this imported VPC does not tell; "
      + "give 'internalIngress: ClusterIngress.internalAlb({ allowedSources: [ec2.Peer.ipv4('10.0.0.0/16')] })' to the cluster, "
      + "or 'vpcCidrBlock' where the VPC is imported");
  }
}
