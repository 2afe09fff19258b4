/** One request, with the times in milliseconds. */
export interface Answer {
  readonly sentAt: number;
  readonly endedAt: number;
  readonly failed: boolean;
}

/** What became of the requests. */
export interface Outcome {
  readonly sent: number;
  /** Why requests failed, each reason once. */
  readonly failures: string[];
  readonly answers: Answer[];
}

export interface SteadyRequests {
  /** What has been answered up to now. */
  readonly answers: Answer[];
  stop(): Promise<Outcome>;
}

/** No scenario sends more than that. */
const MOST_REQUESTS = 12_000;

/** Sends requests at a steady rate, each on its own, until it is stopped. A request fails if its answer is not 200 or does not come. */
export function steadyRequests(url: string, perSecond: number): SteadyRequests {
  const open = new Set<Promise<void>>();
  const failures = new Set<string>();
  const answers: Answer[] = [];
  let sent = 0;

  const send = async () => {
    const sentAt = Date.now();
    const reason = await failureOf(url);
    answers.push({ sentAt, endedAt: Date.now(), failed: reason !== undefined });
    if (reason !== undefined) failures.add(reason);
  };
  const timer = setInterval(() => {
    if (sent >= MOST_REQUESTS) return clearInterval(timer);
    sent += 1;
    const request: Promise<void> = send().finally(() => open.delete(request));
    open.add(request);
  }, 1000 / perSecond);

  return {
    answers,
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      return { sent, failures: [...failures], answers };
    },
  };
}

async function failureOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    const body = await response.text();
    return response.status === 200 ? undefined : `${response.status} ${body}`;
  } catch (error) {
    return String((error as { cause?: unknown }).cause ?? error);
  }
}
