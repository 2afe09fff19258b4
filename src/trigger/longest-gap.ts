const DAY = 1440;

const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
const CRON = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+)(?: (\S+))?\)$/;
const UNITS: Record<string, number> = { minute: 1, hour: 60, day: DAY };

/**
 * The longest time between two runs of a schedule in minutes, where it runs each day; undefined where it does not, or where the expression does not tell.
 *
 * A schedule in a time zone has one more hour between two runs when summer time ends. No CDK in here.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function longestGap(expression: string): number | undefined {
  const rate = RATE.exec(expression);
  if (rate !== null) return withinADay(Number(rate[1]) * UNITS[rate[2]]);
  const cron = CRON.exec(expression);
  if (cron === null || cron.slice(3).some((field) => field !== undefined && field !== '*' && field !== '?')) return undefined;
  const minutes = valuesOf(cron[1], 60);
  const hours = valuesOf(cron[2], 24);
  if (minutes === undefined || hours === undefined) return undefined;
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute)).sort((one, other) => one - other);
  return Math.max(...times.map((time, index) => (times[index + 1] ?? times[0] + DAY) - time));
}

function withinADay(minutes: number): number | undefined {
  return minutes <= DAY ? minutes : undefined;
}

/** The values of a field: lists of numbers, ranges and steps. */
function valuesOf(field: string, count: number): number[] | undefined {
  const parts = field.split(',').map((part) => rangeOf(part, count));
  const values = parts.flatMap((part) => part ?? []);
  return parts.includes(undefined) || values.some((value) => value >= count) ? undefined : [...new Set(values)].sort((one, other) => one - other);
}

function rangeOf(part: string, count: number): number[] | undefined {
  const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/([1-9]\d*))?$/.exec(part);
  if (match === null) return undefined;
  const [, from, to, step] = match;
  const first = Number(from ?? 0);
  const last = to !== undefined ? Number(to) : from === undefined || step !== undefined ? count - 1 : first;
  const by = Number(step ?? 1);
  return first > last ? undefined : Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, index) => first + index * by);
}
