import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';
import type { WorkerQueue } from './worker-queue';
import type { WorkerScaling } from './worker-scaling';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { ServiceCapacity } from '../service/service-capacity';
import type { ServiceDeployment } from '../service/service-deployment';
import type { ContainerOptions } from '../task/container-options';
import type { TaskSize } from '../task/task-size';

/** Properties of `EcsQueueWorker`. */
export interface EcsQueueWorkerProps {
  /** Where the tasks run. */
  readonly cluster: IFargateCluster;

  /** The image of the main container. Prefer an asset or a digest: a tag may mean another image tomorrow. */
  readonly image: ecs.ContainerImage;

  /**
   * The queue that the worker consumes. Others with less priority may be added.
   *
   * @default WorkerQueue.standard()
   */
  readonly queue?: WorkerQueue;

  /**
   * The longest time that the application works on one message, 1 second to 11 hours 58 minutes.
   *
   * Up to 120 seconds it is also the time that a task has to stop: it takes no new message and finishes the one it has. Beyond that no stop is long enough,
   * and the application must do two things while it works: protect its task from being stopped, and renew the visibility of its message. The names of
   * the variables that tell it how are in docs/worker.md, and `examples/queue-worker` does it.
   *
   * The queue hides a message for this time and the time to stop.
   *
   * @default Duration.seconds(30)
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
   */
  readonly maxMessageTime?: Duration;

  /**
   * Whether work on a message may be cut short at any time, and begin anew in another task.
   *
   * Spot capacity is taken back with a notice of two minutes. Say true where messages take longer and that is fine, because the work goes on from where it
   * was, or is cheap enough to do twice. Each interruption counts as a delivery.
   *
   * @default false - messages longer than 120 seconds run on demand
   */
  readonly interruptible?: boolean;

  /**
   * How much CPU and memory a task gets.
   *
   * @default TaskSize.of(256, 512)
   */
  readonly size?: TaskSize;

  /**
   * Environment variables of the main container. They are readable by anybody who may describe the task definition: no secrets here.
   *
   * @default - only those that the worker sets: `QUEUE_URL`, `QUEUE_URLS`, `MAX_MESSAGE_SECONDS`
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
   * The capacity that tasks run on. Spot capacity for messages longer than 120 seconds is an error, unless the worker is `interruptible`.
   *
   * @default - the cluster's default: Fargate on demand in production, Fargate Spot in development where messages allow it
   */
  readonly capacity?: ServiceCapacity;

  /**
   * How many tasks run.
   *
   * @default - 1 to 10 tasks by backlog in production, 0 to 2 in development
   */
  readonly scaling?: WorkerScaling;

  /**
   * How a new version replaces the old one. A deployment waits for tasks that protect themselves.
   *
   * @default ServiceDeployment.rolling()
   */
  readonly deployment?: ServiceDeployment;
}
