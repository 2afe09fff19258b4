import { Duration } from 'aws-cdk-lib/core';

/** Two links of the chain, in seconds. */
export interface TimeOuts {
  /** The longest time that a request may take. So long a load balancer lets requests finish before a task is told to stop. */
  readonly maxRequestTime: number;
  /** The time between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
}

/** A light application has started by then. */
const START_SECONDS = 60;

/** How long bad answers of a new task do not count: at least as long as two requests take, of which one warms it up and the health check waits behind another. */
export function defaultGracePeriod(maxRequestTime: Duration): Duration {
  if (maxRequestTime.isUnresolved()) return Duration.seconds(START_SECONDS);
  return Duration.seconds(Math.max(START_SECONDS, Math.ceil(2 * maxRequestTime.toSeconds({ integral: false }))));
}

/** Why the time-outs cannot stand together, with the whole chain; undefined if they can. */
export function contradiction({ maxRequestTime, stopTimeout }: TimeOuts): string | undefined {
  if (stopTimeout >= maxRequestTime) return undefined;
  return `'container.stopTimeout' must be at least 'maxRequestTime', got ${stopTimeout} seconds in the chain: request ${maxRequestTime} s, `
    + `drain ${maxRequestTime} s, stop ${stopTimeout} s: a task would be killed in the middle of a request; `
    + `give 'container.stopTimeout' ${maxRequestTime} seconds or more, omit it, or shorten 'maxRequestTime'`;
}
