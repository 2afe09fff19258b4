import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { defaultsOf } from './profile-defaults';
import { ClusterProfile } from '../cluster/cluster-profile';

/** A log group of the workload's own, kept as long as its profile says. */
export function createLogGroup(scope: Construct, profile: ClusterProfile, id = 'LogGroup'): logs.ILogGroup {
  const defaults = defaultsOf(profile);
  return new logs.LogGroup(scope, id, { retention: defaults.logRetention, removalPolicy: defaults.removalPolicy });
}
