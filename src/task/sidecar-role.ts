/**
 * What a sidecar is for. It decides when the container starts and stops, and what its end means.
 *
 * Containers start in the order below, each when those before it are ready (healthy, if they have a health check), and stop in the opposite order.
 */
export enum SidecarRole {
  /** Takes the log lines of all other containers: the first to start, the last to stop. The task ends with it. */
  LOG_ROUTER = 'LOG_ROUTER',
  /** Takes traces and metrics. The task goes on without it. */
  COLLECTOR = 'COLLECTOR',
  /** Prepares something and ends: the application starts when it has ended with exit code 0. */
  SETUP = 'SETUP',
  /** Requests go through it. The task ends with it. */
  PROXY = 'PROXY',
  /** Works beside the application and starts after it. The task goes on without it. */
  HELPER = 'HELPER',
}
