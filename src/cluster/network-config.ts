import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IDependable } from 'constructs';
import type { ClusterEgress } from './cluster-egress';
import type { ClusterProfile } from './cluster-profile';

/** What a network is told of the cluster. */
export interface NetworkSurroundings {
  readonly profile: ClusterProfile;
  readonly _permissionsBoundary?: iam.IManagedPolicy;
}

/** What a network gives to the cluster. */
export interface NetworkConfig {
  readonly vpc: ec2.IVpc;
  readonly taskSubnets: ec2.SubnetSelection;
  readonly assignPublicIp: boolean;
  readonly egress: ClusterEgress;
  /** What must be there before a task can pull its image. */
  readonly prerequisites: IDependable[];
}
