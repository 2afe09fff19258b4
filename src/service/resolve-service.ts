import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { EcsMicroserviceProps } from './ecs-microservice-props';
import { ResolvedHealthCheck, resolveHealthCheck } from './resolve-health-check';
import { endpointOf } from './service-address';
import type { ServiceDeployment } from './service-deployment';
import { ServiceDiscovery } from './service-discovery';
import { ServiceProtocol } from './service-protocol';
import { ServiceScaling } from './service-scaling';
import { defaultGracePeriod } from './time-outs';
import { validateService } from './validate-service';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { kebabCase } from '../private/naming';

/** What the props say, or the defaults. */
export interface ResolvedService {
  readonly cluster: IFargateCluster;
  readonly port: number;
  readonly protocol: ServiceProtocol;
  readonly healthCheck: ResolvedHealthCheck;
  readonly maxRequestTime: Duration;
  readonly scaling: ServiceScaling;
  readonly deployment?: ServiceDeployment;
  readonly discovery: ServiceDiscovery;
  readonly discoveryName: string;
  readonly endpoint: string;
}

/** The one place of a service's defaults. Rejects props that no service can have. */
export function resolveService(scope: Construct, props: EcsMicroserviceProps): ResolvedService {
  const {
    cluster, deployment, port = 8080, maxRequestTime = Duration.seconds(30),
    protocol = ServiceProtocol.http1(), discovery = ServiceDiscovery.serviceConnect(), scaling = ServiceScaling._default(cluster.profile),
  } = props;
  const gracePeriod = defaultGracePeriod(maxRequestTime);
  const healthCheck = resolveHealthCheck(scope, props.healthCheck, { path: protocol._healthCheckPath, gracePeriod });
  const discoveryName = discovery._name ?? kebabCase(scope.node.id);
  validateService(scope, props, { port, discoveryName, maxRequestTime });
  const endpoint = endpointOf(protocol, discovery._hostOf(discoveryName), port);
  return { cluster, port, protocol, healthCheck, maxRequestTime, scaling, deployment, discovery, discoveryName, endpoint };
}
