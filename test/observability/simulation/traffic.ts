/** What came in one minute. */
export interface Minute {
  readonly requests: number;
  /** Answered with a server error. */
  readonly errors?: number;
  /** Not connected to the target. */
  readonly refused?: number;
  /** Answered too late. */
  readonly slow?: number;
}

export const NOTHING: Minute = { requests: 0 };

/** A number of 0 to 1 that is the same in each run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** About as many of a number as the share says, and now and then one more or less. */
export function some(count: number, share: number, random: () => number): number {
  const expected = count * share;
  return Math.floor(expected) + (random() < expected % 1 ? 1 : 0);
}

/** Minutes one after the other, with sums of whatever part of them at once. */
export class Traffic {
  private readonly sums: Record<keyof Minute, number[]> = { requests: [0], errors: [0], refused: [0], slow: [0] };

  constructor(minutes: number, minuteOf: (minute: number) => Minute) {
    for (let minute = 0; minute < minutes; minute++) {
      const came = minuteOf(minute);
      for (const [key, sums] of Object.entries(this.sums)) sums.push(sums[minute] + (came[key as keyof Minute] ?? 0));
    }
  }

  /** From one minute to the one before another; before the first one nothing came. */
  public sum(key: keyof Minute, from: number, to: number): number {
    return this.sums[key][Math.max(to, 0)] - this.sums[key][Math.max(from, 0)];
  }

  /**
   * What CloudWatch has of a period: undefined where nothing was counted, for load balancers send no zeros.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
   */
  public metric(name: string, statistic: string, from: number, to: number): number | undefined {
    const requests = this.sum('requests', from, to);
    if (name === 'TargetResponseTime' && statistic.startsWith('PR(:')) {
      return requests === 0 ? undefined : 100 * (1 - this.sum('slow', from, to) / requests);
    }
    const key = ({ RequestCount: 'requests', HTTPCode_Target_5XX_Count: 'errors', TargetConnectionErrorCount: 'refused' } as const)[name];
    if (key === undefined || statistic !== 'Sum') throw new Error(`${statistic} of ${name} is not modelled`);
    return this.sum(key, from, to) || undefined;
  }
}
