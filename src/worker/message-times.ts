/** How long things may take that one message goes through, in seconds. */
export interface MessageTimes {
  /** The longest that the application works on one message. */
  readonly message: number;
  /** Between SIGTERM and SIGKILL. */
  readonly stop: number;
  /** The least time that the queue must hide a message that somebody works on. */
  readonly visibility: number;
  /** What takes over where a message outlasts the longest stop; undefined where the stop is long enough. */
  readonly long?: LongMessageTimes;
}

/** The contract of a message that outlasts the longest stop. */
export interface LongMessageTimes {
  /** How often the application says that it still works on the message, in seconds. */
  readonly heartbeat: number;
  /** For how long each heartbeat hides the message, in seconds. */
  readonly heartbeatVisibility: number;
  /** For how long the application asks ECS not to stop its task, in minutes. */
  readonly protectionMinutes: number;
}

/** Fargate kills a process after this time at the latest, and Spot takes a task away after it. */
export const LONGEST_STOP = 120;

/** SQS hides a message for twelve hours at most, counted from its delivery. */
export const LONGEST_VISIBILITY = 43200;

/** Three heartbeats may get lost before somebody else gets the message. */
const HEARTBEAT = 60;
const HEARTBEAT_VISIBILITY = 240;

/**
 * The chain of times that follows from the longest message, and from the time to stop, if that is given.
 *
 * A task that is told to stop finishes its message, so the stop is as long as the message where that is possible. The queue hides a message for both
 * together: a message that is received in the moment of the SIGTERM may still be finished by the one who has it.
 */
export function messageTimes(message: number, stop = Math.min(message, LONGEST_STOP)): MessageTimes {
  const visibility = message + stop;
  if (message <= LONGEST_STOP) return { message, stop, visibility };
  const long = { heartbeat: HEARTBEAT, heartbeatVisibility: HEARTBEAT_VISIBILITY, protectionMinutes: Math.ceil(visibility / 60) };
  return { message, stop, visibility, long };
}

/** Why the times cannot stand together, with the whole chain; undefined if they can. A message that outlasts any stop is protected instead. */
export function contradiction({ message, stop, visibility, long }: MessageTimes): string | undefined {
  if (stop >= message || long !== undefined) return undefined;
  return `'container.stopTimeout' must be at least 'maxMessageTime', got ${stop} seconds in the chain: message ${message} s, stop ${stop} s, visibility ${visibility} s: `
    + `a task would be killed in the middle of a message; give 'container.stopTimeout' ${message} seconds or more, omit it, or shorten 'maxMessageTime'`;
}
