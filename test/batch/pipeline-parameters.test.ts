import * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import { createPipeline, definitionOf } from './fixtures';
import { schedule } from './trigger-fixtures';
import { EcsBatchPipelineProps, FanOut, JobOptions, OnJobFailure, PipelineParameter, PipelineTrigger, RunOverlap } from '../../src';
import { createStack, IMAGE } from '../util/fixtures';

const DAY = PipelineParameter.text({ defaultValue: 'today', pattern: '*' });

/** The states of a pipeline with one job, and what else it is given. */
function statesOf(props: Partial<EcsBatchPipelineProps>, options: Partial<JobOptions> = {}) {
  const { pipeline, template } = createPipeline(props);
  pipeline.addJob('Extract', { image: IMAGE, ...options });
  return definitionOf(template());
}

describe('parameters of a pipeline', () => {
  test('without any, and without a guard, the state machine is just its jobs', () => {
    const plain = statesOf({});
    expect(Object.keys(plain.States)).toEqual(['Extract']);
    expect(plain.States.Extract.Parameters.Parameters).toBeUndefined();
    expect(statesOf({ parameters: {}, overlap: RunOverlap.allow() })).toEqual(plain);
  });

  test('defaults are put under the input, and what is checked is handed on', () => {
    const { StartAt, States } = statesOf({ parameters: { day: DAY, days: PipelineParameter.number(), dryRun: PipelineParameter.flag({ defaultValue: false }) } });
    expect(StartAt).toBe('Read the input');
    expect(States['Read the input'].Parameters).toMatchObject({ 'defaults': { day: 'today', dryRun: false }, 'given.$': '$$.Execution.Input' });
    expect(States['Merge the defaults'].Parameters['parameters.$']).toBe('States.JsonMerge($.defaults, $.given, false)');
    expect(States['Are the parameters valid?']).toMatchObject({
      Choices: [
        { Not: { Variable: '$.parameters.days', IsPresent: true }, Next: 'Parameter days is missing' },
        { Not: { And: [{ Variable: '$.parameters.day', IsString: true }, { Variable: '$.parameters.day', StringMatches: '*' }] }, Next: 'Parameter day is wrong' },
        { Not: { Variable: '$.parameters.days', IsNumeric: true }, Next: 'Parameter days is wrong' },
        { Not: { Variable: '$.parameters.dryRun', IsBoolean: true }, Next: 'Parameter dryRun is wrong' },
        { Variable: '$.values[3]', IsPresent: true, Next: 'A parameter is unknown' },
      ],
      Default: 'Begin the jobs',
    });
    expect(States['Begin the jobs']).toEqual({ Type: 'Pass', Parameters: { 'parameters.$': '$.parameters' }, Next: 'Extract' });
  });

  test('what is refused fails with a cause that says what is allowed, and what came', () => {
    const { States } = statesOf({ parameters: { mode: PipelineParameter.text({ allowedValues: ['a', "b's"] }), n: PipelineParameter.number({ min: 1, max: 3, defaultValue: 2 }) } });
    expect(States['Read the input'].Parameters.texts).toEqual({
      noObject: 'the input must be a JSON object of the parameters mode (to be given), n, got ',
      unknown: 'the input must have no keys but the parameters mode (to be given), n, got ',
      missing: { mode: 'parameter "mode" must be given, a text, one of "a", "b\'s", got none in ' },
      wrong: { mode: 'parameter "mode" must be a text, one of "a", "b\'s", got ', n: 'parameter "n" must be a number, at least 1, at most 3, got ' },
    });
    expect(States['Parameter n is wrong']).toEqual({
      Type: 'Fail', Error: 'InvalidInput', CausePath: "States.Format('{}{}', $.texts.wrong.n, States.JsonToString($.parameters.n))",
    });
    expect(States['Are the parameters valid?'].Choices[1].Not.And).toEqual([
      { Variable: '$.parameters.mode', IsString: true },
      { Or: [{ Variable: '$.parameters.mode', StringEquals: 'a' }, { Variable: '$.parameters.mode', StringEquals: "b's" }] },
    ]);
  });

  test('jobs find them in their environment and for their command, as texts', () => {
    const { Parameters } = statesOf({ parameters: { day: DAY, days: PipelineParameter.number({ defaultValue: 1 }) } }, { command: ['run', 'Ref::day'] }).States.Extract;
    expect(Parameters.Parameters).toEqual({ 'day.$': '$.parameters.day', 'days.$': "States.Format('{}', $.parameters.days)" });
    expect(Parameters.ContainerOverrides.Environment).toEqual([
      { 'Name': 'PIPELINE_EXECUTION_ID', 'Value.$': '$$.Execution.Name' },
      { 'Name': 'PARAMETER_DAY', 'Value.$': '$.parameters.day' },
      { 'Name': 'PARAMETER_DAYS', 'Value.$': "States.Format('{}', $.parameters.days)" },
    ]);
  });

  test('the items of a fan-out find them too', () => {
    const stack = createStack();
    const { pipeline, template } = createPipeline({ parameters: { day: DAY } }, stack);
    pipeline.addJob('Each', { image: IMAGE, fanOut: FanOut.objects(new s3.Bucket(stack, 'Photos'), '') });
    expect(definitionOf(template()).States.Each.ItemSelector['parameters.$']).toBe('$.parameters');
  });

  test('come before conditions and notes of what has become of jobs, and stay beside them', () => {
    const { States } = statesOf({ parameters: { day: DAY }, onJobFailure: OnJobFailure.FINISH_OTHERS });
    expect(States['Begin the jobs'].Next).toBe('Begin of all');
    expect(States['Begin of all'].ResultPath).toBe('$.pipeline');
  });

  test('stand in the runbook', () => {
    const { pipeline } = createPipeline({ parameters: { day: PipelineParameter.text({ defaultValue: 'today', description: 'which day' }), days: PipelineParameter.number() } });
    pipeline.addJob('Extract', { image: IMAGE });
    const runbook = pipeline.toRunbook();
    expect(runbook).toContain('| day | a text | "today" | which day |');
    expect(runbook).toContain('| days | a number | to be given |  |');
    expect(createPipeline().pipeline.toRunbook()).not.toContain('Parameter');
  });

  test.each(['1day', 'a-b', 'x'.repeat(51), ''])('fails when a name is %j', (name) => {
    expect(() => createPipeline({ parameters: { [name]: DAY } })).toThrow(new Error(
      `'parameters' must be names of 1 to 50 letters, digits and '_', a letter first, got ${JSON.stringify(name)}; choose another: it is part of an environment variable (at Stack/Etl)`,
    ));
  });

  test('fails when two names share a variable', () => {
    expect(() => createPipeline({ parameters: { day: DAY, DAY } }))
      .toThrow(new Error("'parameters' must not have a name twice, whatever its case, got \"DAY\"; rename one (at Stack/Etl)"));
  });

  test('fails when a job sets the variable of one', () => {
    const { pipeline } = createPipeline({ parameters: { day: DAY } });
    expect(() => pipeline.addJob('Extract', { image: IMAGE, environment: { PARAMETER_DAY: 'x' } }))
      .toThrow(new Error("'environment' of \"Extract\" must not set \"PARAMETER_DAY\", which is a parameter of the pipeline; choose another name (at Stack/Etl)"));
  });

  test.each(['Ref::hour', '--day=Ref::day'])('fails when a command has the word %s', (word) => {
    const { pipeline } = createPipeline({ parameters: { day: DAY } });
    expect(() => pipeline.addJob('Extract', { image: IMAGE, command: ['run', word] })).toThrow(new Error(
      `'command' of "Extract" must name parameters as words of their own, which are ["Ref::day"], got "${word}"; AWS Batch replaces nothing else (at Stack/Etl)`,
    ));
  });

  test('fails when a default looks like a secret', () => {
    const { pipeline, template } = createPipeline({ parameters: { dbPassword: PipelineParameter.text({ defaultValue: 'hunter2' }) } });
    pipeline.addJob('Extract', { image: IMAGE });
    expect(template).toThrow(/'parameters' must hold no secrets, got "dbPassword": its name is that of a secret/);
  });
});

describe('PipelineParameter', () => {
  test.each<[() => PipelineParameter, string]>([
    [() => PipelineParameter.text({ defaultValue: 'c', allowedValues: ['a', 'b'] }), "'defaultValue' must be a text, one of \"a\", \"b\", got \"c\"; give an allowed one, or none"],
    [() => PipelineParameter.text({ defaultValue: 'out/x', pattern: 'in/*.csv' }), "'defaultValue' must be a text, of the form \"in/*.csv\", got \"out/x\"; give an allowed one, or none"],
    [() => PipelineParameter.text({ allowedValues: [] }), "'allowedValues' must have at least one value, got none; omit it to allow all"],
    [() => PipelineParameter.number({ defaultValue: 4, max: 3 }), "'defaultValue' must be a number, at most 3, got 4; give an allowed one, or none"],
    [() => PipelineParameter.number({ defaultValue: NaN }), "'defaultValue' must be a number, got null; give an allowed one, or none"],
    [() => PipelineParameter.number({ min: 4, max: 3 }), "'min' must be at most 'max', which is 3, got 4; exchange them"],
    [() => PipelineParameter.flag({ defaultValue: 'yes' as any }), "'defaultValue' must be true or false, got \"yes\"; give an allowed one, or none"],
  ])('fails when the options contradict each other: %#', (make, message) => {
    expect(make).toThrow(new Error(message));
  });

  test.each([['in/*.csv', 'in/a/b.csv', true], ['in/*.csv', 'in/a.csvx', false], ['a\\*b', 'a*b', true], ['a\\*b', 'axb', false], ['a.c', 'abc', false], ['*', '', true]])(
    'the form %s takes %s: %s', (pattern, defaultValue, isTaken) => {
      const make = () => PipelineParameter.text({ pattern, defaultValue });
      if (isTaken) expect(make).not.toThrow();
      else expect(make).toThrow(/must be a text, of the form/);
    },
  );

  test('what is known at deployment only is judged there', () => {
    const text = Lazy.string({ produce: () => 'x' });
    const number = Lazy.number({ produce: () => 5 });
    expect(() => PipelineParameter.text({ defaultValue: text, allowedValues: ['a'] })).not.toThrow();
    expect(() => PipelineParameter.text({ defaultValue: 'a', allowedValues: [text], pattern: text })).not.toThrow();
    expect(() => PipelineParameter.number({ defaultValue: 1, min: number, max: 3 })).not.toThrow();
    expect(() => PipelineParameter.number({ defaultValue: number, max: 3 })).not.toThrow();
  });
});

describe('the overlap of executions', () => {
  test('RunOverlap.skip ends one that is not the first before any job, and drops what it saw', () => {
    const { StartAt, States } = statesOf({ overlap: RunOverlap.skip() });
    expect([StartAt, States[StartAt].Next]).toEqual(['Read the input', 'Prepare guard']);
    expect(States['Is it first?']).toMatchObject({ Choices: [{ Next: 'Begin the jobs' }], Default: 'Is skipped' });
    expect(States['Begin the jobs']).toEqual({ Type: 'Pass', Result: {}, Next: 'Extract' });
  });

  test('RunOverlap.wait comes after the checks of parameters', () => {
    const { States } = statesOf({ overlap: RunOverlap.wait(Duration.hours(1)), parameters: { day: DAY } });
    expect(States['Are the parameters valid?'].Default).toBe('Prepare guard');
    expect(States['May it wait?'].Choices[0].NumericLessThan).toBe(3600);
  });

  test('may list its own executions, which triggers wait for', () => {
    const { pipeline, template } = createPipeline({ overlap: RunOverlap.skip(), trigger: PipelineTrigger.schedule(schedule()) });
    pipeline.addJob('Extract', { image: IMAGE });
    template().hasResourceProperties('AWS::IAM::Policy', { PolicyName: 'Listing' });
    const [{ DependsOn }] = Object.values<any>(template().findResources('AWS::Scheduler::Schedule'));
    expect(DependsOn).toEqual([expect.stringMatching(/^EtlListingPolicy/), expect.stringMatching(/^EtlStateMachine/)]);
  });
});
