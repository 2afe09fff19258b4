import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createServiceAlarms, measuredTarget } from './service-alarms';
import type { IngressPlace } from './service-exposure';
import { ServiceMetrics } from './service-metrics';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { defaultsOf } from '../private/profile-defaults';

/** A service that is watched. */
interface WatchedService {
  readonly cluster: IFargateCluster;
  readonly serviceName: string;
  readonly maxRequestTime: Duration;
  /** Its places behind load balancers, the public one first. */
  readonly places: IngressPlace[];
}

/** Makes the alarms that the profile wants, and names what CloudWatch measures. */
export function watchService(scope: Construct, { cluster, serviceName, maxRequestTime, places }: WatchedService): ServiceMetrics {
  const targets = places.map(measuredTarget);
  const measured = { clusterName: cluster.cluster.clusterName, serviceName, hasContainerInsights: cluster._hasContainerInsights };
  if (defaultsOf(cluster.profile).alarms) {
    createServiceAlarms(scope, { ...measured, actions: cluster.alarmActions, maxRequestTime, targets });
  }
  return ServiceMetrics._create(scope, { ...measured, target: targets.at(0) });
}
