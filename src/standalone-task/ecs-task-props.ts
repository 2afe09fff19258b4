import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';
import type { TaskTrigger } from './task-trigger';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { ServiceCapacity } from '../service/service-capacity';
import type { ContainerOptions } from '../task/container-options';
import type { RunOverlap } from '../task/run-overlap';
import type { TaskSize } from '../task/task-size';

/** Properties of `EcsTask`. */
export interface EcsTaskProps {
  /** Where the task runs. */
  readonly cluster: IFargateCluster;

  /** The image of the main container. Prefer an asset or a digest: a tag may mean another image tomorrow. */
  readonly image: ecs.ContainerImage;

  /**
   * When the task runs. Others are added by `addTrigger`.
   *
   * @default - by hand: with the command in the output `RunCommand`, by whom `grants.run` allows it, as a state of a state machine
   */
  readonly trigger?: TaskTrigger;

  /**
   * What happens when the task is to start while another run of it has not ended. Runs of `aws ecs run-task` are not counted.
   *
   * @default RunOverlap.allow()
   */
  readonly overlap?: RunOverlap;

  /**
   * How long one try may take, from the request for the task to its end, 1 minute to 1 year. Then its task is stopped, and the run fails without another try.
   *
   * Under the hood, this is `TimeoutSeconds` of a state.
   *
   * @default - for ever
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/sfn-stuck-execution.html
   */
  readonly timeout?: Duration;

  /**
   * How often a task that fails is started anew, 0 to 10 times: after 10 seconds, then after twice the time each. It fails if its main container, or another one
   * that it needs, ends with an exit code other than 0.
   *
   * @default 0
   */
  readonly retries?: number;

  /**
   * How much CPU and memory a task gets.
   *
   * @default TaskSize.of(256, 512)
   */
  readonly size?: TaskSize;

  /**
   * Environment variables of the main container. They are readable by anybody who may describe the task definition: no secrets here.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * Environment variables whose values come from Secrets Manager or SSM Parameter Store when a task starts.
   *
   * The execution role may read just these.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
   */
  readonly secrets?: { [name: string]: ecs.Secret };

  /**
   * How the main container runs: command, user, writable paths.
   *
   * @default - the image's own command and user; only `/tmp` is writable
   */
  readonly container?: ContainerOptions;

  /**
   * The capacity that the task runs on. Spot capacity is taken back with a notice of two minutes, and ends the task: give `retries` with it.
   *
   * @default - the cluster's default: Fargate on demand in production, Fargate Spot in development
   */
  readonly capacity?: ServiceCapacity;
}
