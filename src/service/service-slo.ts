import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { MeasuredTarget, targetMetric } from './service-alarms';
import type { SloOptions } from './slo-options';
import { createCompositeAlarm, createSilentAlarm } from '../observability/alarm';
import { BURN_WINDOWS, burnMetrics, burnRate, burnsTooFast, BurnWindow, LEAST_PERCENT, MOST_PERCENT, Objectives } from '../observability/burn-rate';
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

/** The alarms that tell when the error budget of a service burns too fast: one that tells somebody, and those that it is made of. */
export class ServiceSlo extends Construct {
  constructor(scope: Construct, id: string, props: SloProps, options: SloOptions) {
    super(scope, id);
    const target = check(scope, props, options);
    const objectives = objectivesOf(options);
    const { fewestFailures = 10 } = options;
    const parts = Object.fromEntries(Object.values(BURN_WINDOWS).map((window) => [window.id, this.createPart(window, target, objectives, fewestFailures)]));
    createCompositeAlarm(this, 'BurnAlarm', props.actions, {
      description: `The error budget burns too fast: ${describe(options)} is missed if this goes on. Look first which of its alarms are on: HourAlarm is an outage, `
        + 'DayAlarm and DaysAlarm are a slow leak. Then look for errors and slow calls in the log of the service, since its last deployment.',
      rule: burnsTooFast(({ id: part }) => `ALARM("${parts[part].ref}")`),
    });
  }

  private createPart(window: BurnWindow, target: MeasuredTarget, objectives: Objectives, fewestFailures: number): cloudwatch.CfnAlarm {
    const groups = target.alternate === undefined ? [''] : ['', 'Alternate'];
    const metrics = Object.entries(burnMetrics(objectives)).flatMap(([id, [name, statistic]]) => groups.map((group) => [
      `${id}${group}`, targetMetric(group === '' ? target : { ...target, targetGroup: target.alternate! }, name, statistic),
    ] as const));
    return createSilentAlarm(this, window.id, {
      description: `A part of BurnAlarm, which tells of it: ${window.meaning}. Look at BurnAlarm first.`,
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

function check(scope: Construct, { target, isGrpc, maxRequestTime }: SloProps, { availabilityPercent, latency, latencyPercent, fewestFailures }: SloOptions): MeasuredTarget {
  if (target === undefined) {
    fail(scope, "'addSlo' needs a route of HTTP, because a load balancer measures it, got a service without one; add 'routes', or make an alarm on a metric of the "
      + "application's own");
  }
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
  const remedy = 'with less, the fastest burn that an alarm looks for is more than all requests, and with more, a month has no budget';
  checkRange(scope, 'availabilityPercent', availabilityPercent, LEAST_PERCENT, MOST_PERCENT, remedy);
  checkRange(scope, 'latencyPercent', latencyPercent, LEAST_PERCENT, MOST_PERCENT, remedy);
  checkInteger(scope, 'fewestFailures', fewestFailures, 1, MOST_FAILURES, 'ten keep a quiet night quiet');
  if (latency !== undefined) checkLatency(scope, latency, maxRequestTime);
  return target;
}

function checkLatency(scope: Construct, latency: Duration, maxRequestTime: Duration): void {
  if (latency.isUnresolved()) fail(scope, "'latency' must be known at synthesis, because it is a part of a statistic's name; pass a plain duration");
  const milliseconds = latency.toMilliseconds();
  const longest = maxRequestTime.isUnresolved() ? undefined : maxRequestTime.toMilliseconds();
  if (milliseconds < 1 || (longest !== undefined && milliseconds >= longest)) {
    fail(scope, `'latency' must be at least 1 and less than the ${longest ?? 'milliseconds'} milliseconds of 'maxRequestTime', got ${milliseconds}; `
      + 'what takes longer than that ends without an answer');
  }
}
