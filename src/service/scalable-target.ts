import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnResource, Fn, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** The service whose number of tasks is to be scaled, and its bounds. */
export interface ScalableTargetProps {
  readonly cluster: ecs.ICluster;
  readonly service: ecs.CfnService;
  readonly min: number;
  readonly max: number;
}

/** Makes the number of tasks of a service something that Application Auto Scaling changes. Free of charge. */
export function createScalableTarget(scope: Construct, { cluster, service, min, max }: ScalableTargetProps): appscaling.CfnScalableTarget {
  return new appscaling.CfnScalableTarget(scope, 'ScalableTarget', {
    serviceNamespace: 'ecs',
    scalableDimension: 'ecs:service:DesiredCount',
    resourceId: resourceIdOf(scope, cluster, service),
    minCapacity: min,
    maxCapacity: max,
  });
}

/** Names a cluster of the same stack by its logical id: it is half as long as a reference that is handed in, in each service's part of the template. */
function resourceIdOf(scope: Construct, cluster: ecs.ICluster, service: ecs.CfnService): string {
  const resource = cluster.node.defaultChild;
  return CfnResource.isCfnResource(resource) && Stack.of(resource) === Stack.of(scope)
    ? Fn.sub(`service/\${${resource.logicalId}}/\${${service.logicalId}.Name}`)
    : Fn.sub(`service/\${Cluster}/\${${service.logicalId}.Name}`, { Cluster: cluster.clusterName });
}
