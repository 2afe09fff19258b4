import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { OPEN_EGRESS } from './cluster-egress';
import type { ClusterProfile } from './cluster-profile';
import { CreatedEndpoints } from './created-endpoints';
import { bindExistingNetwork } from './existing-network';
import type { NetworkConfig, NetworkSurroundings } from './network-config';
import type { ExistingNetworkOptions, NewNetworkOptions, VpcEndpointsOptions } from './network-options';
import { createVpc, ZONES } from './new-vpc';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';
import { defaultsOf } from '../private/profile-defaults';

/**
 * The network that a cluster's workloads run in: a new VPC, or one that exists.
 *
 * A value holds no state: one may serve several clusters. What each choice costs a month is in docs/network.md. The network is IPv4.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-outbound.html
 */
export class ClusterNetwork {
  /**
   * A new VPC with two zones, private subnets for tasks and NAT gateways for their way out.
   *
   * Creates the VPC with a public and a private subnet in each zone, the NAT gateways, a gateway endpoint for S3 (image layers do not pass the NAT
   * gateway) and a flow log of rejected traffic. Each NAT gateway costs by the hour and by the GiB; with one for two zones, the loss of its zone
   * takes the way out of both.
   *
   * @param count how many NAT gateways, 1 or 2 (default: one a zone in production, 1 in development)
   * @param options what the VPC has beside
   *
   * @example
   * new FargateCluster(this, 'Platform', { network: ClusterNetwork.natGateways(1) });
   */
  public static natGateways(count?: number, options: NewNetworkOptions = {}): ClusterNetwork {
    checkInteger(undefined, 'natGateways', count, 1, ZONES, `a new VPC has ${ZONES} zones and needs a way out`);
    return new ClusterNetwork((scope, cluster) => {
      if (count !== undefined && Token.isUnresolved(count)) {
        fail(scope, "'natGateways' must be known at synthesis: it decides how many resources there are; pass a plain number");
      }
      const vpc = createVpc(scope, {
        ...of(cluster),
        ...options,
        natGateways: count ?? defaultsOf(cluster.profile).natGateways,
        taskSubnets: ec2.SubnetType.PRIVATE_WITH_EGRESS,
        hasS3Endpoint: true,
      });
      return openNetwork(vpc, { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }, false);
    });
  }

  /**
   * A new VPC with two zones whose tasks have no way to the internet: they reach AWS through VPC endpoints.
   *
   * Creates the VPC with a public and an isolated subnet in each zone, a flow log of rejected traffic, the endpoints that every task needs (Amazon ECR, S3,
   * CloudWatch Logs) and, when a workload of this app is seen to need it, one each for Secrets Manager, Systems Manager, SQS, STS and the like: by its
   * `secrets`, its `enableExec`, and the grants to its task role. Those in `endpoints` are made too. They let in HTTPS from the VPC, by one security group.
   * An interface endpoint costs by the hour in each zone and by the GiB; S3 and DynamoDB have gateway endpoints, which are free.
   *
   * Images must be in Amazon ECR: one from the internet is an error. An internet-facing load balancer works as in any VPC.
   *
   * @example
   * new FargateCluster(this, 'Platform', {
   *   network: ClusterNetwork.vpcEndpoints({ endpoints: [NetworkEndpoint.SQS] }),
   * });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
   */
  public static vpcEndpoints(options: VpcEndpointsOptions = {}): ClusterNetwork {
    const { endpoints = [], flowLog } = options;
    return new ClusterNetwork((scope, cluster) => {
      const vpc = createVpc(scope, {
        ...of(cluster), flowLog, natGateways: 0, taskSubnets: ec2.SubnetType.PRIVATE_ISOLATED, hasS3Endpoint: false,
      });
      const taskSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
      const egress = new CreatedEndpoints(scope, vpc, taskSubnets, endpoints);
      return { vpc, taskSubnets, assignPublicIp: false, egress, prerequisites: egress.reach(scope) };
    });
  }

  /**
   * A new VPC with two zones and public subnets only: each task has a public address and reaches the internet by itself.
   *
   * Creates the VPC with a public subnet in each zone, a gateway endpoint for S3 and a flow log of rejected traffic; none of them costs by the hour. Each
   * running task costs a public IPv4 address by the hour, so that it is the cheapest choice for a few tasks and a dear one for many. Nobody reaches a task
   * but whom its security group lets in; yet that group is all that stands between it and the internet, and a security audit (AWS Security Hub ECS.16)
   * reports public addresses.
   *
   * @example
   * new FargateCluster(this, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.publicSubnets() });
   */
  public static publicSubnets(options: NewNetworkOptions = {}): ClusterNetwork {
    return new ClusterNetwork((scope, cluster) => {
      const vpc = createVpc(scope, { ...of(cluster), ...options, natGateways: 0, hasS3Endpoint: true });
      return openNetwork(vpc, { subnetType: ec2.SubnetType.PUBLIC }, true);
    });
  }

  /**
   * A VPC that exists already, from this app or imported.
   *
   * Creates nothing. Subnets of a VPC whose subnets are not known at synthesis (tokens) are taken as they are. Isolated subnets are an error, unless
   * `endpoints` lists the VPC endpoints that they have: tasks in them could not pull their images.
   *
   * @example
   * declare const vpc: ec2.IVpc;
   * new FargateCluster(this, 'Platform', { network: ClusterNetwork.existing(vpc) });
   */
  public static existing(vpc: ec2.IVpc, options: ExistingNetworkOptions = {}): ClusterNetwork {
    return new ClusterNetwork((scope) => bindExistingNetwork(scope, vpc, options));
  }

  private constructor(private readonly bind: (scope: Construct, cluster: NetworkSurroundings) => NetworkConfig) {
  }

  /** @internal */
  public _bind(scope: Construct, cluster: NetworkSurroundings): NetworkConfig {
    return this.bind(scope, cluster);
  }
}

function openNetwork(vpc: ec2.IVpc, taskSubnets: ec2.SubnetSelection, assignPublicIp: boolean): NetworkConfig {
  const prerequisites = [vpc.selectSubnets(taskSubnets).internetConnectivityEstablished];
  return { vpc, taskSubnets, assignPublicIp, egress: OPEN_EGRESS, prerequisites };
}

function of({ profile, _permissionsBoundary }: NetworkSurroundings): { profile: ClusterProfile; permissionsBoundary?: iam.IManagedPolicy } {
  return { profile, permissionsBoundary: _permissionsBoundary };
}
