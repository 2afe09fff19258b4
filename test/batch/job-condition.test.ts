import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnParameter } from 'aws-cdk-lib/core';
import { createPipeline, definitionOf } from './fixtures';
import { AfterSkipped, BatchJob, EcsBatchPipeline, FanOut, JobCondition, JobOutput, JobValue, OnJobFailure } from '../../src';
import { definitionProblems } from '../../src/batch/job-checks';
import { createStack, IMAGE, warningsOf } from '../util/fixtures';

/** Score writes metrics, Publish has a condition on them. */
function createPair(when: (metrics: JobOutput) => JobCondition, props = {}) {
  const created = createPipeline(props);
  const score = created.pipeline.addJob('Score', { image: IMAGE, outputs: ['metrics', 'other'] });
  const publish = created.pipeline.addJob('Publish', { image: IMAGE, when: when(score.output('metrics')) });
  return { ...created, score, publish };
}

const decision = (definition: any) => definition.States['Is Publish to run?'].Branches[0];
const choicesOf = (definition: any) => decision(definition).States['Condition of Publish'].Choices;

describe('JobCondition', () => {
  describe('rules', () => {
    const VARIABLE = '$.result0.value.accuracy';
    test.each<[string, (value: JobValue) => JobCondition, string, object]>([
      ['isGreaterThan', (value) => value.isGreaterThan(0.9), 'IsNumeric', { NumericGreaterThan: 0.9 }],
      ['isAtLeast', (value) => value.isAtLeast(0.9), 'IsNumeric', { NumericGreaterThanEquals: 0.9 }],
      ['isLessThan', (value) => value.isLessThan(-1), 'IsNumeric', { NumericLessThan: -1 }],
      ['isAtMost', (value) => value.isAtMost(0), 'IsNumeric', { NumericLessThanEquals: 0 }],
      ['equalsNumber', (value) => value.equalsNumber(3), 'IsNumeric', { NumericEquals: 3 }],
      ['equalsText', (value) => value.equalsText('good'), 'IsString', { StringEquals: 'good' }],
      ['isTrue', (value) => value.isTrue(), 'IsBoolean', { BooleanEquals: true }],
      ['isFalse', (value) => value.isFalse(), 'IsBoolean', { BooleanEquals: false }],
    ])('%s', (_, compare, type, rule) => {
      const { template } = createPair((metrics) => compare(metrics.value('accuracy')));
      const valid = [{ Variable: VARIABLE, IsPresent: true }, { Variable: VARIABLE, [type]: true }];
      expect(choicesOf(definitionOf(template()))).toEqual([
        { And: [...valid, { Variable: VARIABLE, ...rule }], Next: 'Publish is to run' },
        { And: valid, Next: 'Publish is not to run' },
        { Variable: '$$.Execution.RedriveCount', NumericGreaterThanPath: '$.result0.redrives', Next: 'Publish reads Score/metrics' },
      ]);
    });

    test('allOf, anyOf and noneOf nest; each value is checked once; values may lie deeper', () => {
      const { template } = createPair((metrics) => {
        const [accuracy, drift] = [metrics.value('test.accuracy'), metrics.value('drift')];
        return JobCondition.allOf([JobCondition.anyOf([accuracy.isAtLeast(0.9), accuracy.equalsNumber(0)]), JobCondition.noneOf([drift.isTrue()])]);
      });
      const [accuracy, drift] = ['$.result0.value.test.accuracy', '$.result0.value.drift'];
      expect(choicesOf(definitionOf(template()))[0].And).toEqual([
        { Variable: accuracy, IsPresent: true }, { Variable: accuracy, IsNumeric: true },
        { Variable: drift, IsPresent: true }, { Variable: drift, IsBoolean: true },
        {
          And: [
            { Or: [{ Variable: accuracy, NumericGreaterThanEquals: 0.9 }, { Variable: accuracy, NumericEquals: 0 }] },
            { Not: { Variable: drift, BooleanEquals: true } },
          ],
        },
      ]);
    });

    test('a bound may be a token', () => {
      const stack = createStack();
      const bound = new CfnParameter(stack, 'Bound', { type: 'Number' }).valueAsNumber;
      const { pipeline, template } = createPipeline({}, stack);
      const score = pipeline.addJob('Score', { image: IMAGE, outputs: ['metrics'] });
      pipeline.addJob('Publish', { image: IMAGE, when: score.output('metrics').value('accuracy').isAtLeast(bound) });
      expect(JSON.stringify(template().findResources('AWS::StepFunctions::StateMachine'))).toMatch(/NumericGreaterThanEquals\\":",\{"Ref":"Bound"\}/);
      expect(pipeline.toRunbook()).toMatch(/Score\.metrics\.accuracy >= \$\{Token\[/);
    });
  });

  describe('reading', () => {
    test('is bounded, and is of this execution', () => {
      const { template } = createPair((metrics) => metrics.value('good').isTrue());
      const { States, StartAt } = decision(definitionOf(template()));
      expect(StartAt).toBe('Publish reads Score/metrics');
      expect(States[StartAt]).toMatchObject({
        Resource: 'arn:<AWS::Partition>:states:::aws-sdk:s3:getObject',
        Parameters: {
          'Bucket': expect.stringMatching(/^<EtlArtifacts/),
          'Key.$': expect.stringMatching(/^States\.Format\('Stack-?Etl[^']*\/\{\}\/Score\/metrics', \$\$\.Execution\.Name\)$/),
          'Range': 'bytes=0-32767',
        },
        ResultSelector: { 'value.$': 'States.StringToJson($.Body)', 'redrives.$': '$$.Execution.RedriveCount' },
        ResultPath: '$.result0',
      });
    });

    test('of several outputs is one after the other', () => {
      const { pipeline, template } = createPipeline();
      const [one, two] = ['One', 'Two'].map((id) => pipeline.addJob(id, { image: IMAGE, outputs: ['out'] }));
      const when = JobCondition.allOf([one, two, one].map((job) => job.output('out').value('good').isTrue()));
      pipeline.addJob('Publish', { image: IMAGE, when });
      const { States } = decision(definitionOf(template()));
      expect(States['Publish reads One/out']).toMatchObject({ ResultPath: '$.result0', Next: 'Publish reads Two/out' });
      expect(States['Publish reads Two/out']).toMatchObject({ ResultPath: '$.result1', Next: 'Condition of Publish' });
      expect(Object.keys(States)).toHaveLength(5);
    });

    test('is an edge', () => {
      const { template } = createPair((metrics) => metrics.value('good').isTrue());
      const { States } = definitionOf(template());
      expect([States['Begin of all'].Next, States.Score.Next]).toEqual(['Score', 'Is Publish to run?']);
    });

    test('is what the state machine may do, and nothing else in the bucket', () => {
      const { template } = createPair((metrics) => metrics.value('good').isTrue());
      const [role] = Object.entries(template().findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('EtlStateMachineRole')).map(([, each]) => each);
      const statements = role.Properties.Policies[0].PolicyDocument.Statement.filter((each: any) => JSON.stringify(each.Action).includes('s3:'));
      expect(statements).toEqual([
        { Action: 's3:ListBucket', Effect: 'Allow', Resource: expect.anything(), Condition: { StringLike: { 's3:prefix': expect.stringMatching(/^Stack-?Etl[^/]*\/\*$/) } } },
        { Action: 's3:GetObject', Effect: 'Allow', Resource: { 'Fn::Join': ['', [expect.anything(), expect.stringMatching(/^\/Stack-?Etl[^/]*\/\*\/Score\/metrics$/)]] } },
      ]);
    });

    test('of a bucket with a key may use the key', () => {
      const stack = createStack();
      const artifactBucket = new s3.Bucket(stack, 'Mine', { encryptionKey: new kms.Key(stack, 'Key') });
      const { pipeline, template } = createPipeline({ artifactBucket }, stack);
      const score = pipeline.addJob('Score', { image: IMAGE, outputs: ['metrics'] });
      pipeline.addJob('Publish', { image: IMAGE, when: score.output('metrics').value('good').isTrue() });
      const policies = ['Role', 'Policy'].flatMap((type) => Object.entries(template().findResources(`AWS::IAM::${type}`)));
      expect(JSON.stringify(policies.filter(([id]) => id.startsWith('EtlStateMachineRole')))).toContain('kms:Decrypt');
    });

    test('of many results goes on in managed policies, each within its limit', () => {
      const { pipeline, template } = createPipeline();
      const jobs = Array.from({ length: 35 }, (_, index) => pipeline.addJob(`Job${index}`, { image: IMAGE, outputs: ['out'] }));
      jobs.forEach((job, index) => pipeline.addJob(`Then${index}`, { image: IMAGE, when: job.output('out').value('good').isTrue() }));
      const keysIn = (resources: object) => Object.entries(resources)
        .filter(([id]) => id.startsWith('EtlStateMachineRole'))
        .map(([id, policy]) => [id, JSON.stringify(policy).match(/\/\*\/Job\d+\/out/g)?.length ?? 0] as const)
        .filter(([, count]) => count > 0);
      expect(keysIn(template().findResources('AWS::IAM::ManagedPolicy')).map(([, count]) => count)).toEqual([20, 9]);
      expect(keysIn(template().findResources('AWS::IAM::Role')).map(([, count]) => count)).toEqual([6]);
    });
  });

  describe('mistakes', () => {
    test('fails when a path is none', () => {
      expect(() => createPair((metrics) => metrics.value('a[0]').isTrue())).toThrow(new Error(
        "'path' must be up to 5 keys of letters, digits and '_', joined by '.', got \"a[0]\"; write the value under such a key, as in 'test.accuracy' "
        + '(at Stack/Etl/Jobs/Score)'));
    });

    test.each([NaN, Infinity])('fails when a bound is %p', (bound) => {
      expect(() => createPair((metrics) => metrics.value('accuracy').isAtLeast(bound))).toThrow(new Error(
        `a value of a result must be compared with a finite number, got ${bound}; give one (at Stack/Etl/Jobs/Score)`));
    });

    test.each(['allOf', 'anyOf', 'noneOf'] as const)('fails when JobCondition.%s gets none', (factory) => {
      expect(() => JobCondition[factory]([])).toThrow(new Error(
        `'conditions' of JobCondition.${factory} must be one or more, got none; add one, or omit 'when'`));
    });

    test('fails when the result is of another pipeline', () => {
      const { stack, cluster, score } = createPair((metrics) => metrics.value('good').isTrue());
      const other = new EcsBatchPipeline(stack, 'Other', { cluster });
      expect(() => other.addJob('Publish', { image: IMAGE, when: score.output('metrics').value('good').isTrue() })).toThrow(new Error(
        "'when' of \"Publish\" must name jobs of the same pipeline, got Stack/Etl/Jobs/Score; add that job here, or start one pipeline from the other (at Stack/Other)"));
    });

    test('fails when the result is of a fan-out', () => {
      const { pipeline } = createPipeline();
      const many = pipeline.addJob('Many', { image: IMAGE, outputs: ['out'], fanOut: FanOut.array(5) });
      expect(() => pipeline.addJob('Publish', { image: IMAGE, when: many.output('out').value('good').isTrue() })).toThrow(new Error(
        "'when' of \"Publish\" must be about outputs of jobs that are done once, got Many, which has a fan-out; its items would overwrite each other: "
        + 'let a job behind it sum them up (at Stack/Etl)'));
    });

    test('fails when there are too many results', () => {
      const { pipeline } = createPipeline();
      const jobs = Array.from({ length: 5 }, (_, index) => pipeline.addJob(`Job${index}`, { image: IMAGE, outputs: ['out'] }));
      const when = JobCondition.anyOf(jobs.map((job) => job.output('out').value('good').isTrue()));
      expect(() => pipeline.addJob('Publish', { image: IMAGE, when })).toThrow(new Error(
        "'when' of \"Publish\" must be about at most 4 outputs, got 5; let one job bring the values together (at Stack/Etl)"));
    });
  });
});

describe('afterSkipped', () => {
  /** Publish or Retrain; then Last. */
  function guardOf(afterSkipped?: AfterSkipped, also: (score: BatchJob) => object = () => ({})) {
    const { pipeline, template } = createPipeline();
    const score = pipeline.addJob('Score', { image: IMAGE, outputs: ['metrics'] });
    const good = score.output('metrics').value('good');
    const publish = pipeline.addJob('Publish', { image: IMAGE, when: good.isTrue(), outputs: ['out'] });
    const retrain = pipeline.addJob('Retrain', { image: IMAGE, when: good.isFalse() });
    pipeline.addJob('Last', { image: IMAGE, after: [publish, retrain], afterSkipped, ...also(publish) });
    return definitionOf(template()).States['May Last start?'];
  }
  const skipped = (key: string) => ({ Variable: `$.pipeline.jobs.${key}.outcome`, StringEquals: 'skipped' });

  test('by default, a job is skipped with any that it waits for', () => {
    expect(guardOf()).toEqual({ Type: 'Choice', Choices: [{ Or: [skipped('Publish_0'), skipped('Retrain_1')], Next: 'Last is skipped' }], Default: 'Last' });
  });

  test('RUN_UNLESS_ALL_SKIPPED: with all of them', () => {
    expect(guardOf(AfterSkipped.RUN_UNLESS_ALL_SKIPPED).Choices).toEqual([{ And: [skipped('Publish_0'), skipped('Retrain_1')], Next: 'Last is skipped' }]);
  });

  test('RUN: never', () => {
    expect(guardOf(AfterSkipped.RUN)).toBeUndefined();
  });

  test('a condition on what was skipped cannot hold, whatever is said', () => {
    const when = (publish: BatchJob) => ({ when: publish.output('out').value('good').isTrue() });
    expect(guardOf(AfterSkipped.RUN, when)).toEqual({ Type: 'Choice', Choices: [{ ...skipped('Publish_0'), Next: 'Last is skipped' }], Default: 'Is Last to run?' });
  });

  test('without a condition anywhere, there is nothing to ask for', () => {
    const { pipeline, template } = createPipeline();
    const one = pipeline.addJob('One', { image: IMAGE });
    pipeline.addJob('Two', { image: IMAGE, after: [one], afterSkipped: AfterSkipped.RUN_UNLESS_ALL_SKIPPED });
    expect(Object.keys(definitionOf(template()).States)).toEqual(['One', 'Two']);
  });
});

describe('onJobFailure', () => {
  function definitionWith(onJobFailure?: OnJobFailure): any {
    const { pipeline, template } = createPipeline({ onJobFailure });
    const one = pipeline.addJob('One', { image: IMAGE });
    pipeline.addJob('Two', { image: IMAGE, after: [one] });
    pipeline.addJob('Beside', { image: IMAGE });
    return definitionOf(template());
  }

  test.each([undefined, OnJobFailure.STOP_OTHERS])('%p: nothing is caught', (onJobFailure) => {
    expect(JSON.stringify(definitionWith(onJobFailure))).not.toContain('"Catch"');
  });

  test('FINISH_OTHERS: a failed job is noted, and the execution fails behind all others, at a Choice that a redrive passes', () => {
    const { States } = definitionWith(OnJobFailure.FINISH_OTHERS);
    const [branch] = States['One and Beside'].Branches;
    expect(branch.States.One).toMatchObject({
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'One is unfinished' }],
      ResultSelector: { outcome: 'succeeded' },
      ResultPath: '$.pipeline.jobs.One_0',
      Next: 'May Two start?',
    });
    expect(States['Is every job finished?']).toEqual({
      Type: 'Choice',
      Comment: expect.stringContaining('redrive'),
      Choices: [
        { Not: { Or: ['Two_1', 'Beside_2'].map((key) => ({ Variable: `$.pipeline.jobs.${key}.outcome`, StringEquals: 'unfinished' })) }, Next: 'All is finished' },
        { Variable: '$$.Execution.RedriveCount', NumericGreaterThanPath: '$.pipeline.redrives', Next: 'Begin with what is unfinished' },
      ],
    });
    expect(States['Begin with what is unfinished']).toMatchObject({ Next: 'One and Beside' });
  });

  test.each([
    [OnJobFailure.FINISH_OTHERS, 1], [OnJobFailure.STOP_OTHERS, 0], [undefined, 0],
  ])('%p: warns of a fan-out over items %d times', (onJobFailure, times) => {
    const { stack, pipeline } = createPipeline({ onJobFailure });
    pipeline.addJob('Each', { image: IMAGE, fanOut: FanOut.objects(s3.Bucket.fromBucketName(stack, 'Given', 'given'), '') });
    pipeline.addJob('Array', { image: IMAGE, fanOut: FanOut.array(5) });
    expect(warningsOf(stack).filter((warning) => warning.includes('itemsDoneAgain'))).toHaveLength(times);
  });
});

describe('size of the definition', () => {
  test('fails when AWS would not take it', () => {
    const { pipeline } = createPipeline();
    expect(definitionProblems(pipeline, 1_048_576, 250)).toEqual([]);
    expect(definitionProblems(pipeline, 1_048_577, 250)).toEqual([
      "the state machine of 'addJob' must have at most 1048576 characters, got 1048577 for 250 jobs; make a pipeline of its own of a part of them, "
      + 'and start it from the other (at Stack/Etl)',
    ]);
  });

  test('is looked at when the pipeline is validated', () => {
    const { stack, pipeline } = createPipeline({ onJobFailure: OnJobFailure.FINISH_OTHERS });
    for (let index = 0; index < 450; index++) pipeline.addJob(`${index}`.padStart(80, 'x'), { image: IMAGE });
    expect(() => Template.fromStack(stack)).toThrow(/the state machine of 'addJob' must have at most 1048576 characters, got \d{7} for 450 jobs/);
  });
});
