import * as fc from 'fast-check';
import { AfterSkipped, OnJobFailure } from '../../src';
import { compileGraph } from '../../src/batch/graph/job-graph';
import type { FlowCondition, FlowJob } from '../../src/batch/machine/flow-job';
import { renderStateMachine } from '../../src/batch/machine/state-machine-definition';
import { StatesError } from '../batch/simulation/data';
import { Interpreter, type JobRun } from '../batch/simulation/interpreter';
import { problemsOf } from '../util/asl';

/** A pipeline, and what happens in it. */
interface Draw {
  readonly jobs: FlowJob[];
  /** What the jobs write: conditions hold for more than a half. */
  readonly values: Map<string, number>;
  readonly durations: Map<string, number>;
  /** In how many rounds a job fails before it succeeds. */
  readonly failures: Map<string, number>;
  /** In how many rounds what a job has written cannot be decided upon, and how. */
  readonly unreadable: Map<string, { readonly rounds: number; readonly how: string }>;
}

/** Numbers from 0 to below 1, the same for the same seed. */
function draws(seed: number): () => number {
  let state = seed % 2_147_483_646 + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function conditionOn(producers: string[]): FlowCondition {
  const variables = producers.map((_, index) => `$.result${index}.value.good`);
  return {
    producers,
    reads: producers.map((id, index) => ({
      name: `${id}/result`,
      task: {
        Type: 'Task',
        Resource: `read:${id}`,
        ResultSelector: { 'value.$': '$', 'redrives.$': '$$.Execution.RedriveCount' },
        ResultPath: `$.result${index}`,
      },
    })),
    valid: variables.flatMap((Variable) => [{ Variable, IsPresent: true }, { Variable, IsNumeric: true }]),
    rule: { And: variables.map((Variable) => ({ Variable, NumericGreaterThan: 0.5 })) },
  };
}

/** `troubled`: with jobs that fail and results that cannot be read. */
function drawFrom(edges: (draw: () => number) => { id: string; after: string[] }[], seed: number, conditional: number, troubled: boolean): Draw {
  const draw = draws(seed);
  const { SKIP, RUN_UNLESS_ALL_SKIPPED, RUN } = AfterSkipped;
  const policies = [SKIP, SKIP, RUN_UNLESS_ALL_SKIPPED, RUN_UNLESS_ALL_SKIPPED, RUN];
  const jobs = edges(draw).map(({ id, after }): FlowJob => {
    const producers = after.filter(() => draw() < 0.5).slice(0, 3);
    return {
      id,
      after,
      task: { Type: 'Task', Resource: `job:${id}`, ResultPath: null },
      afterSkipped: policies[Math.floor(draw() * policies.length)],
      condition: producers.length > 0 && draw() < conditional ? conditionOn(producers) : undefined,
    };
  });
  const each = <T>(of: () => T) => new Map(jobs.map(({ id }) => [id, of()]));
  return {
    jobs,
    values: each(draw),
    durations: each(() => 1 + Math.floor(draw() * 9)),
    failures: each(() => (troubled && draw() < 0.2 ? 1 + Math.floor(draw() * 2) : 0)),
    unreadable: each(() => ({ rounds: troubled && draw() < 0.15 ? 1 : 0, how: ['missing', 'empty', 'text'][Math.floor(draw() * 3)] })),
  };
}

const anyEdges = (size: number, percent: number) => (draw: () => number) => Array.from({ length: size }, (_, later) => ({
  id: `Job-${later}`, after: Array.from({ length: later }, (__, earlier) => `Job-${earlier}`).filter(() => draw() * 100 < percent),
}));

const anyDraw = (troubled: boolean) => fc.record({
  size: fc.integer({ min: 1, max: 60 }), percent: fc.integer({ min: 1, max: 30 }), seed: fc.nat(), conditional: fc.constantFrom(0, 0.3, 0.8),
}).map(({ size, percent, seed, conditional }) => drawFrom(anyEdges(size, percent), seed, conditional, troubled));

/** A series-parallel graph: chains of stages, of which each is a job or stands for a graph of its own. */
const seriesParallelEdges = (draw: () => number) => {
  const jobs: { id: string; after: string[] }[] = [];
  const grow = (after: string[], depth: number): string[] => {
    const kind = draw();
    if (depth === 0 || kind < 0.3) {
      jobs.push({ id: `Job-${jobs.length}`, after });
      return [jobs[jobs.length - 1].id];
    }
    const count = 2 + Math.floor(draw() * 2);
    if (kind < 0.65) return Array.from({ length: count }).reduce<string[]>((ends) => grow(ends, depth - 1), after);
    return Array.from({ length: count }).flatMap(() => grow(after, depth - 1));
  };
  grow([], 4);
  return jobs;
};

/** What becomes of each job in the end, by the words of the documentation. */
function fatesOf({ jobs, values }: Draw): Map<string, 'succeeded' | 'skipped'> {
  const fates = new Map<string, 'succeeded' | 'skipped'>();
  for (const { id, after, afterSkipped, condition } of jobs) {
    const skipped = after.filter((earlier) => fates.get(earlier) === 'skipped').length;
    const isSkipped = (afterSkipped === AfterSkipped.SKIP && skipped > 0)
      || (afterSkipped === AfterSkipped.RUN_UNLESS_ALL_SKIPPED && skipped > 0 && skipped === after.length)
      || (condition?.producers ?? []).some((producer) => fates.get(producer) === 'skipped' || values.get(producer)! <= 0.5);
    fates.set(id, isSkipped ? 'skipped' : 'succeeded');
  }
  return fates;
}

function interpreterOf(drawn: Draw, onFailure: OnJobFailure): Interpreter {
  const machine = JSON.parse(JSON.stringify(renderStateMachine(compileGraph(drawn.jobs).root, drawn.jobs, onFailure)));
  const interpreter: Interpreter = new Interpreter(machine, {
    duration: (job) => drawn.durations.get(job)!,
    fails: (job, round) => round < drawn.failures.get(job)!,
    read: (key, round) => {
      if (!interpreter.runs.some((run) => run.job === key && run.how === 'succeeded')) throw new StatesError('S3.NoSuchKeyException');
      const { rounds, how } = drawn.unreadable.get(key)!;
      if (round >= rounds) return { good: drawn.values.get(key) };
      if (how === 'missing') throw new StatesError('S3.NoSuchKeyException');
      return how === 'empty' ? {} : { good: 'yes' };
    },
  });
  return interpreter;
}

/** Runs to a good end, with as many redrives as it takes. */
function runThrough(drawn: Draw, onFailure: OnJobFailure) {
  const interpreter = interpreterOf(drawn, onFailure);
  let ended = interpreter.execute();
  const errors: string[] = [];
  while (ended.error !== undefined && errors.length < 200) {
    errors.push(ended.error.name);
    ended = interpreter.execute();
  }
  expect(ended.error).toBeUndefined();
  expect(errors).not.toContain('States.Runtime');
  return { interpreter, ended, errors };
}

/** All that must hold whatever happens. */
function checkRuns({ jobs, values, ...drawn }: Draw, runs: JobRun[]): void {
  const fates = fatesOf({ jobs, values, ...drawn });
  const succeeded = new Map(runs.filter((run) => run.how === 'succeeded').map((run) => [run.job, run]));
  const ids = (fate: string) => jobs.map(({ id }) => id).filter((id) => fates.get(id) === fate).sort();
  expect(runs.filter((run) => run.how === 'succeeded').map((run) => run.job).sort()).toEqual(ids('succeeded'));
  expect(runs.filter((run) => fates.get(run.job) === 'skipped')).toEqual([]);
  for (const { id, after } of jobs) {
    const first = Math.min(...runs.filter((run) => run.job === id).map((run) => run.start));
    for (const earlier of after.filter((each) => succeeded.has(each))) expect(succeeded.get(earlier)!.end).toBeLessThanOrEqual(first);
  }
}

const MODES = [[OnJobFailure.STOP_OTHERS], [OnJobFailure.FINISH_OTHERS]];

describe('state machines of any graph with conditions', () => {
  test.each(MODES)('%s: nothing is lost, doubled or out of order, and what is skipped is what the conditions say', (onFailure) => {
    fc.assert(fc.property(anyDraw(false), (drawn) => {
      const { interpreter, ended, errors } = runThrough(drawn, onFailure);
      expect(errors).toEqual([]);
      expect(ended.output.mine).toBe(1);
      checkRuns(drawn, interpreter.runs);
    }));
  });

  test.each(MODES)('%s: with failures and redrives, what has succeeded is not repeated and the end is the same', (onFailure) => {
    fc.assert(fc.property(anyDraw(true), (drawn) => {
      checkRuns(drawn, runThrough(drawn, onFailure).interpreter.runs);
    }));
  });

  test.each(MODES)('%s: series-parallel ones gain no waiting', (onFailure) => {
    fc.assert(fc.property(fc.nat(), fc.constantFrom(0, 0.5), (seed, conditional) => {
      const drawn = drawFrom(seriesParallelEdges, seed, conditional, false);
      const { interpreter } = runThrough(drawn, onFailure);
      const settled = new Map<string, number>();
      const byId = new Map(interpreter.runs.map((run) => [run.job, run]));
      for (const { id, after } of drawn.jobs) {
        const ready = Math.max(0, ...after.map((earlier) => settled.get(earlier)!));
        if (byId.has(id)) expect(byId.get(id)!.start).toBe(ready);
        settled.set(id, byId.get(id)?.end ?? ready);
      }
    }));
  });

  test('finishOthers: a round does all that does not wait for what has failed, and stops nothing', () => {
    fc.assert(fc.property(anyDraw(true), (given) => {
      const drawn = { ...given, unreadable: new Map(given.jobs.map(({ id }) => [id, { rounds: 0, how: '' }])) };
      const { runs } = runThrough(drawn, OnJobFailure.FINISH_OTHERS).interpreter;
      expect(runs.filter((run) => run.how === 'aborted')).toEqual([]);
      const fates = fatesOf(drawn);
      const unfinished = new Set<string>();
      for (const { id, after } of drawn.jobs) {
        const blocked = after.some((earlier) => unfinished.has(earlier));
        const failed = !blocked && fates.get(id) === 'succeeded' && drawn.failures.get(id)! > 0;
        if (blocked || failed) unfinished.add(id);
        const ran = !blocked && fates.get(id) === 'succeeded';
        expect(runs.filter((run) => run.job === id && run.round === 0)).toHaveLength(ran ? 1 : 0);
      }
    }));
  });

  test('stopOthers: the first failure ends the round', () => {
    fc.assert(fc.property(anyDraw(true), (drawn) => {
      const { runs } = runThrough(drawn, OnJobFailure.STOP_OTHERS).interpreter;
      for (const failed of runs.filter((run) => run.how === 'failed')) {
        const others = runs.filter((run) => run.round === failed.round);
        expect(Math.max(...others.map((run) => run.end))).toBe(failed.end);
      }
    }));
  });

  test.each(MODES)('%s: an independent validator finds nothing wrong', (onFailure) => {
    fc.assert(fc.property(anyDraw(false), (drawn) => {
      const jobs = drawn.jobs.map((job) => ({ ...job, task: { ...job.task, Resource: 'arn:aws:states:::batch:submitJob.sync' } }));
      for (const { condition } of jobs) condition?.reads.forEach(({ task }) => Object.assign(task, { Resource: 'arn:aws:states:::aws-sdk:s3:getObject' }));
      expect(problemsOf(renderStateMachine(compileGraph(jobs).root, jobs, onFailure))).toBe('');
    }), { numRuns: 15 });
  });
});
