import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Duration } from 'aws-cdk-lib/core';
import { ScaleIn } from './simulation/auto-scaling';
import { evaluate } from './simulation/metric-math';
import { read } from './simulation/template';
import { Outcome, Scenario, simulate } from './simulation/worker-system';
import { EcsQueueWorker, EcsQueueWorkerProps, FargateCluster, WorkerScaling } from '../../src';
import { createStack, IMAGE } from '../util/fixtures';

const HOUR = 3600;

/** The worker goes through its template only: the simulation knows nothing of what made it. */
function deploy(props: Partial<EcsQueueWorkerProps>, containerInsights = ecs.ContainerInsights.ENHANCED) {
  const stack = createStack();
  const cluster = new FargateCluster(stack, 'Platform', { containerInsights });
  new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE, ...props });
  return read(Template.fromStack(stack));
}

const fromZero = (max: number, backlogPerTask?: number) => ({ scaling: WorkerScaling.between(0, max, { backlogPerTask }) });
const evenly = (count: number, from: number, to: number, work: number) => Array.from(
  { length: count }, (_, index) => ({ at: Math.round(from + (to - from) * index / count), work }),
);

/** What holds for every load: nothing is lost, killed or done twice, and in the end nothing runs that has nothing to do. */
function expectSound({ messages, samples, killed, doubled }: Outcome, min = 0): void {
  expect(killed).toBe(0);
  expect(doubled).toBe(0);
  expect(messages.filter(({ poison, finished, dead }) => poison ? dead === undefined : finished === undefined)).toEqual([]);
  expect(messages.filter(({ poison, deliveries }) => !poison && deliveries !== 1)).toEqual([]);
  expect(samples[samples.length - 1]).toMatchObject({ backlog: 0, desired: min, running: min });
}

const most = (outcome: Outcome, what: 'backlog' | 'desired') => Math.max(...outcome.samples.map((sample) => sample[what]));
const longestWait = ({ messages }: Outcome) => Math.max(...messages.map(({ sent, finished = Infinity }) => finished - sent));
const changes = ({ samples }: Outcome) => samples.filter(({ desired }, index) => index > 0 && desired !== samples[index - 1].desired).length;

describe.each([ScaleIn.PROPORTIONAL, ScaleIn.ONE_BY_ONE])('a worker under load, scaled in %s', (scaleIn) => {
  const run = (deployed: ReturnType<typeof deploy>, scenario: Omit<Scenario, 'scaleIn'>) => simulate(deployed, { ...scenario, scaleIn });

  test.each([
    ['counted by Container Insights', ecs.ContainerInsights.ENHANCED],
    ['counted by samples of the CPU metric', ecs.ContainerInsights.DISABLED],
  ])('a burst wakes it, all tasks help, and it goes to sleep: %s', (_, insights) => {
    const outcome = run(deploy(fromZero(20), insights), { messages: evenly(2000, 600, 601, 5), seconds: 4 * HOUR });
    expectSound(outcome);
    expect(most(outcome, 'desired')).toBe(20);
    expect(longestWait(outcome)).toBeLessThan(25 * 60); // ten minutes of twenty tasks, and the time to get there
  });

  test('a few messages wake one task only', () => {
    const outcome = run(deploy(fromZero(20)), { messages: evenly(8, 600, 601, 5), seconds: 2 * HOUR });
    expectSound(outcome);
    expect(most(outcome, 'desired')).toBe(1);
    expect(longestWait(outcome)).toBeLessThan(6 * 60);
  });

  test('a slow ramp: tasks follow the load, and messages do not wait longer and longer', () => {
    const ramp = Array.from({ length: 60 }, (_, minute) => evenly(minute * 3, 600 + minute * 60, 660 + minute * 60, 4)).flat();
    const outcome = run(deploy(fromZero(30)), { messages: ramp, seconds: 4 * HOUR });
    expectSound(outcome);
    const needed = 177 * 4 / 60; // tasks that the last minute keeps busy
    expect(most(outcome, 'desired')).toBeGreaterThanOrEqual(Math.floor(needed));
    expect(longestWait(outcome)).toBeLessThan(10 * 60);
  });

  test('an empty queue: nothing runs, nothing changes', () => {
    const outcome = run(deploy(fromZero(20)), { messages: [], seconds: 6 * HOUR });
    expectSound(outcome);
    expect(most(outcome, 'desired')).toBe(0);
    const awake = run(deploy({ scaling: WorkerScaling.between(2, 20) }), { messages: [], seconds: 6 * HOUR });
    expectSound(awake, 2);
    expect(changes(awake)).toBe(0);
  });

  test('a poison message: it ends in the dead-letter queue, the others are done', () => {
    const messages = [{ at: 600, work: 5, poison: true }, ...evenly(50, 600, 660, 5)];
    const deployed = deploy(fromZero(5));
    const outcome = run(deployed, { messages, seconds: 3 * HOUR });
    expectSound(outcome);
    expect(outcome.messages.filter(({ dead }) => dead !== undefined)).toMatchObject([{ id: 0, deliveries: deployed.deliveries }]);
  });

  test('long messages: a task each, none is stopped while it works, and what comes meanwhile does not wait for them', () => {
    const messages = [...evenly(6, 600, 601, HOUR), { at: 2700, work: 60 }];
    const deployed = deploy({ ...fromZero(10), maxMessageTime: Duration.hours(1) });
    const outcome = run(deployed, { messages, seconds: 5 * HOUR, protects: true });
    expectSound(outcome);
    const { desired, running } = outcome.samples.find(({ time }) => time === 2640)!;
    expect([desired, running].map((tasks) => tasks === 6 || tasks === 7)).toEqual([true, true]);
    expect(outcome.messages[6].finished! - outcome.messages[6].sent).toBeLessThan(10 * 60);
  });

  test('tasks that are slow to start are not asked for again and again', () => {
    const outcome = run(deploy(fromZero(100)), { messages: evenly(30, 600, 601, 25), seconds: 5 * HOUR, startSeconds: 400 });
    expectSound(outcome);
    expect(most(outcome, 'desired')).toBeLessThan(10); // three would do
  });

  test('the last minutes of a long message do not send it to sleep', () => {
    const outcome = run(deploy({ ...fromZero(3), maxMessageTime: Duration.hours(1) }), {
      messages: [{ at: 600, work: HOUR }], seconds: 3 * HOUR, protects: true,
    });
    expectSound(outcome);
    const working = outcome.samples.filter(({ time, backlog }) => time > 1200 && backlog > 0);
    expect(working.map(({ desired }) => desired)).toEqual(working.map(() => 1));
  });

  test('metrics that SQS sends late are not taken for an empty queue', () => {
    const steady = evenly(600, 600, 2 * HOUR, 10);
    const outcome = run(deploy(fromZero(10)), { messages: steady, seconds: 4 * HOUR, silent: [30, 60] });
    expectSound(outcome);
    const during = outcome.samples.filter(({ time }) => time >= 32 * 60 && time < 60 * 60);
    expect(Math.min(...during.map(({ desired }) => desired))).toBeGreaterThanOrEqual(1);
  });

  test.each([1, 2, 3, 4, 5, 6])('any load of short messages, seed %d', (seed) => {
    const random = randomNumbers(seed);
    const messages = Array.from({ length: 400 }, () => {
      const at = Math.floor(600 + random() * random() * 3 * HOUR);
      return { at, work: Math.ceil(random() * 30), poison: random() < 0.01 };
    }).sort((one, other) => one.at - other.at);
    expectSound(run(deploy(fromZero(1 + Math.floor(random() * 15))), { messages, seconds: 9 * HOUR, startSeconds: 20 + Math.floor(random() * 150) }));
  });
});

/** Numbers from 0 to 1 that are the same in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed * 2654435761 % 4294967296;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

describe('the simulation itself', () => {
  test('metric math: missing data, divisions by zero, conditions', () => {
    expect(evaluate('IF(a + b > 10, a + b, 10) / IF(r > 1, r, 1)', { a: 30, b: 10, r: 4 })).toBe(10);
    expect(evaluate('a + b', { a: 1, b: undefined })).toBeUndefined();
    expect(evaluate('FILL(a, 0) < 1', { a: undefined })).toBe(1);
    expect(evaluate('1 / a', { a: 0 })).toBeUndefined();
    expect(() => evaluate('MAX(a)', { a: 0 })).toThrow('MAX with 1 arguments is not modelled');
    expect(() => evaluate('a ? 1', { a: 0 })).toThrow('cannot read all of a ? 1');
  });

  test('it sees a worker whose stop is too short, and one whose messages come back too early', () => {
    const deployed = deploy(fromZero(5));
    const load = { messages: evenly(200, 600, 4200, 30), seconds: 3 * HOUR };
    expect(simulate({ ...deployed, stopTimeout: 1 }, load).killed).toBeGreaterThan(0);
    const uneven = evenly(60, 600, 601, 0).map((message, index) => ({ ...message, work: index % 2 === 0 ? 30 : 7 }));
    expect(simulate({ ...deployed, visibility: 10 }, { messages: uneven, seconds: HOUR }).doubled).toBeGreaterThan(0);
  });
});
