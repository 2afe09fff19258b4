import type { MessageTimes } from './message-times';

/**
 * What the application is told: the contract of docs/worker.md.
 *
 * `urls` are that of the first queue and those of all, the most urgent first.
 */
export function workerEnvironment({ message, long }: MessageTimes, [first = '', all = '']: string[]): Record<string, string> {
  return {
    QUEUE_URL: first,
    QUEUE_URLS: all,
    MAX_MESSAGE_SECONDS: String(message),
    ...long === undefined ? {} : {
      HEARTBEAT_SECONDS: String(long.heartbeat),
      HEARTBEAT_VISIBILITY_SECONDS: String(long.heartbeatVisibility),
      TASK_PROTECTION_MINUTES: String(long.protectionMinutes),
    },
  };
}
