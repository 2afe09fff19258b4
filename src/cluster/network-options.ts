import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { NetworkEndpoint } from './network-endpoint';
import type { NetworkFlowLog } from './network-flow-log';

/** Options of `ClusterNetwork.natGateways` and `ClusterNetwork.publicSubnets`. */
export interface NewNetworkOptions {
  /**
   * Which traffic the flow log of the VPC keeps. It is charged by the GiB.
   *
   * @default NetworkFlowLog.REJECTED
   */
  readonly flowLog?: NetworkFlowLog;
}

/** Options of `ClusterNetwork.vpcEndpoints`. */
export interface VpcEndpointsOptions extends NewNetworkOptions {
  /**
   * Endpoints beyond those that the workloads of this app are seen to need.
   *
   * Set it for what workloads of other apps need, and for AWS services that an application calls without a grant in this app. Each interface endpoint costs
   * by the hour in each of two zones.
   *
   * @default - those that the workloads of this app need, and no others
   */
  readonly endpoints?: NetworkEndpoint[];
}

/** Options of `ClusterNetwork.existing`. */
export interface ExistingNetworkOptions {
  /**
   * The subnets that tasks and jobs run in.
   *
   * They must have a way to the image registry: a NAT gateway, or VPC endpoints that `endpoints` lists.
   *
   * @default - the private subnets with a route out; with `endpoints`, the isolated subnets
   */
  readonly taskSubnets?: ec2.SubnetSelection;

  /**
   * The VPC endpoints that the task subnets have, which have no other way out.
   *
   * Set it for isolated subnets. They must have `ECR_API`, `ECR_DKR`, `S3` and `LOGS`, and whatever else the workloads call: a workload that is seen to need
   * another one is an error, and so is an image from the internet. Creates nothing.
   *
   * @default - the task subnets reach everything
   */
  readonly endpoints?: NetworkEndpoint[];
}
