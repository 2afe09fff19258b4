/** What became of the requests. */
export interface Outcome {
  readonly sent: number;
  /** Why requests failed, each reason once. */
  readonly failures: string[];
}

/** No scenario sends more than that. */
const MOST_REQUESTS = 12_000;

/** Sends requests at a steady rate, each on its own, until it is stopped. A request fails if its answer is not 200 or does not come. */
export function steadyRequests(url: string, perSecond: number): { stop(): Promise<Outcome> } {
  const open = new Set<Promise<void>>();
  const failures = new Set<string>();
  let sent = 0;

  const send = async () => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
      const body = await response.text();
      if (response.status !== 200) failures.add(`${response.status} ${body}`);
    } catch (error) {
      failures.add(String((error as { cause?: unknown }).cause ?? error));
    }
  };
  const timer = setInterval(() => {
    if (sent >= MOST_REQUESTS) return clearInterval(timer);
    sent += 1;
    const request: Promise<void> = send().finally(() => open.delete(request));
    open.add(request);
  }, 1000 / perSecond);

  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      return { sent, failures: [...failures] };
    },
  };
}
