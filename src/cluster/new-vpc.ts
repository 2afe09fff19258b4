import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ClusterProfile } from './cluster-profile';
import { NetworkFlowLog } from './network-flow-log';
import { createLogGroup } from '../private/log-group';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';

/** Two zones survive the loss of one; each further zone costs another NAT gateway or another set of endpoints. */
export const ZONES = 2;

/** What the choices of a new network decide. */
export interface NewVpcProps {
  readonly profile: ClusterProfile;
  readonly permissionsBoundary?: iam.IManagedPolicy;
  /** undefined: one a zone. */
  readonly natGateways?: number;
  /** Where tasks run; undefined: in the public subnets. */
  readonly taskSubnets?: ec2.SubnetType;
  readonly hasS3Endpoint: boolean;
  readonly flowLog?: NetworkFlowLog;
}

/** A VPC with two zones, a public subnet in each for load balancers, and private ones for tasks. */
export function createVpc(scope: Construct, props: NewVpcProps): ec2.Vpc {
  const vpc = new ec2.Vpc(scope, 'Vpc', {
    maxAzs: ZONES,
    natGateways: props.natGateways,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: props.taskSubnets === undefined ? 20 : 24 },
      ...props.taskSubnets === undefined ? [] : [{ name: 'Private', subnetType: props.taskSubnets, cidrMask: 20 }],
    ],
    gatewayEndpoints: props.hasS3Endpoint ? { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } } : undefined,
  });
  addFlowLog(vpc, props);
  return vpc;
}

function addFlowLog(vpc: ec2.Vpc, { profile, permissionsBoundary, flowLog = NetworkFlowLog.REJECTED }: NewVpcProps): void {
  if (flowLog === NetworkFlowLog.NONE) return;
  const logGroup = createLogGroup(vpc, profile, 'FlowLogGroup') as logs.LogGroup;
  const role = new WorkloadRole(vpc, 'FlowLogRole', { assumedBy: servicePrincipal(vpc, 'vpc-flow-logs.amazonaws.com'), permissionsBoundary });
  vpc.addFlowLog('FlowLog', {
    destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup, role),
    trafficType: flowLog === NetworkFlowLog.ALL ? ec2.FlowLogTrafficType.ALL : ec2.FlowLogTrafficType.REJECT,
  });
}
