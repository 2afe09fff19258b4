import type { Construct } from 'constructs';
import { ServiceCapacity } from './service-capacity';
import type { ServiceCapacityConfig } from './service-capacity-config';
import type { IFargateCluster } from '../cluster/ifargate-cluster';

/** What a workload was given, else what its cluster has for all workloads, else what the profile says. */
export function chooseCapacity(scope: Construct, cluster: IFargateCluster, given?: ServiceCapacity): ServiceCapacityConfig {
  const chosen = given ?? cluster._defaultCapacity?.(scope) ?? ServiceCapacity._default(cluster.profile);
  return chosen._bind(scope, cluster);
}
