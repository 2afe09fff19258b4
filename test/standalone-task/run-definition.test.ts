import { Match } from 'aws-cdk-lib/assertions';
import { Duration } from 'aws-cdk-lib/core';
import { createTask, statesOf } from './fixtures';
import { RunOverlap } from '../../src';

describe('the state machine of a task', () => {
  test('runs it to its end, with the overrides of its input, tried anew where it could not start', () => {
    const { Run, ReadInput, PrepareRun } = statesOf(createTask({ retries: 2 }).template());
    expect(ReadInput.Parameters).toEqual({ 'Defaults': { ContainerOverrides: [] }, 'Given.$': '$$.Execution.Input' });
    expect(PrepareRun).toMatchObject({ Parameters: { 'Overrides.$': 'States.JsonMerge($.Defaults, $.Given, false)' }, Next: 'Run' });
    expect(Run).toMatchObject({
      Resource: 'arn:<AWS::Partition>:states:::ecs:runTask.sync',
      Parameters: {
        'Group.$': '$$.Execution.Name',
        'Overrides': { 'ContainerOverrides.$': '$.Overrides.ContainerOverrides' },
        'CapacityProviderStrategy': [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
      },
      End: true,
    });
    expect(Run.Retry.map(({ ErrorEquals, MaxAttempts }: any) => [ErrorEquals[0], MaxAttempts])).toEqual([['ECS.AmazonECSException', 5], ['States.TaskFailed', 2]]);
    expect(Run.TimeoutSeconds).toBeUndefined();
  });

  test('stops the task whose time is over, and fails', () => {
    const states = statesOf(createTask({ timeout: Duration.minutes(5) }).template());
    expect(states.Run).toMatchObject({ TimeoutSeconds: 300, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'FindTasks' }] });
    expect(states.StopOwnTask.ItemProcessor.States.IsOwn.Choices).toEqual([{ Variable: '$.Group', StringEqualsPath: '$.Own', Next: 'StopTask' }]);
    expect(states.TimedOut).toEqual({ Type: 'Fail', Error: 'TaskTimedOut', Cause: 'The run took longer than 300 seconds' });
  });

  test('RunOverlap.skip ends a run that is not the first', () => {
    const states = statesOf(createTask({ overlap: RunOverlap.skip() }).template());
    expect(states.PrepareRun.Next).toBe('Prepare guard');
    expect(states['Is it first?']).toMatchObject({ Choices: [{ Next: 'Run' }], Default: 'Is skipped' });
    expect(states['Is skipped']).toMatchObject({ Type: 'Pass', Result: { skipped: 'another run had not ended' }, End: true });
    expect(states['Await others']).toBeUndefined();
  });

  test.each([[10, 5], [1000, 5], [3600, 18], [604_800, 3024]])('RunOverlap.wait of %i seconds looks every %i seconds, and fails in the end', (bound, interval) => {
    const states = statesOf(createTask({ overlap: RunOverlap.wait(Duration.seconds(bound)) }).template());
    expect(states['Is it first?'].Default).toBe('May it wait?');
    expect(states['May it wait?']).toMatchObject({ Choices: [{ NumericLessThan: bound, Next: 'Await others' }], Default: 'Waited too long' });
    expect(states['Await others'].Seconds).toBe(interval);
    expect(states['Waited too long'].Error).toBe('WaitedTooLong');
    // an execution has 25,000 events
    expect(Math.ceil(bound / interval) * 17).toBeLessThan(25_000);
  });

  test('RunOverlap.allow asks nobody', () => {
    expect(Object.keys(statesOf(createTask({ overlap: RunOverlap.allow(), retries: 1 }).template()))).toEqual(['ReadInput', 'PrepareRun', 'Run']);
  });

  test('may list its own executions, where it asks for them', () => {
    const { template } = createTask({ overlap: RunOverlap.skip() });
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: 'Listing',
      PolicyDocument: Match.objectLike({
        Statement: [{ Action: 'states:ListExecutions', Effect: 'Allow', Resource: { Ref: Match.stringLikeRegexp('^ReportRunStateMachine') } }],
      }),
    });
    createTask({ retries: 1 }).template().resourceCountIs('AWS::IAM::Policy', 0);
  });

  test.each([9, 604_801])('fails when a run is to wait for %i seconds', (seconds) => {
    expect(() => RunOverlap.wait(Duration.seconds(seconds)))
      .toThrow(new Error(`'bound' must be between 10 and 604800 seconds, got ${seconds} seconds; give the longest wait that is of use`));
  });
});
