import { Template } from 'aws-cdk-lib/assertions';
import { Duration } from 'aws-cdk-lib/core';
import { AlarmClock } from './simulation/alarm-clock';
import { Minute, NOTHING, seeded, some, Traffic } from './simulation/traffic';
import { ClusterIngress, ClusterNetwork, ClusterProfile, EcsMicroservice, FargateCluster, ServiceDeployment, ServiceRoute, SloOptions } from '../../src';
import { BURN_WINDOWS } from '../../src/observability/burn-rate';
import { createStack, IMAGE, importedVpc } from '../util/fixtures';

const HOUR = 60;
const DAY = 24 * HOUR;

/** What a development service has of alarms: those of its objective alone. */
function declare(slo: SloOptions, deployment?: ServiceDeployment): Template {
  const stack = createStack();
  const network = ClusterNetwork.existing(importedVpc(stack));
  const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network, ingress: ClusterIngress.publicAlb() });
  const routes = [ServiceRoute.internetFacing({ paths: ['/*'] })];
  new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes, deployment }).alarms.addSlo(slo);
  return Template.fromStack(stack);
}

const AVAILABLE = declare({ availabilityPercent: 99.9 });
const FAST = declare({ latency: Duration.millis(300) });
const BOTH = declare({ availabilityPercent: 99.9, latency: Duration.millis(300), latencyPercent: 95 });

describe('burn-rate alarms, by a table of cases', () => {
  const { hour, now, day, days, lately } = BURN_WINDOWS;
  const end = 4 * DAY;
  /** The same in each of the last minutes, and nothing before. */
  const last = (minutes: number, minute: Minute) => new Traffic(end, (at) => at >= end - minutes ? minute : NOTHING);

  test.each([
    ['an hour just below 14.4 times the budget', HOUR, { requests: 10_000, errors: 143 }, [lately, day]],
    ['an hour just above it', HOUR, { requests: 10_000, errors: 145 }, [hour, now, lately, day]],
    ['five failures in five minutes do not make an hour', 5, { requests: 10, errors: 1 }, [now, lately]],
    ['connections that fail count like errors', HOUR, { requests: 10_000, errors: 80, refused: 65 }, [hour, now, lately, day]],
    ['a day just below 3 times', DAY, { requests: 10_000, errors: 29 }, [lately]],
    ['a day just above 3 times', DAY, { requests: 10_000, errors: 31 }, [lately, day]],
    ['three days just below the budget', 3 * DAY, { requests: 10_000, errors: 9 }, []],
    ['three days just above the budget', 3 * DAY, { requests: 10_000, errors: 11 }, [lately, days]],
    ['two days just above the budget', 2 * DAY, { requests: 10_000, errors: 11 }, [lately]],
    ['of nine requests all fail', 9, { requests: 1, errors: 1 }, [now, lately]],
    ['of ten requests all fail', 10, { requests: 1, errors: 1 }, [hour, now, lately, day]],
    ['no request', end, NOTHING, []],
    ['no failure', end, { requests: 1000 }, []],
  ])('availability: %s', (_, minutes, minute, expected) => {
    expect(new AlarmClock(AVAILABLE, () => last(minutes, minute)).parts(end).sort()).toEqual(expected.map(({ id }) => id).sort());
  });

  test.each([
    ['99 % in time: just below', FAST, 1430, false],
    ['99 % in time: just above', FAST, 1450, true],
    ['95 % in time: just below', BOTH, 7190, false],
    ['95 % in time: just above', BOTH, 7210, true],
  ])('latency: %s', (_, template, slow, isOn) => {
    const alarms = new AlarmClock(template, () => last(HOUR, { requests: 10_000, slow }));
    expect([alarms.parts(end).includes(hour.id), alarms.rings('OutageAlarm', end)]).toEqual([isOn, isOn]);
  });

  test('with both objectives, the worse one counts', () => {
    const alarms = (minute: Minute) => new AlarmClock(BOTH, () => last(HOUR, minute)).parts(end).includes(hour.id);
    expect(alarms({ requests: 10_000, errors: 145, slow: 10 })).toBe(true);
    expect(alarms({ requests: 10_000, errors: 1, slow: 7210 })).toBe(true);
    expect(alarms({ requests: 10_000, errors: 1, slow: 10 })).toBe(false);
  });

  test('the guard may be lowered for a service with few requests', () => {
    const template = declare({ availabilityPercent: 99.9, fewestFailures: 3 });
    const rings = (minutes: number) => new AlarmClock(template, () => last(minutes, { requests: 1, errors: 1 })).rings('OutageAlarm', end);
    expect([rings(2), rings(3)]).toEqual([false, true]);
  });

  test('of a shifted service, the requests of both target groups count together', () => {
    const template = declare({ availabilityPercent: 99.9, latency: Duration.millis(300) }, ServiceDeployment.canary({ percent: 10 }));
    const groups = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    expect(groups).toHaveLength(2);
    const hourOf = (first: Minute, second: Minute) => new AlarmClock(template, (group) => last(HOUR, group === groups[0] ? first : second))
      .parts(end).includes(hour.id);
    expect(hourOf({ requests: 9000 }, { requests: 1000, errors: 140 })).toBe(false);
    expect(hourOf({ requests: 9000 }, { requests: 1000, errors: 150 })).toBe(true);
    expect(hourOf({ requests: 1000, errors: 150 }, { requests: 9000 })).toBe(true);
    expect(hourOf({ requests: 9000 }, NOTHING)).toBe(false);
    expect(hourOf({ requests: 0 }, { requests: 10_000, slow: 1450 })).toBe(true);
  });
});

describe('burn-rate alarms, by a simulation of traffic', () => {
  /** The service always had some traffic: what happens, happens from here on. */
  const start = 4 * DAY;
  const simulate = (template: Template, length: number, minuteOf: (sinceStart: number, random: () => number) => Minute) => {
    const random = seeded(7);
    const traffic = new Traffic(start + length, (minute) => minuteOf(minute - start, random));
    const alarms = new AlarmClock(template, () => traffic);
    const changes = (name: string) => {
      const { on, off } = alarms.changes(name, start, start + length);
      return { on: on.map((minute) => minute - start), off: off.map((minute) => minute - start) };
    };
    return { outage: changes('OutageAlarm'), leak: changes('LeakAlarm') };
  };
  /** 600 requests a minute by day and 100 by night, of which 3 in 10,000 fail, and 4 in 1000 are slow. */
  const normal = (minute: number, random: () => number, failing = 0.0003): Minute => {
    const requests = Math.round(350 + 250 * Math.sin(2 * Math.PI * minute / DAY));
    return { requests, errors: some(requests, failing, random), slow: some(requests, 0.004, random) };
  };
  const SILENCE = { outage: { on: [], off: [] }, leak: { on: [], off: [] } };

  test('steady traffic that burns a third of its budget: silence for ten days', () => {
    expect(simulate(BOTH, 10 * DAY, normal)).toEqual(SILENCE);
  });

  test('a burst of errors, a fifth of the requests for 40 minutes: heard within ten minutes, over within half an hour after its end', () => {
    const { outage: { on, off } } = simulate(BOTH, 5 * HOUR, (minute, random) => normal(minute, random, minute >= 0 && minute < 40 ? 0.2 : 0.0003));
    expect([on.length, off.length]).toEqual([1, 1]);
    expect(on[0]).toBeLessThanOrEqual(10);
    expect(off[0]).toBeGreaterThan(40);
    expect(off[0]).toBeLessThanOrEqual(40 + 30);
  });

  test('a second burst three hours later is told anew, although much of the budget has gone', () => {
    const isOut = (minute: number) => (minute >= 0 && minute < 40) || (minute >= 3 * HOUR && minute < 3 * HOUR + 40);
    const { outage, leak } = simulate(AVAILABLE, 12 * HOUR, (minute, random) => normal(minute, random, isOut(minute) ? 0.2 : 0.0003));
    expect(outage.on).toHaveLength(2);
    expect(leak.on).toHaveLength(1);
    expect(leak.off[0]).toBeLessThanOrEqual(3 * HOUR + 40 + 7 * HOUR);
  });

  test('a blip of five minutes that costs less than 2 % of the budget: silence', () => {
    expect(simulate(BOTH, 2 * DAY, (minute, random) => normal(minute, random, minute >= 0 && minute < 5 ? 0.05 : 0.0003))).toEqual(SILENCE);
  });

  test.each([
    ['four times the budget', 0.004, 0.1],
    ['one and a half', 0.0015, 0.15],
  ])('a slow leak of %s: no outage, heard before a sixth of the budget is gone, over within eight hours after its end', (_, failing, spent) => {
    const mended = 4 * DAY;
    const { outage, leak: { on, off } } = simulate(AVAILABLE, mended + DAY, (minute, random) => (
      normal(minute, random, minute >= 0 && minute < mended ? failing : 0.0003)
    ));
    expect(outage).toEqual(SILENCE.outage);
    expect([on.length, off.length]).toEqual([1, 1]);
    expect((on[0] / DAY) * (failing / 0.001) / 30).toBeLessThanOrEqual(spent * 1.1);
    expect(off[0]).toBeGreaterThan(mended);
    expect(off[0]).toBeLessThanOrEqual(mended + 8 * HOUR);
  });

  test('a leak with few requests is told once, and does not come and go with them', () => {
    const { outage, leak } = simulate(AVAILABLE, 4 * DAY, (minute, random) => ({ requests: 10, errors: some(10, minute >= 0 ? 0.004 : 0, random) }));
    expect(outage).toEqual(SILENCE.outage);
    expect([leak.on.length, leak.off.length]).toEqual([1, 0]);
  });

  test('no traffic: silence', () => {
    expect(simulate(BOTH, 3 * DAY, () => NOTHING)).toEqual(SILENCE);
  });

  test('traffic that ends in the middle of an outage: the alarm ends too', () => {
    const { outage: { on, off } } = simulate(AVAILABLE, DAY, (minute, random) => (
      minute < 30 ? normal(minute, random, minute >= 0 ? 1 : 0.0003) : NOTHING
    ));
    expect([on.length, off.length]).toEqual([1, 1]);
    expect(off[0]).toBeLessThanOrEqual(30 + 30);
  });

  test('two requests an hour, of which now and then one fails: silence', () => {
    const few = (minute: number) => ({ requests: minute % 30 === 0 ? 1 : 0, errors: minute % (13 * HOUR) === 0 ? 1 : 0 });
    expect(simulate(AVAILABLE, 4 * DAY, few)).toEqual(SILENCE);
  });

  test('one request in two minutes, and all fail: heard once ten have failed', () => {
    const everySecond = (minute: number) => minute % 2 === 0 ? 1 : 0;
    const { outage: { on } } = simulate(AVAILABLE, 4 * HOUR, (minute) => (
      { requests: everySecond(minute), errors: minute >= 0 ? everySecond(minute) : 0 }
    ));
    expect(on[0]).toBeLessThanOrEqual(25);
  });

  test('slow answers without an error are heard like errors', () => {
    const { outage: { on } } = simulate(FAST, 3 * HOUR, (minute, random) => {
      const { requests } = normal(minute, random);
      return { requests, slow: some(requests, minute >= 0 ? 0.5 : 0.004, random) };
    });
    expect(on[0]).toBeLessThanOrEqual(30);
  });
});
