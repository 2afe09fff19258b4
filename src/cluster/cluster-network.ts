import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ClusterProfile } from './cluster-profile';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';
import { createLogGroup } from '../private/log-group';
import { defaultsOf } from '../private/profile-defaults';

/** Options of `ClusterNetwork.existing`. */
export interface ExistingNetworkOptions {
  /**
   * The subnets that tasks and jobs run in.
   *
   * They must have a way to the image registry: a NAT gateway, or VPC endpoints.
   *
   * @default - the private subnets with a route out
   */
  readonly taskSubnets?: ec2.SubnetSelection;
}

/** What a network gives to the cluster. */
interface NetworkConfig {
  readonly vpc: ec2.IVpc;
  readonly taskSubnets: ec2.SubnetSelection;
  readonly assignPublicIp: boolean;
}

/**
 * The network that a cluster's workloads run in: a new VPC, or one that exists.
 *
 * A value holds no state: one may serve several clusters.
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
   *
   * @example
   * new FargateCluster(this, 'Platform', { network: ClusterNetwork.natGateways(1) });
   */
  public static natGateways(count?: number): ClusterNetwork {
    checkInteger(undefined, 'natGateways', count, 1, ZONES, `a new VPC has ${ZONES} zones and needs a way out`);
    return new ClusterNetwork((scope, profile) => {
      const natGateways = count ?? defaultsOf(profile).natGateways;
      const vpc = createVpc(scope, profile, natGateways);
      return { vpc, taskSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }, assignPublicIp: false };
    });
  }

  /**
   * A VPC that exists already, from this app or imported.
   *
   * Creates nothing. Subnets of a VPC whose subnets are not known at synthesis (tokens) are taken as they are.
   *
   * @example
   * declare const vpc: ec2.IVpc;
   * new FargateCluster(this, 'Platform', { network: ClusterNetwork.existing(vpc) });
   */
  public static existing(vpc: ec2.IVpc, options: ExistingNetworkOptions = {}): ClusterNetwork {
    return new ClusterNetwork((scope) => {
      const taskSubnets = options.taskSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
      if (options.taskSubnets === undefined && vpc.privateSubnets.length === 0) {
        fail(scope, "'network' has no private subnets with a route out, so tasks could not pull their images; "
          + "pass 'taskSubnets' with subnets that reach the image registry");
      }
      const { subnets, hasPublic } = vpc.selectSubnets(taskSubnets);
      if (subnets.length === 0) {
        fail(scope, "'taskSubnets' selects no subnet of the network; choose one that has some");
      }
      // in a public subnet, only a public address leads out.
      return { vpc, taskSubnets, assignPublicIp: hasPublic };
    });
  }

  private constructor(private readonly bind: (scope: Construct, profile: ClusterProfile) => NetworkConfig) {
  }

  /** @internal */
  public _bind(scope: Construct, profile: ClusterProfile): NetworkConfig {
    return this.bind(scope, profile);
  }
}

/** Two zones survive the loss of one; each further zone costs another NAT gateway. */
const ZONES = 2;

function createVpc(scope: Construct, profile: ClusterProfile, natGateways: number | undefined): ec2.IVpc {
  const vpc = new ec2.Vpc(scope, 'Vpc', {
    maxAzs: ZONES,
    natGateways: natGateways !== undefined && Token.isUnresolved(natGateways)
      ? fail(scope, "'natGateways' must be known at synthesis: it decides how many resources there are; pass a plain number")
      : natGateways,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 24 },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
    ],
    gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
  });
  const logGroup = createLogGroup(vpc, profile, 'FlowLogGroup') as logs.LogGroup;
  vpc.addFlowLog('FlowLog', {
    destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup),
    trafficType: ec2.FlowLogTrafficType.REJECT,
  });
  return vpc;
}
