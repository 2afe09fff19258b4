import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';
import { rollBackOnAlarms } from './deployment/rollback-alarms';
import { createServiceAlarms, measuredTarget } from './service-alarms';
import { ServiceDeployment } from './service-deployment';
import type { IngressPlace } from './service-exposure';
import { ServiceMetrics } from './service-metrics';
import { showService } from './show-service';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { defaultsOf } from '../private/profile-defaults';

/** A service that is watched. */
interface WatchedService {
  readonly cluster: IFargateCluster;
  readonly service: ecs.BaseService;
  readonly maxRequestTime: Duration;
  /** Its places behind load balancers, the public one first. */
  readonly places: IngressPlace[];
  readonly deployment?: ServiceDeployment;
}

/** Makes the alarms that the profile wants, lets them roll a deployment back, names what CloudWatch measures, and lets dashboards show it. */
export function watchService(scope: IWatchedWorkload, { cluster, service, maxRequestTime, places, deployment }: WatchedService): ServiceMetrics {
  const targets = places.map(measuredTarget);
  const { cluster: { clusterName }, _hasContainerInsights: hasContainerInsights } = cluster;
  const measured = { clusterName, serviceName: service.serviceName, hasContainerInsights };
  const alarms = defaultsOf(cluster.profile).alarms
    ? createServiceAlarms(scope, { ...measured, actions: cluster.alarmActions, maxRequestTime, targets })
    : [];
  rollBackOnAlarms(scope, service.node.defaultChild as ecs.CfnService, deployment ?? ServiceDeployment.rolling(), alarms);
  const { taskDefinitionArn } = service.taskDefinition;
  showService(scope, { ...measured, taskDefinitionArn, maxRequestTime, targets });
  return ServiceMetrics._create(scope, { ...measured, target: targets.at(0) });
}
