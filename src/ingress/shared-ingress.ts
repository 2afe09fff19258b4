import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import { Duration, Lazy, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { enableAccessLogs } from './access-logs';
import { MAX_CERTIFICATES, warnNearLimit } from './ingress-limits';
import type { IngressWaf } from './ingress-waf';
import type { ISharedIngress } from './ishared-ingress';
import type { PriorityRange } from './priority-range';
import { RouteTable } from './route-table';
import { TestListener, TestListeners } from './test-listeners';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { fail } from '../private/fail';
import { defaultsOf } from '../private/profile-defaults';
import { isNear, MAX_SECURITY_GROUP_RULES } from '../private/quotas';
import { warn, WarningId } from '../private/warnings';

/** What `ClusterIngress` decides. */
interface SharedIngressProps {
  readonly vpc: ec2.IVpc;
  readonly profile: ClusterProfile;
  readonly internetFacing: boolean;
  /** By default the public ones. */
  readonly subnets?: ec2.SubnetSelection;
  /** Who may call an internal load balancer. */
  readonly allowedSources?: ec2.IPeer[];
  readonly dualStack?: boolean;
  readonly waf?: IngressWaf;
  readonly priorities?: PriorityRange;
  readonly ruleQuota?: number;
  readonly domainName?: string;
  readonly hostedZone?: route53.IHostedZone;
  readonly certificates?: acm.ICertificate[];
}

/**
 * One Application Load Balancer that many services share, each with rules of its own.
 *
 * Get it from `cluster.publicIngress()` or `cluster.internalIngress()`. Its security group lets out everything: an outbound rule for each service would end at
 * 60 services, and sign-in by OpenID Connect needs the internet.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 */
export class SharedIngress extends Construct implements ISharedIngress {
  /** @internal */
  public static _create(scope: Construct, id: string, props: SharedIngressProps): SharedIngress {
    return new SharedIngress(scope, id, props);
  }

  /** The load balancer: the escape hatch to what this class has no word for. */
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;

  /** The listener that holds the rules of all services. */
  public readonly listener: elbv2.ApplicationListener;

  public readonly listenerArn: string;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly loadBalancerFullName: string;
  public readonly url: string;
  public readonly isHttps: boolean;

  /** @internal */
  public readonly _identity: string;

  /** @internal */
  public readonly _routes: RouteTable;

  private readonly testListeners: TestListeners;
  private longestRequestSeconds = 60;

  private constructor(scope: Construct, id: string, props: SharedIngressProps) {
    super(scope, id);
    if (props.internetFacing) rejectPrivateNetwork(this, props.vpc);
    rejectSingleZone(this, props);
    if (props.dualStack === true) rejectIpv4Network(this, props.vpc);
    this._identity = `${this.node.path} ${props.internetFacing}`; // of what replaces a load balancer, only the scheme can change here
    this._routes = new RouteTable(props.priorities, props.ruleQuota);

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc, allowAllOutbound: true, description: `${props.internetFacing ? 'Public' : 'Internal'} load balancer`,
    });
    this.loadBalancer = this.createLoadBalancer(props);
    this.loadBalancerFullName = this.loadBalancer.loadBalancerFullName;
    enableAccessLogs(this, this.loadBalancer, props.profile);

    const certificates = props.certificates ?? this.createCertificate(props);
    this.isHttps = certificates.length > 0;
    this.testListeners = new TestListeners(this.loadBalancer, certificates);
    this.listener = this.isHttps ? this.createHttpsListener(certificates, props) : this.createHttpListener(props);
    this.listenerArn = this.listener.listenerArn;
    this.url = `${this.isHttps ? 'https' : 'http'}://${props.domainName ?? this.loadBalancer.loadBalancerDnsName}`;
    this.createRecords(props);
    this.checkLimits(certificates, props);
    props.waf?._bind(this, this.loadBalancer.loadBalancerArn);
  }

  /** @internal */
  public _allowRequestTime(time: Duration): void {
    if (!time.isUnresolved()) {
      this.longestRequestSeconds = Math.max(this.longestRequestSeconds, time.toSeconds());
    }
  }

  /** @internal */
  public _testListener(port: number, allowedSources: ec2.IPeer[]): TestListener {
    return this.testListeners.get(port, allowedSources);
  }

  private createLoadBalancer(props: SharedIngressProps): elbv2.ApplicationLoadBalancer {
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc: props.vpc,
      internetFacing: props.internetFacing,
      vpcSubnets: props.subnets,
      ipAddressType: props.dualStack === true ? elbv2.IpAddressType.DUAL_STACK : undefined,
      securityGroup: this.securityGroup,
      deletionProtection: defaultsOf(props.profile).deletionProtection,
      dropInvalidHeaderFields: true,
    });
    loadBalancer.setAttribute('idle_timeout.timeout_seconds', Lazy.string({ produce: () => String(this.longestRequestSeconds) }));
    return loadBalancer;
  }

  private createCertificate(props: SharedIngressProps): acm.ICertificate[] {
    if (props.domainName === undefined || props.hostedZone === undefined) return [];
    return [new acm.Certificate(this, 'Certificate', {
      domainName: props.domainName,
      validation: acm.CertificateValidation.fromDns(props.hostedZone),
    })];
  }

  private createHttpsListener(certificates: acm.ICertificate[], props: SharedIngressProps): elbv2.ApplicationListener {
    this.addListener('HttpListener', props, {
      port: 80,
      protocol: elbv2.ApplicationProtocol.HTTP,
      defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
    return this.addListener('HttpsListener', props, {
      port: 443,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS,
      certificates,
      defaultAction: notFound(),
    });
  }

  private createHttpListener(props: SharedIngressProps): elbv2.ApplicationListener {
    if (props.internetFacing) {
      warn(this, WarningId.INGRESS_WITHOUT_TLS, 'the public load balancer speaks plain HTTP: anybody on the way can read and change requests; '
        + "give 'ingress: ClusterIngress.publicAlb({ domainName, hostedZone })' or 'certificates' to the cluster");
    }
    return this.addListener('HttpListener', props, { port: 80, protocol: elbv2.ApplicationProtocol.HTTP, defaultAction: notFound() });
  }

  /** Adds a listener and opens its port: to the internet, or to those who may call the internal load balancer. */
  private addListener(id: string, props: SharedIngressProps, listener: elbv2.BaseApplicationListenerProps): elbv2.ApplicationListener {
    const added = this.loadBalancer.addListener(id, { ...listener, open: props.internetFacing });
    props.allowedSources?.forEach((source) => added.connections.allowDefaultPortFrom(source, 'Callers inside the network'));
    return added;
  }

  /** A load balancer with IPv4 addresses only has none to put into an AAAA record. */
  private createRecords(props: SharedIngressProps): void {
    if (props.domainName === undefined || props.hostedZone === undefined) return;
    const record = {
      zone: props.hostedZone,
      recordName: props.domainName,
      target: route53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(this.loadBalancer)),
    };
    new route53.ARecord(this, 'AliasRecord', record);
    if (props.dualStack === true) new route53.AaaaRecord(this, 'Ipv6AliasRecord', record);
  }

  private checkLimits(certificates: acm.ICertificate[], { allowedSources = [] }: SharedIngressProps): void {
    const sources = allowedSources.length * (this.isHttps ? 2 : 1);
    if (sources > MAX_SECURITY_GROUP_RULES) {
      fail(this, `'allowedSources' must come to ${MAX_SECURITY_GROUP_RULES} rules of the load balancer's security group at most, one for each source and port, got ${sources}; `
        + 'use wider address ranges or a prefix list');
    }
    if (isNear(certificates.length - 1, MAX_CERTIFICATES)) warnNearLimit(this, `${MAX_CERTIFICATES} further certificates`);
    if (isNear(sources, MAX_SECURITY_GROUP_RULES)) warnNearLimit(this, `${MAX_SECURITY_GROUP_RULES} rules of its security group`);
  }
}

function rejectPrivateNetwork(scope: Construct, vpc: ec2.IVpc): void {
  if (vpc.publicSubnets.length === 0) {
    fail(scope, "'network' has no public subnets, so a load balancer in it cannot be reached from the internet; "
      + 'give a VPC with public subnets in two zones, or leave out the internet-facing routes');
  }
}

/** An Application Load Balancer stands in two zones at least: of fewer, the deployment would fail. */
function rejectSingleZone(scope: Construct, { vpc, internetFacing, subnets }: SharedIngressProps): void {
  const chosen = vpc.selectSubnets(subnets ?? (internetFacing ? { subnetType: ec2.SubnetType.PUBLIC } : undefined));
  if (Token.isUnresolved(chosen.subnetIds) || Token.isUnresolved(chosen.availabilityZones)) return;
  const zones = new Set(chosen.availabilityZones);
  if (zones.size < 2) {
    fail(scope, `'network' must have ${internetFacing ? 'public ' : ''}subnets in 2 zones or more for a load balancer, got ${zones.size} zone; `
      + 'give a network with two zones, or do without routes through a load balancer');
  }
}

/** A VPC that this app makes tells whether it has IPv6. */
function rejectIpv4Network(scope: Construct, vpc: ec2.IVpc): void {
  if (vpc instanceof ec2.Vpc && vpc.node.tryFindChild('ipv6cidr') === undefined) {
    fail(scope, "'dualStack' needs a network with IPv6, and this one has IPv4 only; pass a VPC with 'ipProtocol: ec2.IpProtocol.DUAL_STACK' to "
      + 'ClusterNetwork.existing, or omit it');
  }
}

/** What no rule matches is nobody's: not the first service's, as a default target group would make it. */
function notFound(): elbv2.ListenerAction {
  return elbv2.ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'Not Found' });
}
