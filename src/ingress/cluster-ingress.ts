import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as route53 from 'aws-cdk-lib/aws-route53';
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

/**
 * The load balancer that the public routes of a cluster share.
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
    if (options.domainName !== undefined && options.hostedZone === undefined) {
      fail(undefined, `'domainName' needs 'hostedZone' to make its record in, got only ${JSON.stringify(options.domainName)}; `
        + 'pass the zone, or pass certificates alone and make the record yourself');
    }
    if (options.hostedZone !== undefined && options.domainName === undefined) {
      fail(undefined, "'hostedZone' needs 'domainName': the name to make in the zone; add it");
    }
    if ((options.certificates?.length ?? 0) > 25) {
      fail(undefined, `'certificates' must be 25 at most, got ${options.certificates?.length}; use wildcard certificates`);
    }
    return new ClusterIngress((cluster) => SharedIngress._create(cluster, 'PublicIngress', {
      vpc: cluster.vpc,
      profile: cluster.profile,
      domainName: options.domainName,
      hostedZone: options.hostedZone,
      certificates: options.certificates,
    }));
  }

  private constructor(private readonly bind: (cluster: IFargateCluster) => SharedIngress) {
  }

  /** @internal */
  public _bind(cluster: IFargateCluster): SharedIngress {
    return this.bind(cluster);
  }
}
