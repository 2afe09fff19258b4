/** What is promised. At least one of the two. */
export interface Objectives {
  /** In percent of the requests, as it stands in an expression: a number, or a token. */
  readonly available?: string;
  /** The same of requests that are answered in time, and the time in seconds. */
  readonly fast?: { readonly percent: string; readonly seconds: number };
}

/** What a window of an alarm looks at. */
export interface BurnWindow {
  /** The construct of its alarm. */
  readonly id: string;
  /** Of one period, in minutes. */
  readonly period: number;
  /** How many of the last `of` periods must be above the factor. */
  readonly periods: number;
  readonly of: number;
  /** How many times faster than it may the error budget goes. */
  readonly factor: number;
  /** Whether few failures count too: where another window has counted them already. */
  readonly anyTraffic: boolean;
  /** The composite alarm that it is a part of. */
  readonly tellsBy: 'OutageAlarm' | 'LeakAlarm';
  /** What it means that it is in alarm. */
  readonly meaning: string;
}

/** A metric of a target group by its name, and the statistic of it. */
export type TargetMetric = [name: string, statistic: string];

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * The windows of one objective, in the manner of the Site Reliability Workbook of Google, with as few alarms as tell an outage from a leak.
 *
 * A long window tells how much of the budget of 30 days went: 2 % of it in an hour, 10 % in a day or in three days in a row. A short one beside it tells that it
 * still goes on, so that the alarm ends soon after its cause. "One of the last" holds it for a while: it does not come and go with each request. The windows of
 * CloudWatch slide.
 *
 * @see https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
export const BURN_WINDOWS: Record<'hour' | 'now' | 'day' | 'days' | 'lately', BurnWindow> = {
  hour: {
    id: 'HourAlarm', tellsBy: 'OutageAlarm', period: HOUR, periods: 1, of: 1, factor: 14.4, anyTraffic: false, meaning: 'in the last hour 2 % of the error budget of 30 days went',
  },
  now: { id: 'NowAlarm', tellsBy: 'OutageAlarm', period: 5, periods: 1, of: 3, factor: 14.4, anyTraffic: true, meaning: 'in the last quarter of an hour it still does' },
  day: {
    id: 'DayAlarm', tellsBy: 'LeakAlarm', period: DAY, periods: 1, of: 1, factor: 3, anyTraffic: false, meaning: 'in the last day 10 % of the error budget of 30 days went',
  },
  days: {
    id: 'DaysAlarm', tellsBy: 'LeakAlarm', period: DAY, periods: 3, of: 3, factor: 1, anyTraffic: false, meaning: 'on three days in a row more of it went than a day has',
  },
  lately: { id: 'LatelyAlarm', tellsBy: 'LeakAlarm', period: HOUR, periods: 1, of: 6, factor: 1, anyTraffic: true, meaning: 'in the last six hours it still does' },
};

/** A rule of a composite alarm, given how to say that a window is in alarm. */
type BurnRule = (inAlarm: (window: BurnWindow) => string) => string;

const { hour, now, day, days, lately } = BURN_WINDOWS;

/** Two alarms and not one: a leak that goes on all day is not to hide an outage, and who gets up at night for an outage need not for a leak. */
export const OUTAGE: BurnRule = (inAlarm) => `${inAlarm(hour)} AND ${inAlarm(now)}`;
export const LEAK: BurnRule = (inAlarm) => `(${inAlarm(day)} OR ${inAlarm(days)}) AND ${inAlarm(lately)}`;

/** Above it the fastest burn of {@link BURN_WINDOWS} is more than all requests, and no alarm could tell it. */
export const LEAST_PERCENT = 95;
export const MOST_PERCENT = 99.999;

/**
 * How many times faster than it may the error budget goes in a period, as metric math: of two objectives, the worse one.
 *
 * A request has failed if the target answered with 500 or more, or could not be connected to. `groups` are the suffixes of the metric ids of the target groups, which
 * count together. Fewer than `fewest` failures burn nothing: of ten requests in a night, one is a tenth.
 */
export function burnRate({ available, fast }: Objectives, groups: string[], fewest: string | undefined): string {
  const sum = (term: (suffix: string) => string) => groups.map(term).join(' + ');
  const requests = groups.length === 1 ? `FILL(requests${groups[0]}, 0)` : `(${sum((group) => `FILL(requests${group}, 0)`)})`;
  const rate = (failures: string, percent: string) => {
    const burn = `100 * (${failures}) / ${requests} / (100 - ${percent})`;
    return `IF(${failures} ${fewest === undefined ? '> 0' : `>= ${fewest}`}, ${burn}, 0)`;
  };
  const rates = [
    ...available === undefined ? [] : [rate(sum((group) => `FILL(errors${group}, 0) + FILL(refused${group}, 0)`), available)],
    ...fast === undefined ? [] : [rate(sum((group) => `FILL(requests${group}, 0) * (100 - FILL(within${group}, 100)) / 100`), fast.percent)],
  ];
  return rates.length === 1 ? rates[0] : `MAX([${rates.join(', ')}])`;
}

/** The metrics that the expression names, of each target group. */
export function burnMetrics({ available, fast }: Objectives): Record<string, TargetMetric> {
  return {
    requests: ['RequestCount', 'Sum'],
    ...available === undefined ? {} : { errors: ['HTTPCode_Target_5XX_Count', 'Sum'], refused: ['TargetConnectionErrorCount', 'Sum'] },
    ...fast === undefined ? {} : { within: ['TargetResponseTime', `PR(:${fast.seconds})`] },
  };
}
