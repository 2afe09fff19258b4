import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { checkExisting, ExistingIngress } from './existing-ingress';
import type { ExistingIngressOptions } from './existing-ingress-options';
import { MAX_CERTIFICATES } from './ingress-limits';
import { IngressRole } from './ingress-role';
import type { IngressWaf } from './ingress-waf';
import type { ISharedIngress } from './ishared-ingress';
import type { PriorityRange } from './priority-range';
import { SharedIngress } from './shared-ingress';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { checkInteger } from '../private/check';
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
   * The certificates of the HTTPS listener, of the same Region: the first is the default one, and 25 may follow.
   *
   * @default - one made for `domainName`; without a domain, plain HTTP and a warning
   */
  readonly certificates?: acm.ICertificate[];

  /**
   * Whether callers reach it by IPv6 too. The network's public subnets must have IPv6 addresses and routes; tasks are still called by IPv4.
   *
   * @default - false: IPv4 only, and an A record without an AAAA record
   */
  readonly dualStack?: boolean;

  /**
   * A web application firewall before all routes.
   *
   * @default - none
   */
  readonly waf?: IngressWaf;

  /**
   * How many rules the load balancer may have. Raise it after AWS has raised the quota of your account.
   *
   * @default 100
   */
  readonly ruleQuota?: number;
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
   * The certificates of the HTTPS listener, of the same Region. The first is the default one; 25 may follow.
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

  /**
   * A web application firewall before all routes.
   *
   * @default - none
   */
  readonly waf?: IngressWaf;

  /**
   * How many rules the load balancer may have. Raise it after AWS has raised the quota of your account.
   *
   * @default 100
   */
  readonly ruleQuota?: number;
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
    checkOptions(options);
    return new ClusterIngress('publicAlb', (cluster, role, priorities) => SharedIngress._create(cluster, ingressId(role), {
      ...options, vpc: cluster.vpc, profile: cluster.profile, internetFacing: true, priorities,
    }), IngressRole.PUBLIC);
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
    checkOptions(options);
    return new ClusterIngress('internalAlb', (cluster, role, priorities) => SharedIngress._create(cluster, ingressId(role), {
      ...options,
      priorities,
      vpc: cluster.vpc,
      profile: cluster.profile,
      internetFacing: false,
      subnets: { ...cluster.taskSubnets, onePerAz: true }, // a load balancer takes one subnet of a zone
      allowedSources: options.allowedSources ?? [ec2.Peer.ipv4(addressRangeOf(cluster))],
    }), IngressRole.INTERNAL);
  }

  /**
   * A listener that exists: of this app, of another one, or made by hand.
   *
   * Creates nothing but what routes create: target groups and rules. Its default action, certificates and logs stay as they are.
   *
   * @example
   * declare const securityGroup: ec2.ISecurityGroup;
   * new FargateCluster(this, 'Platform', {
   *   ingress: ClusterIngress.existing({
   *     listenerArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/company/0123456789abcdef/fedcba9876543210',
   *     securityGroup,
   *     url: 'https://api.example.com',
   *     priorities: { first: 10001, last: 20000 },
   *   }),
   * });
   */
  public static existing(options: ExistingIngressOptions): ClusterIngress {
    checkExisting(options);
    return new ClusterIngress('existing', (cluster, role, priorities) => new ExistingIngress(cluster, ingressId(role), {
      ...options, priorities: options.priorities ?? priorities,
    }));
  }

  /** @param only the one place of a cluster that it fits; any if undefined */
  private constructor(private readonly kind: string, private readonly bind: Bind, private readonly only?: IngressRole) {
  }

  /**
   * @param priorities the numbers of this app's rules, where other apps have some too
   *
   * @internal
   */
  public _bind(cluster: IFargateCluster, role: IngressRole, priorities?: PriorityRange): ISharedIngress {
    if (this.only !== undefined && this.only !== role) {
      const prop = role === IngressRole.PUBLIC ? 'ingress' : 'internalIngress';
      fail(cluster, `'${prop}' must be ClusterIngress.${role === IngressRole.PUBLIC ? 'publicAlb' : 'internalAlb'} or ClusterIngress.existing, got `
        + `ClusterIngress.${this.kind}; pass it as '${role === IngressRole.PUBLIC ? 'internalIngress' : 'ingress'}'`);
    }
    return this.bind(cluster, role, priorities);
  }
}

type Bind = (cluster: IFargateCluster, role: IngressRole, priorities?: PriorityRange) => ISharedIngress;

function ingressId(role: IngressRole): string {
  return `${role}Ingress`;
}

/** What both kinds of load balancers are given. */
type CommonOptions = Pick<PublicAlbOptions, keyof PublicAlbOptions & keyof InternalAlbOptions>;

function checkOptions({ domainName, hostedZone, certificates, ruleQuota }: CommonOptions): void {
  if (domainName !== undefined && hostedZone === undefined) {
    fail(undefined, `'domainName' needs 'hostedZone' to make its record in, got only ${JSON.stringify(domainName)}; `
      + 'pass the zone, or pass certificates alone and make the record yourself');
  }
  if (hostedZone !== undefined && domainName === undefined) {
    fail(undefined, "'hostedZone' needs 'domainName': the name to make in the zone; add it");
  }
  if (hostedZone !== undefined && certificates === undefined && hostedZone instanceof route53.PrivateHostedZone) {
    fail(undefined, "'hostedZone' is a private one, in which no certificate can be validated; give 'certificates' too");
  }
  if ((certificates?.length ?? 0) > MAX_CERTIFICATES + 1) {
    fail(undefined, `'certificates' must be ${MAX_CERTIFICATES + 1} at most, the default one among them, got ${certificates?.length}; use wildcard certificates`);
  }
  checkInteger(undefined, 'ruleQuota', ruleQuota, 1, 45000, 'take it from the Service Quotas of your account');
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
