import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';
import type { ServiceCapacity } from './service-capacity';
import type { ServiceDeployment } from './service-deployment';
import type { ServiceDiscovery } from './service-discovery';
import type { ServiceHealthCheck } from './service-health-check';
import type { ServiceProtocol } from './service-protocol';
import type { ServiceRoute } from './service-route';
import type { ServiceScaling } from './service-scaling';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { ContainerOptions } from '../task/container-options';
import type { TaskSize } from '../task/task-size';

/** Properties of `EcsMicroservice`. */
export interface EcsMicroserviceProps {
  /** Where the tasks run. */
  readonly cluster: IFargateCluster;

  /** The image of the main container. Prefer an asset or a digest: a tag may mean another image tomorrow. */
  readonly image: ecs.ContainerImage;

  /**
   * The port that the application listens on, 1 to 65535. The container finds it in `PORT`.
   *
   * Change it in a quiet hour: the security group closes the old port before the tasks that listen on the new one are there.
   *
   * @default 8080
   */
  readonly port?: number;

  /**
   * What the application speaks on its port, to load balancers and to other services: HTTP/1.1, HTTP/2, gRPC, WebSocket, TCP or UDP; and sticky sessions.
   *
   * @default ServiceProtocol.http1()
   */
  readonly protocol?: ServiceProtocol;

  /**
   * How others inside the network find the service, and by which name.
   *
   * @default - ServiceDiscovery.serviceConnect(), with the construct id in kebab case as the name: `OrdersApi` is `orders-api`
   */
  readonly discovery?: ServiceDiscovery;

  /**
   * How much CPU and memory a task gets.
   *
   * @default TaskSize.of(256, 512)
   */
  readonly size?: TaskSize;

  /**
   * Environment variables of the main container. They are readable by anybody who may describe the task definition: no secrets here.
   *
   * `KEEP_ALIVE_TIMEOUT` is set unless you set it: the seconds that the application should keep an idle connection, longer than any load balancer does.
   *
   * @default - `PORT` and `KEEP_ALIVE_TIMEOUT`
   */
  readonly environment?: { [name: string]: string };

  /**
   * Environment variables whose values come from Secrets Manager or SSM Parameter Store when a task starts.
   *
   * The execution role may read just these. A changed secret reaches tasks that start after the change.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
   */
  readonly secrets?: { [name: string]: ecs.Secret };

  /**
   * How the main container runs: command, user, writable paths, health check of its own.
   *
   * @default - the image's own command and user; only `/tmp` is writable
   */
  readonly container?: ContainerOptions;

  /**
   * Which requests reach the service from outside the cluster.
   *
   * @default - none: only services that `connectTo` this one reach it
   */
  readonly routes?: ServiceRoute[];

  /**
   * The capacity that tasks run on: Fargate, or instances that were added to the cluster.
   *
   * A change moves the tasks that run: new ones start first, then the old ones stop.
   *
   * @default - the cluster's default: Fargate on demand in production, Fargate Spot in development
   */
  readonly capacity?: ServiceCapacity;

  /**
   * How many tasks run.
   *
   * @default - 2 to 10 tasks at 65 % CPU in production, 1 to 2 in development
   */
  readonly scaling?: ServiceScaling;

  /**
   * How a new version replaces the old one.
   *
   * @default ServiceDeployment.rolling()
   */
  readonly deployment?: ServiceDeployment;

  /**
   * How the load balancer finds out whether a task can take requests. It applies to services with a route.
   *
   * @default - path `/` every 10 seconds, two good answers, 60 seconds or twice `maxRequestTime` to start
   */
  readonly healthCheck?: ServiceHealthCheck;

  /**
   * The longest time that one request may take, 1 to 120 seconds.
   *
   * From it follow the time that a load balancer lets requests finish before a task goes, the time that a task has to stop and to start, and the time-outs of
   * load balancer and Service Connect. A shorter time makes deployments faster.
   *
   * @default Duration.seconds(30)
   */
  readonly maxRequestTime?: Duration;
}
