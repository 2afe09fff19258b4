/** The minutes since midnight of `HH:MM`; undefined for anything else, a token included. */
export function clockTime(text: string): number | undefined {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return found === null ? undefined : Number(found[1]) * 60 + Number(found[2]);
}

/** A cron expression of Application Auto Scaling: at this time on these days of the week. */
export function officeHoursCron(time: string, days: string): string {
  const minutes = clockTime(time)!;
  // one of day of month and day of week is always '?'.
  const day = days === '*' ? '* * ?' : `? * ${days}`;
  return `cron(${minutes % 60} ${Math.floor(minutes / 60)} ${day} *)`;
}
