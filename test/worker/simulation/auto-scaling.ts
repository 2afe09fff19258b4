import { evaluate, Values } from './metric-math';
import type { Deployed, Query, Stepping, Tracking } from './template';

/** Metrics of one minute, by namespace, name and statistic; undefined: there is none. */
export type Minute = Record<string, number | undefined>;

/** How fast target tracking scales in, which AWS leaves open: it says "more gradually" than out. */
export enum ScaleIn {
  /** As far as the metric allows, at once. */
  PROPORTIONAL = 'proportional',
  /** One task at a time. */
  ONE_BY_ONE = 'one by one',
}

/** Alarms that target tracking makes by itself. */
const HIGH_PERIODS = 3;
const LOW_PERIODS = 15;
const LOW_SHARE = 0.9;

/**
 * Application Auto Scaling and the CloudWatch alarms that start it, by their documented rules.
 *
 * - An alarm fires when all of its last periods breach. Missing data do not breach.
 * - Target tracking scales out in proportion to the metric, rounded up, after three minutes above the target; it scales in after 15 minutes at less than
 *   nine tenths of it, unless one task less would bring the metric above the target.
 * - A policy in alarm acts again each minute. During the cooldown of a scale-out only what goes beyond it is added; during that of a scale-in nothing is
 *   taken away. A scale-out ends the cooldown of a scale-in.
 * - Of policies that act at once, the one with the largest capacity wins. Capacity stays within the bounds.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html
 */
export class AutoScaling {
  private readonly history: Minute[] = [];
  private readonly outUntil = new Map<object, { time: number; added: number }>();
  private readonly inUntil = new Map<object, number>();

  constructor(private readonly deployed: Deployed, private readonly scaleIn: ScaleIn) {
  }

  /** Takes the metrics of a minute, at its end or later, and says how many tasks there are to be. */
  public next(time: number, minute: Minute, capacity: number): number {
    this.history.push(minute);
    const wishes = [
      ...this.deployed.tracking.map((policy) => this.track(policy, time, capacity)),
      ...this.deployed.stepping.map((policy) => this.step(policy, time, capacity)),
    ].filter((wish): wish is number => wish !== undefined);
    if (wishes.length === 0) return capacity;
    return Math.max(...wishes);
  }

  private track(policy: Tracking, time: number, capacity: number): number | undefined {
    const high = this.last(policy.queries, HIGH_PERIODS);
    const low = this.last(policy.queries, LOW_PERIODS);
    const value = high[high.length - 1];
    if (value === undefined) return undefined;
    const wanted = this.bound(Math.ceil(capacity * value / policy.target - 1e-9));
    if (breaches(high, HIGH_PERIODS, (one) => one > policy.target)) return this.out(policy, time, capacity, wanted, policy.outCooldown);
    if (!breaches(low, LOW_PERIODS, (one) => one < LOW_SHARE * policy.target)) return undefined;
    if (capacity > 1 && value * capacity / (capacity - 1) > policy.target) return undefined;
    return this.in(policy, time, capacity, this.scaleIn === ScaleIn.ONE_BY_ONE ? Math.max(wanted, capacity - 1) : wanted, policy.inCooldown);
  }

  private step(policy: Stepping, time: number, capacity: number): number | undefined {
    if (policy.missing !== 'notBreaching') throw new Error(`missing data are ${policy.missing}: not modelled`);
    const values = this.last(policy.queries, policy.periods);
    const isAbove = policy.comparison === 'GreaterThanThreshold';
    if (!isAbove && policy.comparison !== 'LessThanThreshold') throw new Error(`${policy.comparison} is not modelled`);
    if (!breaches(values, policy.periods, (value) => isAbove ? value > policy.threshold : value < policy.threshold)) return undefined;
    const delta = values[values.length - 1]! - policy.threshold;
    // at or above the threshold the lower bound belongs to a step, below it the upper one.
    const step = policy.steps.find(({ lower, upper }) => isAbove ? delta >= lower && delta < upper : delta > lower && delta <= upper);
    if (step === undefined) return undefined;
    const wanted = this.bound(policy.adjustment === 'ExactCapacity' ? step.change : capacity + step.change);
    if (wanted > capacity) return this.out(policy, time, capacity, wanted, policy.cooldown);
    return wanted < capacity ? this.in(policy, time, capacity, wanted, policy.cooldown) : undefined;
  }

  private out(policy: object, time: number, capacity: number, wanted: number, cooldown: number): number | undefined {
    const running = this.outUntil.get(policy);
    const already = running !== undefined && time < running.time ? running.added : 0;
    const change = wanted - capacity - already;
    if (change <= 0) return undefined;
    this.outUntil.set(policy, { time: time + cooldown, added: already + change });
    this.inUntil.clear();
    return capacity + change;
  }

  private in(policy: object, time: number, capacity: number, wanted: number, cooldown: number): number | undefined {
    if (wanted >= capacity || time < (this.inUntil.get(policy) ?? 0)) return undefined;
    this.inUntil.set(policy, time + cooldown);
    return wanted;
  }

  private bound(wanted: number): number {
    return Math.min(this.deployed.max, Math.max(this.deployed.min, wanted));
  }

  private last(queries: Query[], periods: number): (number | undefined)[] {
    return this.history.slice(-periods).map((minute) => valueOf(queries, minute));
  }
}

function breaches(values: (number | undefined)[], periods: number, breach: (value: number) => boolean): boolean {
  return values.length === periods && values.every((value) => value !== undefined && breach(value));
}

function valueOf(queries: Query[], minute: Minute): number | undefined {
  const values: Values = {};
  for (const { id, namespace, metric, stat, expression } of queries) {
    if (expression !== undefined) continue;
    const key = `${namespace}/${metric}/${stat}`;
    if (!(key in minute)) throw new Error(`nobody sends ${key}`);
    values[id] = minute[key];
  }
  const expressions = queries.filter(({ expression }) => expression !== undefined);
  if (expressions.length !== 1) throw new Error('one expression is modelled');
  return evaluate(expressions[0].expression!, values);
}
