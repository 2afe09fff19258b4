import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IDependable } from 'constructs';
import type { DeploymentStage } from './deployment-stage';
import type { TestRouteConfig } from './test-route';
import type { IFargateCluster } from '../../cluster/ifargate-cluster';
import type { RouteConditions } from '../../ingress/route-conditions';
import type { IngressPlace } from '../service-exposure';

/** The service that a hook is for. */
export interface HookedService {
  readonly cluster: IFargateCluster;
  /** With the conditions of the one route on each. */
  readonly places: HookedPlace[];
  readonly testRoute?: TestRouteConfig;
  /** What the name of the service begins with: the service itself comes into being only once its first deployment is over. */
  readonly serviceArnPrefix: string;
}

export interface HookedPlace extends Pick<IngressPlace, 'role' | 'ingress'> {
  readonly conditions: RouteConditions;
}

/** What ECS is told of a hook. */
export interface HookTarget {
  readonly stages: DeploymentStage[];
  /** Without one, the deployment pauses. */
  readonly function?: lambda.IFunction;
  readonly details?: { [name: string]: string };
  readonly pause?: { readonly minutes: number; readonly action: string };
  /** Must be there before the first deployment: what lets the function reach the load balancer, what asks for approval. */
  readonly before?: IDependable[];
}
