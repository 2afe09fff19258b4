import { Duration } from 'aws-cdk-lib/core';
import { createPipeline, definitionOf } from './fixtures';
import { AfterSkipped, FanOut, JobOptions, OnJobFailure } from '../../src';
import { compileGraph } from '../../src/batch/graph/job-graph';
import { renderStateMachine } from '../../src/batch/machine/state-machine-definition';
import { IMAGE } from '../util/fixtures';

function render(edges: Record<string, string[]>): any {
  const jobs = Object.entries(edges).map(([id, after]) => ({ id, after, task: { Type: 'Task' }, afterSkipped: AfterSkipped.SKIP }));
  return renderStateMachine(compileGraph(jobs).root, jobs);
}

/** The names of all states, at any depth. */
function namesIn(machine: any): string[] {
  return Object.entries<any>(machine.States).flatMap(([name, state]) => [name, ...(state.Branches ?? []).flatMap(namesIn)]);
}

describe('state machine', () => {
  test('chains the states of a series', () => {
    expect(render({ A: [], B: ['A'] })).toEqual({
      StartAt: 'A',
      States: { A: { Type: 'Task', Next: 'B' }, B: { Type: 'Task', End: true } },
    });
  });

  test('hands the input through a parallel on', () => {
    expect(render({ A: [], B: [] })).toEqual({
      StartAt: 'A and B',
      States: {
        'A and B': {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'A', States: { A: { Type: 'Task', End: true, OutputPath: null } } },
            { StartAt: 'B', States: { B: { Type: 'Task', End: true, OutputPath: null } } },
          ],
          ResultPath: null,
          End: true,
        },
      },
    });
  });

  test('names a parallel by its first two branches', () => {
    expect(render({ A: [], B: [], C: [], D: [] }).StartAt).toBe('A, B and 2 more');
  });

  test('has unique names of at most 80 characters, however long the ids are', () => {
    const id = (suffix: string) => suffix.padStart(80, 'x');
    const machine = render({
      [id('A')]: [],
      [id('B')]: [id('A')],
      [id('C')]: [id('A')],
      [id('D')]: [id('B'), id('C')],
      [id('E')]: [id('D')],
      [id('F')]: [id('D')],
      [id('G')]: [],
    });
    const names = namesIn(machine);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(10);
    expect(Math.max(...names.map((name) => name.length))).toBe(80);
  });
});

describe('state machine with conditions, of which the others finish', () => {
  test('has unique names of at most 80 characters, however long the ids are', () => {
    const { pipeline, template } = createPipeline({ onJobFailure: OnJobFailure.FINISH_OTHERS });
    const id = (suffix: string) => suffix.padStart(80, 'x');
    const score = pipeline.addJob(id('A'), { image: IMAGE, outputs: ['metrics'] });
    const good = score.output('metrics').value('good');
    const either = pipeline.addJob(id('B'), { image: IMAGE, when: good.isTrue() });
    const or = pipeline.addJob(id('C'), { image: IMAGE, when: good.isFalse() });
    pipeline.addJob(id('D'), { image: IMAGE, after: [either, or] });
    const names = namesIn(definitionOf(template()));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(25);
    expect(Math.max(...names.map((name) => name.length))).toBe(80);
  });

  test('hands on what became of a Map as it does of a job', () => {
    const { pipeline, template } = createPipeline();
    const split = pipeline.addJob('Split', { image: IMAGE, outputs: ['parts', 'metrics'] });
    const work = pipeline.addJob('Work', {
      image: IMAGE, fanOut: FanOut.outputObjects(split.output('parts')), when: split.output('metrics').value('count').isGreaterThan(0),
    });
    pipeline.addJob('Join', { image: IMAGE, after: [work] });
    expect(definitionOf(template()).States.Work).toMatchObject({
      Type: 'Map', ResultSelector: { outcome: 'succeeded' }, ResultPath: '$.pipeline.jobs.Work_0', Next: 'May Join start?',
    });
  });
});

describe('what states hand on', () => {
  /** All states at any depth, with whether they stand in a branch. */
  function statesIn(machine: any, inBranch = false): { name: string; state: any; inBranch: boolean }[] {
    return Object.entries<any>(machine.States).flatMap(([name, state]) => [
      { name, state, inBranch },
      ...(state.Branches ?? []).flatMap((branch: any) => statesIn(branch, true)),
      ...(state.ItemProcessor === undefined ? [] : statesIn(state.ItemProcessor)),
    ]);
  }

  function statesOf(onJobFailure: OnJobFailure): ReturnType<typeof statesIn> {
    const { pipeline, template } = createPipeline({ onJobFailure });
    const split = pipeline.addJob('Split', { image: IMAGE, outputs: ['parts', 'metrics'] });
    const few = split.output('metrics').value('count').isLessThan(10);
    pipeline.addJob('Each', { image: IMAGE, fanOut: FanOut.outputObjects(split.output('parts')) });
    const left = pipeline.addJob('Left', { image: IMAGE, after: [split], when: few });
    const [a, b] = ['A', 'B'].map((id) => pipeline.addJob(id, { image: IMAGE, after: [left] }));
    pipeline.addJob('Last', { image: IMAGE, after: [a, b], fanOut: FanOut.array(5) });
    return statesIn(definitionOf(template()));
  }

  test.each([OnJobFailure.STOP_OTHERS, OnJobFailure.FINISH_OTHERS])('no branch hands on more than what has become of its jobs: %s', (onJobFailure) => {
    const ends = statesOf(onJobFailure).filter(({ name, state, inBranch }) => inBranch && state.End === true && !/to run$/.test(name));
    expect(ends.length).toBeGreaterThan(4);
    expect(ends.filter(({ state }) => ![null, '$.pipeline.jobs'].includes(state.OutputPath)).map(({ name }) => name)).toEqual([]);
    // whether it counts for an error that is caught is not documented.
    expect(statesOf(onJobFailure).filter(({ state }) => state.Catch !== undefined && 'OutputPath' in state)).toEqual([]);
  });

  test('what a condition reads begins with an empty object, and ends with the decision', () => {
    const reads = statesOf(OnJobFailure.STOP_OTHERS).filter(({ state }) => state.Type === 'Parallel' && state.Branches.length === 1);
    expect(reads.map(({ name, state }) => [name, state.Parameters, state.ResultSelector])).toEqual([['Is Left to run?', {}, { 'runs.$': '$[0].runs' }]]);
  });

  test('no job and no Map hands on what it results in', () => {
    for (const { state } of statesOf(OnJobFailure.FINISH_OTHERS).filter(({ state: { Type, Resource } }) => Type === 'Map' || /submitJob/.test(Resource))) {
      expect([[undefined, null], [{ outcome: 'succeeded' }, expect.stringMatching(/^\$\.pipeline\.jobs\.\w+$/)], [{}, '$']])
        .toContainEqual([state.ResultSelector, state.ResultPath]);
    }
  });
});

describe('state of a job', () => {
  const stateOf = (options: Partial<JobOptions> = {}) => {
    const { pipeline, template } = createPipeline({ maxVcpus: 10 });
    pipeline.addJob('Extract', { image: IMAGE, ...options });
    return definitionOf(template()).States.Extract;
  };
  const WEEK = 7 * 86_400;

  test('submits the job and waits for it, and hands the input on', () => {
    const state = stateOf();
    expect(state).toMatchObject({ Type: 'Task', Resource: 'arn:<AWS::Partition>:states:::batch:submitJob.sync', ResultPath: null });
    expect(state.Parameters).toEqual({
      JobName: 'Extract',
      JobQueue: expect.stringMatching(/^<EtlJobQueue.*\.JobQueueArn>$/),
      JobDefinition: expect.stringMatching(/^<EtlJobsExtractDefinition[0-9A-F]{8}>$/),
      ContainerOverrides: { Environment: [{ 'Name': 'PIPELINE_EXECUTION_ID', 'Value.$': '$$.Execution.Name' }] },
      Tags: { 'cdk-ecs-workloads:pipeline': expect.stringMatching(/^<EtlJobQueue.*\.JobQueueArn>$/) },
    });
  });

  test('retries the submission with jitter, but not a job that failed', () => {
    const { Retry, Catch } = stateOf();
    expect(Retry).toEqual([{
      ErrorEquals: ['Batch.AWSBatchException', 'Batch.ServerException', 'Batch.TooManyRequestsException'],
      IntervalSeconds: 2,
      BackoffRate: 2,
      MaxDelaySeconds: 60,
      MaxAttempts: 10,
      JitterStrategy: 'FULL',
    }]);
    expect(Catch).toBeUndefined();
  });

  test.each([
    ['a single job: three starts', { timeout: Duration.hours(1) }, 3 * 3600 + WEEK],
    ['attempts', { timeout: Duration.hours(1), attempts: 5 }, 5 * 3600 + WEEK],
    ['an array that fits', { timeout: Duration.hours(1), fanOut: FanOut.array(10) }, 3 * 3600 + WEEK],
    ['an array in three rounds', { timeout: Duration.hours(1), fanOut: FanOut.array(21) }, 3 * 3 * 3600 + WEEK],
    ['no longer than an execution lasts', { timeout: Duration.days(14), fanOut: FanOut.array(10_000) }, 365 * 86_400],
  ])('gives up only after all the time that it may take: %s', (_, options, seconds) => {
    expect(stateOf(options).TimeoutSeconds).toBe(seconds);
  });
});
