import { Match, Template } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Duration, Size } from 'aws-cdk-lib/core';
import { ClusterNetwork, EcsBatchPipeline, FanOut, JobCompute, JobSpot, JobSpotOptions } from '../../../src';
import { createCluster, createStack, IMAGE, importedVpc } from '../../util/fixtures';
import { createJob, createPipeline, definitionOf } from '../fixtures';

const DEFINITION = 'AWS::Batch::JobDefinition';
const timeout = Duration.minutes(30);
const onFargate = (spot: JobSpot) => JobCompute.size({ vcpus: 1, memory: Size.gibibytes(2), spot });
const onInstances = (spot: JobSpot) => JobCompute.ec2({ vcpus: 1, memory: Size.gibibytes(2), spot });
const rules = (...entries: [string, string, string][]) => entries.map(([Action, field, pattern]) => ({ Action, [field]: pattern }));

const IMAGE_MISSING: [string, string, string] = ['EXIT', 'OnReason', 'CannotPull*'];
const START_FAILED: [string, string, string] = ['RETRY', 'OnStatusReason', 'Task failed to start*'];
const END: [string, string, string] = ['EXIT', 'OnStatusReason', '*'];
const OWN_FAULT: [string, string, string] = ['RETRY', 'OnExitCode', '*'];
const HOST_LOST: [string, string, string] = ['RETRY', 'OnStatusReason', 'Host EC2*'];
const TASK_LOST: [string, string, string] = ['RETRY', 'OnStatusReason', 'Your Spot Task was interrupted*'];

describe('retries', () => {
  test.each([
    ['Fargate', JobCompute.size({ vcpus: 1, memory: Size.gibibytes(2) }), undefined, 3, [IMAGE_MISSING, START_FAILED, END]],
    ['instances', JobCompute.ec2({ vcpus: 1, memory: Size.gibibytes(2) }), undefined, 3, [HOST_LOST, IMAGE_MISSING, START_FAILED, END]],
    ['Fargate Spot', onFargate(JobSpot.only()), undefined, 5, [TASK_LOST, IMAGE_MISSING, START_FAILED, END]],
    ['Spot instances', onInstances(JobSpot.only({ attempts: 7 })), 1, 7, [HOST_LOST, IMAGE_MISSING, START_FAILED, END]],
    ['Spot instances with attempts of its own', onInstances(JobSpot.thenOnDemand()), 2, 2, [HOST_LOST, IMAGE_MISSING, START_FAILED, OWN_FAULT, END]],
  ])('on %s, at most five rules, the last of which gives up', (_, compute, attempts, times, expected) => {
    createJob({ compute, attempts, timeout }).template().hasResourceProperties(DEFINITION, {
      RetryStrategy: { Attempts: times, EvaluateOnExit: rules(...expected) },
    });
    expect(expected.length).toBeLessThanOrEqual(5);
  });
});

describe('JobSpot', () => {
  test('thenOnDemand goes on on demand for lost capacity only', () => {
    const { template } = createJob({ compute: onFargate(JobSpot.thenOnDemand()), timeout });
    const { Extract: state } = definitionOf(template()).States;
    expect(state).toMatchObject({ Type: 'Parallel', ResultPath: null, End: true });
    const [{ StartAt, States }] = state.Branches;
    expect(StartAt).toBe('Extract on Spot');
    expect(Object.keys(States)).toEqual(['Extract on Spot', 'Extract failed on Spot', 'Extract has a cause', 'Extract was taken away?', 'Extract on demand']);
    expect(States['Extract on Spot'].Parameters.JobQueue).toMatch(/^<EtlSpotJobQueue/);
    expect(States['Extract on Spot'].Catch).toEqual([{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.loss', Next: 'Extract failed on Spot' }]);
    expect(States['Extract on Spot'].Parameters.Parameters).toEqual({ 'pipeline-path': 'Stack/Etl', 'on-loss': 'on-demand' });
    expect(States['Extract was taken away?'].Default).toBeUndefined();
    const reason = (text: string) => ({ Variable: '$.loss.read.job.StatusReason', StringMatches: text });
    expect(States['Extract was taken away?'].Choices[0]).toMatchObject({
      And: [{ IsPresent: true }, { IsString: true }, {
        Or: [reason('Your Spot Task was interrupted*'), reason('Canceled by JobStateTimeLimit action due to reason: CAPACITY:*')],
      }],
      Next: 'Extract on demand',
    });
    expect(States['Extract on demand'].Parameters.JobQueue).toMatch(/^<EtlJobQueue/);
    expect(States['Extract on demand'].Catch).toBeUndefined();
    expect(States['Extract on demand'].Parameters.JobDefinition).toBe(States['Extract on Spot'].Parameters.JobDefinition);
  });

  test('thenOnDemand knows the words of lost instances', () => {
    const { template } = createJob({ compute: onInstances(JobSpot.thenOnDemand()), timeout });
    const choice = definitionOf(template()).States.Extract.Branches[0].States['Extract was taken away?'];
    expect(choice.Choices[0].And[2].Or[0].StringMatches).toBe('Host EC2*');
  });

  test('only waits in the queue of Spot and nowhere else', () => {
    const { template } = createJob({ compute: onInstances(JobSpot.only()), timeout });
    const { Extract: state } = definitionOf(template()).States;
    expect(state).toMatchObject({ Type: 'Task', Parameters: { JobQueue: expect.stringMatching(/^<EtlEc2SpotJobQueue/), Parameters: { pipeline: 'Stack/Etl' } } });
    expect(state.Catch).toBeUndefined();
  });

  test('lets the state machine submit to both queues', () => {
    createJob({ compute: onFargate(JobSpot.thenOnDemand()), timeout }).template().hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({
            Action: Match.arrayWith(['batch:SubmitJob']),
            Resource: Match.arrayWith([
              { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlJobQueue'), 'JobQueueArn'] }, { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlSpotJobQueue'), 'JobQueueArn'] },
            ]),
          })]),
        },
      }],
    });
  });

  test('a fan-out over items goes on item by item', () => {
    const { pipeline, template } = createPipeline();
    const list = pipeline.addJob('List', { image: IMAGE, outputs: ['parts'] });
    const fanOut = FanOut.outputObjects(list.output('parts'));
    pipeline.addJob('Work', { image: IMAGE, timeout, fanOut, compute: onFargate(JobSpot.thenOnDemand()) });
    const item = definitionOf(template()).States.Work.ItemProcessor.States['Work item'];
    expect(item.Type).toBe('Parallel');
    expect(Object.keys(item.Branches[0].States)).toContain('Work item on demand');
  });

  test('gives a place for checkpoints that all attempts see', () => {
    const { template } = createJob({ compute: onFargate(JobSpot.thenOnDemand({ checkpoint: true })), timeout: Duration.hours(8) });
    const { States } = definitionOf(template()).States.Extract.Branches[0];
    const variables = ['on Spot', 'on demand'].map((where) => States[`Extract ${where}`].Parameters.ContainerOverrides.Environment);
    expect(variables[0]).toEqual(variables[1]);
    expect(variables[0]).toContainEqual({
      'Name': 'CHECKPOINT_URI',
      'Value.$': expect.stringMatching(/^States\.Format\('s3:\/\/<EtlArtifacts\w+>\/Stack-Etl[^/]*\/\{\}\/Extract\/_checkpoints', \$\$\.Execution\.Name\)$/),
    });
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
          Resource: { 'Fn::Join': ['', [Match.anyValue(), Match.stringLikeRegexp('/\\*/Extract/_checkpoints/\\*$')]] },
        })]),
      },
    });
  });

  test.each<[string, JobSpotOptions, Duration | undefined]>([
    ['short', {}, Duration.hours(1)], ['with checkpoints', { checkpoint: true }, undefined], ['accepted', { acceptLostWork: true }, undefined],
  ])('takes a job that is %s', (_, options, time) => {
    expect(() => createJob({ compute: onFargate(JobSpot.only(options)), timeout: time })).not.toThrow();
  });

  test.each<[string, () => unknown, string]>([
    ['too long to be lost', () => createJob({ compute: onFargate(JobSpot.only()), timeout: Duration.minutes(61) }),
      "'spot' of a job that may take longer than an hour needs 'checkpoint' or 'acceptLostWork', got a 'timeout' of 1 hour 1 minute; "
        + "write checkpoints to CHECKPOINT_URI with 'checkpoint', accept that it begins anew, or give it a shorter 'timeout' (at Stack/Etl/Jobs/Extract)"],
    ['an array that would go on on demand', () => createJob({ compute: onFargate(JobSpot.thenOnDemand()), timeout, fanOut: FanOut.array(3) }),
      "'spot' with JobSpot.thenOnDemand needs a fan-out over items, got one over numbers: AWS Batch has one end for all of an array, and those that were taken "
        + 'away could not be told from those that failed; use FanOut.objects or the like, or JobSpot.only (at Stack/Etl/Jobs/Extract)'],
    ['attempts twice', () => createJob({ compute: onFargate(JobSpot.only({ attempts: 3 })), timeout, attempts: 2 }),
      "'attempts' must be said once, got 'attempts' of the job and of its 'spot'; AWS Batch counts all attempts together: keep that of the job (at Stack/Etl/Jobs/Extract)"],
    ['too many attempts', () => JobSpot.only({ attempts: 11 }),
      "'attempts' must be between 1 and 10, got 11; what is taken away ten times is better run on demand"],
    ['its own CHECKPOINT_URI', () => createJob({ compute: onFargate(JobSpot.only({ checkpoint: true })), environment: { CHECKPOINT_URI: 'x' } }),
      '\'environment\' must not set "CHECKPOINT_URI", which AWS Batch or the pipeline sets; choose another name (at Stack/Etl/Jobs/Extract)'],
  ])('fails when there is %s', (_, create, message) => {
    expect(create).toThrow(new Error(message));
  });

  test('fails when the id is too long for the states', () => {
    const { pipeline } = createPipeline();
    expect(() => pipeline.addJob('J'.repeat(61), { image: IMAGE, timeout, compute: onFargate(JobSpot.thenOnDemand()) }))
      .toThrow("'id' must be at most 60 characters where the job goes from Spot to on demand");
  });
});

describe('reports', () => {
  const RULE = 'AWS::Events::Rule';

  function createReporting() {
    const stack = createStack();
    const alarmActions = [new actions.SnsAction(new sns.Topic(stack, 'OnCall'))];
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)), alarmActions });
    return { stack, pipeline: new EcsBatchPipeline(stack, 'Etl', { cluster }) };
  }

  test('hear of instances of the pipeline too', () => {
    const { pipeline, stack } = createReporting();
    pipeline.addJob('Small', { image: IMAGE });
    pipeline.addJob('Large', { image: IMAGE, compute: JobCompute.ec2({ vcpus: 1, memory: Size.gibibytes(1) }) });
    const template = Template.fromStack(stack);
    template.hasResourceProperties(RULE, {
      EventPattern: {
        detail: {
          jobQueue: ['EtlJobQueue', 'EtlEc2JobQueue'].map((id) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), 'JobQueueArn'] })), parameters: Match.absent(),
        },
      },
    });
  });

  test('do not call it a failure when capacity was taken away from a job that goes on on demand', () => {
    const { pipeline, stack } = createReporting();
    pipeline.addJob('Job', { image: IMAGE, timeout, compute: onInstances(JobSpot.thenOnDemand()) });
    const template = Template.fromStack(stack);
    template.hasResourceProperties(RULE, {
      EventPattern: {
        detail: {
          parameters: { 'pipeline-path': ['Stack/Etl'], 'on-loss': ['on-demand'] },
          statusReason: [{
            'anything-but': { prefix: ['Host EC2', 'Your Spot Task was interrupted', 'Canceled by JobStateTimeLimit action due to reason: CAPACITY:'] },
          }],
        },
      },
    });
  });

  test('hear of a shared queue only what the own jobs do', () => {
    const { pipeline, stack } = createReporting();
    pipeline.addJob('Job', { image: IMAGE, timeout, compute: onInstances(JobSpot.only()) });
    const template = Template.fromStack(stack);
    template.hasResourceProperties(RULE, {
      EventPattern: {
        detail: {
          jobQueue: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlEc2SpotJobQueue'), 'JobQueueArn'] }],
          parameters: { 'pipeline-path': ['Stack/Etl'], 'on-loss': [{ exists: false }] },
        },
      },
    });
  });
});
