import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ContainerOptions } from './container-options';
import type { SidecarRole } from './sidecar-role';

/** Options of `addSidecar`. */
export interface SidecarOptions {
  /** The image of the sidecar. It must be there for the processor that the task runs on. */
  readonly image: ecs.ContainerImage;

  /**
   * What the sidecar is for: it decides the order of start and what the sidecar's end means for the task.
   *
   * @default SidecarRole.HELPER
   */
  readonly role?: SidecarRole;

  /**
   * The port that the sidecar listens on, 1 to 65535. It finds it in `PORT`; the application finds the sidecar at `localhost`. Containers of a task share
   * their ports, so each needs another.
   *
   * @default - none
   */
  readonly port?: number;

  /**
   * Environment variables of the sidecar. No secrets here.
   *
   * @default - `PORT` alone, if it has one
   */
  readonly environment?: { [name: string]: string };

  /**
   * Environment variables whose values come from Secrets Manager or SSM Parameter Store when a task starts.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: ecs.Secret };

  /**
   * How the sidecar runs: command, user, writable paths, health check. With a health check, containers that start later wait until it is healthy.
   *
   * @default - the image's own command and user; only `/tmp` is writable
   */
  readonly container?: ContainerOptions;

  /**
   * Whether the task ends when the sidecar does.
   *
   * @default - true for log routers and proxies, false for others
   */
  readonly essential?: boolean;

  /**
   * Whether ECS starts the sidecar anew in the running task when it has ended, unless that was with exit code 0 or within a minute of its start.
   *
   * Under the hood, this is `RestartPolicy`.
   *
   * @default - true, but for those that set something up and end
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-restart-policy.html
   */
  readonly restart?: boolean;
}
