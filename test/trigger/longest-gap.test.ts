import { longestGap } from '../../src/trigger/longest-gap';

describe('the longest time between two runs', () => {
  test.each<[string, number | undefined]>([
    ['rate(5 minutes)', 5],
    ['rate(1 hour)', 60],
    ['rate(1 day)', 1440],
    ['rate(2 days)', undefined],
    ['cron(0 3 * * ? *)', 1440],
    ['cron(0/15 * * * ? *)', 15],
    ['cron(*/10 * * * ? *)', 10],
    ['cron(* * ? * * *)', 1],
    ['cron(30 8-18/2 * * ? *)', 840],
    ['cron(0,50 9 * * ? *)', 1390],
    ['cron(0 20,4 * * ? *)', 960],
    ['cron(0 3 * * *)', 1440],
    ['cron(0 3 1 * ? *)', undefined],
    ['cron(0 3 ? * MON-FRI *)', undefined],
    ['cron(0 3 * * ? 2027)', undefined],
    ['cron(0 25 * * ? *)', undefined],
    ['cron(0 9-3 * * ? *)', undefined],
    ['cron(x 3 * * ? *)', undefined],
    ['at(2027-01-01T00:00:00)', undefined],
  ])('of %s', (expression, minutes) => {
    expect(longestGap(expression)).toBe(minutes);
  });
});
