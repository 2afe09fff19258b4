import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';
import { rollBackOnAlarms } from './deployment/rollback-alarms';
import { createServiceAlarms, measuredTarget } from './service-alarms';
import { ServiceAlarms } from './service-alarms-facade';
import { ServiceDeployment } from './service-deployment';
import type { IngressPlace } from './service-exposure';
import { ServiceMetrics } from './service-metrics';
import type { ServiceProtocol } from './service-protocol';
import type { ServiceScaling } from './service-scaling';
import { showService } from './show-service';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { defaultsOf } from '../private/profile-defaults';

/** A service that is watched. */
interface WatchedService {
  readonly cluster: IFargateCluster;
  readonly service: ecs.BaseService;
  readonly maxRequestTime: Duration;
  readonly protocol: ServiceProtocol;
  readonly scaling: ServiceScaling;
  /** Its places behind load balancers, the public one first. */
  readonly places: IngressPlace[];
  readonly deployment?: ServiceDeployment;
}

/** What a service tells of itself. */
interface ServiceWatch {
  readonly metrics: ServiceMetrics;
  readonly alarms: ServiceAlarms;
}

/** Makes the alarms that the profile wants, lets them roll a deployment back, names what CloudWatch measures, and lets dashboards show it. */
export function watchService(scope: IWatchedWorkload, watched: WatchedService): ServiceWatch {
  const { cluster, service, maxRequestTime, protocol, scaling, places, deployment } = watched;
  const targets = places.map(measuredTarget);
  const { cluster: { clusterName }, _hasContainerInsights: hasContainerInsights, alarmActions: actions } = cluster;
  const measured = { clusterName, serviceName: service.serviceName, hasContainerInsights };
  const alarms = defaultsOf(cluster.profile).alarms
    ? createServiceAlarms(scope, { ...measured, ...scaling._utilization, actions, maxRequestTime, targets })
    : [];
  rollBackOnAlarms(scope, service.node.defaultChild as ecs.CfnService, deployment ?? ServiceDeployment.rolling(), alarms);
  const { taskDefinitionArn } = service.taskDefinition;
  showService(scope, { ...measured, taskDefinitionArn, maxRequestTime, targets });
  const target = targets.at(0);
  return {
    metrics: ServiceMetrics._create(scope, { ...measured, target }),
    alarms: ServiceAlarms._create(scope, { actions, maxRequestTime, target, isGrpc: protocol._bind().version === 'GRPC' }),
  };
}
