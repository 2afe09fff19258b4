import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { enableAccessLogs } from './access-logs';
import type { INetworkIngress } from './inetwork-ingress';
import { PortTable } from './port-table';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { fail } from '../private/fail';
import { defaultsOf } from '../private/profile-defaults';

/**
 * One Network Load Balancer that many services share, each with ports of its own.
 *
 * Get it from `cluster.internalNetworkIngress()` or `cluster.publicNetworkIngress()`. It is made when the first route asks for it and costs by the hour.
 * Its security group lets in what the routes ask for and lets out everything. It reaches tasks in all zones, which is charged for bytes between zones:
 * otherwise a zone with fewer tasks would have the busier ones.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html
 */
export class NetworkIngress extends Construct implements INetworkIngress {
  /** @internal */
  public static _create(cluster: IFargateCluster & Construct, internetFacing: boolean): NetworkIngress {
    return new NetworkIngress(cluster, internetFacing);
  }

  /** The load balancer: the escape hatch to what this class has no word for. */
  public readonly loadBalancer: elbv2.NetworkLoadBalancer;

  public readonly loadBalancerArn: string;
  public readonly loadBalancerFullName: string;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly domainName: string;

  /** @internal */
  public readonly _ports = new PortTable();

  private constructor(cluster: IFargateCluster & Construct, internetFacing: boolean) {
    super(cluster, internetFacing ? 'PublicNetworkIngress' : 'InternalNetworkIngress');
    if (internetFacing && cluster.vpc.publicSubnets.length === 0) {
      fail(this, "'network' has no public subnets, so a load balancer in it cannot be reached from the internet; "
        + 'give a VPC with public subnets in two zones, or leave out the internet-facing routes');
    }
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: cluster.vpc, allowAllOutbound: true, description: `${internetFacing ? 'Public' : 'Internal'} network load balancer`,
    });
    this.loadBalancer = new elbv2.NetworkLoadBalancer(this, 'LoadBalancer', {
      vpc: cluster.vpc,
      internetFacing,
      securityGroups: [this.securityGroup], // a load balancer that is made without one can never have one
      crossZoneEnabled: true,
      deletionProtection: defaultsOf(cluster.profile).deletionProtection,
    });
    enableAccessLogs(this, this.loadBalancer, cluster.profile);
    this.loadBalancerArn = this.loadBalancer.loadBalancerArn;
    this.loadBalancerFullName = this.loadBalancer.loadBalancerFullName;
    this.domainName = this.loadBalancer.loadBalancerDnsName;
  }
}
