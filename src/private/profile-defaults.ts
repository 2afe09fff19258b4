import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { ClusterProfile } from '../cluster/cluster-profile';

/** Everything that a profile decides, in one place. */
export interface ProfileDefaults {
  /** NAT gateways of a new VPC; undefined: one a zone. */
  readonly natGateways?: number;
  readonly containerInsights: ecs.ContainerInsights;
  readonly minTasks: number;
  readonly maxTasks: number;
  /** A queue waits where a caller does not. */
  readonly minWorkerTasks: number;
  readonly spot: boolean;
  readonly logRetention: logs.RetentionDays;
  readonly alarms: boolean;
  readonly dashboard: boolean;
  readonly deletionProtection: boolean;
  /** Of log groups, log buckets and queues. */
  readonly removalPolicy: RemovalPolicy;
}

/** Looked up when a construct is made, not computed at import. */
export function defaultsOf(profile: ClusterProfile): ProfileDefaults {
  return profile === ClusterProfile.DEVELOPMENT
    ? {
      natGateways: 1,
      containerInsights: ecs.ContainerInsights.DISABLED,
      minTasks: 1,
      maxTasks: 2,
      minWorkerTasks: 0,
      spot: true,
      logRetention: logs.RetentionDays.ONE_WEEK,
      alarms: false,
      dashboard: false,
      deletionProtection: false,
      removalPolicy: RemovalPolicy.DESTROY,
    }
    : {
      containerInsights: ecs.ContainerInsights.ENHANCED,
      minTasks: 2,
      maxTasks: 10,
      minWorkerTasks: 1,
      spot: false,
      logRetention: logs.RetentionDays.ONE_MONTH,
      alarms: true,
      dashboard: true,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    };
}
