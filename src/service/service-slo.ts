import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { MeasuredTarget, targetMetric } from './service-alarms';
import type { SloOptions } from './slo-options';
import { createCompositeAlarm, createSilentAlarm } from '../observability/alarm';
import { BURN_WINDOWS, burnMetrics, burnRate, BurnWindow, LEAK, LEAST_PERCENT, MOST_PERCENT, Objectives, OUTAGE } from '../observability/burn-rate';
import { checkInteger, checkRange } from '../private/check';
import { fail } from '../private/fail';

/** Whose objective it is. */
export interface SloProps {
  readonly actions: cloudwatch.IAlarmAction[];
  readonly maxRequestTime: Duration;
  /** Of the load balancer whose requests count; undefined where none measures them. */
  readonly target?: MeasuredTarget;
  readonly isGrpc: boolean;
}

const MOST_FAILURES = 1_000_000;

/** The alarms that tell when the error budget of a service burns too fast: two that tell somebody, and those that they are made of. */
export class ServiceSlo extends Construct {
  constructor(scope: Construct, id: string, props: SloProps, options: SloOptions) {
    super(scope, id);
    const target = check(scope, props, options);
    const objectives = objectivesOf(options);
    const { fewestFailures = 10 } = options;
    const windows = Object.values(BURN_WINDOWS);
    const parts = Object.fromEntries(windows.map((window) => [window.id, this.createPart(window, target, objectives, fewestFailures)]));
    const missed = `${describe(options)}. At this pace it is missed`;
    const inAlarm = ({ id: part }: BurnWindow) => `ALARM("${parts[part].ref}")`;
    createCompositeAlarm(this, 'OutageAlarm', props.actions, {
      description: `An outage: 2 % of what may fail in 30 days failed within an hour, and it goes on. The objective is ${missed} in two days. Look first for errors and slow `
        + 'calls in the log of the service; if its last deployment began shortly before, roll it back.',
      rule: OUTAGE(inAlarm),
    });
    createCompositeAlarm(this, 'LeakAlarm', props.actions, {
      description: `A slow leak, not an outage: more fails than may, since a day or longer, or an outage has used up 10 % of what may fail in 30 days. The objective is ${missed} `
        + 'within the month. Look first which errors or slow calls come again and again in the log of the service, within a day.',
      rule: LEAK(inAlarm),
    });
  }

  private createPart(window: BurnWindow, target: MeasuredTarget, objectives: Objectives, fewestFailures: number): cloudwatch.CfnAlarm {
    const groups = target.alternate === undefined ? [''] : ['', 'Alternate'];
    const metrics = Object.entries(burnMetrics(objectives)).flatMap(([id, [name, statistic]]) => groups.map((group) => [
      `${id}${group}`, targetMetric(group === '' ? target : { ...target, targetGroup: target.alternate! }, name, statistic),
    ] as const));
    return createSilentAlarm(this, window.id, {
      description: `A part of ${window.tellsBy}, which tells of it: ${window.meaning}. Look at ${window.tellsBy} first.`,
      metrics: Object.fromEntries(metrics),
      expression: burnRate(objectives, groups, window.anyTraffic ? undefined : Tokenization.stringifyNumber(fewestFailures)),
      threshold: window.factor,
      minutes: window.periods,
      of: window.of,
      period: window.period,
    });
  }
}

function objectivesOf({ availabilityPercent, latency, latencyPercent = 99 }: SloOptions): Objectives {
  return {
    available: availabilityPercent === undefined ? undefined : Tokenization.stringifyNumber(availabilityPercent),
    fast: latency && { percent: Tokenization.stringifyNumber(latencyPercent), seconds: latency.toMilliseconds() / 1000 },
  };
}

function describe({ availabilityPercent, latency, latencyPercent = 99 }: SloOptions): string {
  return [
    ...availabilityPercent === undefined ? [] : [`${availabilityPercent} % of the requests without a server error`],
    ...latency === undefined ? [] : [`${latencyPercent} % of them answered within ${latency.toMilliseconds()} ms`],
  ].join(', and ');
}

function check(scope: Construct, { target, isGrpc, maxRequestTime }: SloProps, options: SloOptions): MeasuredTarget {
  if (target === undefined) {
    fail(scope, "'addSlo' needs a route of HTTP, because a load balancer measures it, got a service without one; add 'routes', or make an alarm on a metric of the "
      + "application's own");
  }
  checkObjectives(scope, options, isGrpc);
  const remedy = 'with less, the fastest burn that an alarm looks for is more than all requests, and with more, a month has no budget';
  checkRange(scope, 'availabilityPercent', options.availabilityPercent, LEAST_PERCENT, MOST_PERCENT, remedy);
  checkRange(scope, 'latencyPercent', options.latencyPercent, LEAST_PERCENT, MOST_PERCENT, remedy);
  checkInteger(scope, 'fewestFailures', options.fewestFailures, 1, MOST_FAILURES, 'ten keep a quiet night quiet');
  if (options.latency !== undefined) checkLatency(scope, options.latency, maxRequestTime);
  return target;
}

function checkObjectives(scope: Construct, { availabilityPercent, latency, latencyPercent }: SloOptions, isGrpc: boolean): void {
  if (availabilityPercent === undefined && latency === undefined) {
    fail(scope, "'addSlo' needs an objective, got none; give 'availabilityPercent', 'latency' or both");
  }
  if (isGrpc && availabilityPercent !== undefined) {
    fail(scope, `'availabilityPercent' is not for gRPC, whose errors have the status 200, so that a load balancer sees none of them, got ${availabilityPercent}; `
      + "give 'latency' alone");
  }
  if (latencyPercent !== undefined && latency === undefined) {
    fail(scope, `'latencyPercent' needs 'latency', got ${latencyPercent} alone; give the time in which so many requests are to be answered`);
  }
}

function checkLatency(scope: Construct, latency: Duration, maxRequestTime: Duration): void {
  if (latency.isUnresolved()) fail(scope, "'latency' must be known at synthesis, because it is a part of a statistic's name; pass a plain duration");
  const milliseconds = latency.toMilliseconds();
  const limit = maxRequestTime.isUnresolved() ? undefined : maxRequestTime.toMilliseconds();
  if (milliseconds < 1 || (limit !== undefined && milliseconds >= limit)) {
    fail(scope, `'latency' must be 1 millisecond or more, and less than 'maxRequestTime', got ${milliseconds} of ${limit ?? 'unknown'} milliseconds; `
      + 'what takes longer than that is not answered at all');
  }
}
