import * as path from 'path';
import type * as batch from 'aws-cdk-lib/aws-batch';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, CfnOutput, Duration, Size, Stack } from 'aws-cdk-lib/core';
import { ended, PATIENCE } from './executions';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import { BatchCapacity, BatchCompute, ClusterProfile, EcsBatchPipeline, FargateCluster, JobCompute, JobOptions, JobSpot } from '../../src';

const LOOK_AT = 'the history of the execution, and the jobs of its queues';
const LIMITS = 4;
const SIZE = { vcpus: 1, memory: Size.gibibytes(2) };

type Outputs = Record<string, string>;

/**
 * A job that Spot takes away and that ends on demand with its checkpoint, one that fails by its own fault and does not; retries, a time-out, queues by
 * priority, limits and instances read back.
 */
export const scenario: Scenario = {
  stack: 'ScenarioBatchCompute',

  declare(app: App, phase: string): void {
    const stack = new Stack(app, 'ScenarioBatchCompute');
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/pipeline'));
    const add = (id: string, options: Partial<JobOptions>) => (
      declarePipeline(stack, id, new EcsBatchPipeline(stack, id, { cluster }), { image, ...options }));

    const spot = JobSpot.thenOnDemand({ attempts: 1, checkpoint: true });
    add('Train', { command: ['train'], outputs: ['model'], compute: JobCompute.size({ ...SIZE, spot }) });
    add('Broken', { command: ['fail'], compute: JobCompute.size({ ...SIZE, spot }) });
    add('Retried', { command: ['fail'], attempts: 3 });
    add('Slow', { command: ['wait'], timeout: Duration.minutes(1) });

    const one = new BatchCompute(stack, 'One', { cluster, capacity: BatchCapacity.fargate({ maxVcpus: 1 }), priority: 1 });
    const compute = JobCompute.on(one, SIZE);
    add('Holds', { command: ['run'], outputs: ['runs'], environment: { HOLD: 'yes' }, compute });
    add('Patient', { command: ['run'], outputs: ['runs'], compute });
    const first = one.addQueue('First', 100);
    add('Urgent', { command: ['run'], outputs: ['runs'], compute: JobCompute.on(first, SIZE) });
    new CfnOutput(stack, 'FirstQueue', { value: first.jobQueueArn });

    const diskSize = Size.gibibytes(phase === 'first' ? 50 : 200);
    const capacity = BatchCapacity.ec2({ diskSize, maxVcpus: 16, keepWarm: Duration.minutes(30) });
    const large = new BatchCompute(stack, 'Instances', { cluster, capacity });
    new CfnOutput(stack, 'InstancesArn', { value: large.computeEnvironments[0].attrComputeEnvironmentArn });
    new CfnOutput(stack, 'InstancesQueue', { value: large.jobQueueArn });
    new CfnOutput(stack, 'PriorityQueue', { value: one.jobQueueArn });
  },

  async run(steps: Steps): Promise<void> {
    const before = await steps.deploy('first');
    await instances(steps, before, '1');
    const outputs = await steps.deploy('last');
    steps.checks.equal('an update replaces no environment', outputs.InstancesArn, before.InstancesArn, 'the events of the stack');
    await instances(steps, outputs, '2');
    await Promise.all([spotThenOnDemand, ownFault, retries, timeOut, order].map((part) => part(steps, outputs)));
  },
};

function declarePipeline(stack: Stack, id: string, pipeline: EcsBatchPipeline, options: Partial<JobOptions> & Pick<JobOptions, 'image'>): void {
  pipeline.addJob(id, options);
  new CfnOutput(stack, `${id}Machine`, { value: pipeline.stateMachine.stateMachineArn });
  new CfnOutput(stack, `${id}Queue`, { value: pipeline.jobQueue.attrJobQueueArn });
  const spot = pipeline.node.tryFindChild('SpotJobQueue') as batch.CfnJobQueue | undefined;
  if (spot !== undefined) new CfnOutput(stack, `${id}SpotQueue`, { value: spot.attrJobQueueArn });
  new CfnOutput(stack, `${id}Artifacts`, { value: options.outputs === undefined ? 'none' : `${pipeline.artifactBucket.bucketName}/${pipeline.artifactPrefix}` });
}

function start(steps: Steps, outputs: Outputs, id: string): Promise<any> {
  return steps.call('sfn', 'StartExecution', { stateMachineArn: outputs[`${id}Machine`], name: 'once' });
}

/** All jobs that a queue has had, whatever became of them, the whole of each. */
async function jobsOf(steps: Steps, jobQueue: string): Promise<any[]> {
  const { jobSummaryList } = await steps.call('batch', 'ListJobs', { jobQueue, filters: [{ name: 'AFTER_CREATED_AT', values: ['0'] }] });
  if (jobSummaryList.length === 0) return [];
  return (await steps.call('batch', 'DescribeJobs', { jobs: jobSummaryList.map((job: any) => job.jobId) })).jobs;
}

function jobIn(steps: Steps, jobQueue: string, status: string): Promise<any> {
  return until(`a job is ${status}`, async () => (await jobsOf(steps, jobQueue)).find((job) => job.status === status), PATIENCE);
}

/** An object below the prefix of an execution. */
function objectAt(outputs: Outputs, id: string, key: string): { Bucket: string; Key: string } {
  const [Bucket, prefix] = outputs[`${id}Artifacts`].split('/');
  return { Bucket, Key: `${prefix}/once/${key}` };
}

async function spotThenOnDemand(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Train');
  const { jobId } = await jobIn(steps, outputs.TrainSpotQueue, 'RUNNING');
  const { Bucket, Key: Prefix } = objectAt(outputs, 'Train', 'Train/_checkpoints/epoch');
  await until('a checkpoint is written', async () => (await steps.call('s3', 'ListObjectsV2', { Bucket, Prefix })).KeyCount || undefined, PATIENCE);
  await steps.control('batch/interrupt', { jobId });
  steps.checks.equal('a job that Spot takes away ends on demand', (await ended(steps, executionArn)).status, 'SUCCEEDED', LOOK_AT);
  const [[lost], [repeated]] = await Promise.all([jobsOf(steps, outputs.TrainSpotQueue), jobsOf(steps, outputs.TrainQueue)]);
  steps.checks.equal('it failed on Spot for the loss', [lost.status, lost.statusReason], ['FAILED', 'Your Spot Task was interrupted.'], LOOK_AT);
  steps.checks.equal('it is the same job on demand', [repeated.status, repeated.jobDefinition], ['SUCCEEDED', lost.jobDefinition], LOOK_AT);
  const { Body } = await steps.call('s3', 'GetObject', objectAt(outputs, 'Train', 'Train/model/weights'));
  steps.checks.contains('it went on from its checkpoint', await Body.transformToString(), 'trained on ', LOOK_AT);
}

async function ownFault(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Broken');
  const failed = await ended(steps, executionArn);
  steps.checks.equal('a job that fails by its own fault fails the execution', [failed.status, failed.redriveStatus], ['FAILED', 'REDRIVABLE'], LOOK_AT);
  const [job] = await jobsOf(steps, outputs.BrokenSpotQueue);
  steps.checks.equal('its exit code is told, and it is tried once', [job.container.exitCode, job.attempts.length], [7, 1], LOOK_AT);
  steps.checks.equal('it never runs on demand', (await jobsOf(steps, outputs.BrokenQueue)).length, 0, LOOK_AT);
  await steps.call('sfn', 'RedriveExecution', { executionArn });
  steps.checks.equal('a redrive begins on Spot again', (await ended(steps, executionArn)).status, 'FAILED', LOOK_AT);
  const queues = await Promise.all([jobsOf(steps, outputs.BrokenSpotQueue), jobsOf(steps, outputs.BrokenQueue)]);
  steps.checks.equal('and not on demand', queues.map((jobs) => jobs.length), [2, 0], LOOK_AT);
}

async function retries(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Retried');
  await ended(steps, executionArn);
  const [job] = await jobsOf(steps, outputs.RetriedQueue);
  steps.checks.equal('a job is tried as often as it says', job.attempts.map((attempt: any) => attempt.container.exitCode), [7, 7, 7], LOOK_AT);
}

async function timeOut(steps: Steps, outputs: Outputs): Promise<void> {
  const { executionArn } = await start(steps, outputs, 'Slow');
  steps.checks.equal('a job that takes too long fails the execution', (await ended(steps, executionArn)).status, 'FAILED', LOOK_AT);
  const [job] = await jobsOf(steps, outputs.SlowQueue);
  steps.checks.equal('it is stopped without another attempt', [job.statusReason, job.attempts.length], ['Job attempt duration exceeded timeout', 1], LOOK_AT);
}

async function order(steps: Steps, outputs: Outputs): Promise<void> {
  const executions = [await start(steps, outputs, 'Holds')];
  await jobIn(steps, outputs.PriorityQueue, 'RUNNING');
  executions.push(await start(steps, outputs, 'Patient'));
  await jobIn(steps, outputs.PriorityQueue, 'RUNNABLE');
  executions.push(await start(steps, outputs, 'Urgent'));
  await jobIn(steps, outputs.FirstQueue, 'RUNNABLE');
  await steps.call('s3', 'PutObject', { ...objectAt(outputs, 'Holds', 'Holds/runs/release'), Body: 'yes' });
  await Promise.all(executions.map(({ executionArn }) => ended(steps, executionArn)));
  const [patient] = (await jobsOf(steps, outputs.PriorityQueue)).filter((job) => job.jobName === 'Patient');
  const [urgent] = await jobsOf(steps, outputs.FirstQueue);
  steps.checks.equal('what came later to a queue of higher priority went first', urgent.stoppedAt <= patient.startedAt, true, LOOK_AT);
}

/** Instances are declared and read back; none is started here. */
async function instances(steps: Steps, outputs: Outputs, version: string): Promise<void> {
  const { computeEnvironments: [{ computeResources }] } = await steps.call('batch', 'DescribeComputeEnvironments', { computeEnvironments: [outputs.InstancesArn] });
  const { maxvCpus, instanceTypes, allocationStrategy, launchTemplate } = computeResources;
  steps.checks.equal('instances are as declared', [maxvCpus, instanceTypes, allocationStrategy], [16, ['default_x86_64'], 'BEST_FIT_PROGRESSIVE'], LOOK_AT);
  steps.checks.equal('they start by the newest version of their launch template', launchTemplate.version, version, 'the launch template');
  const { jobQueues: [queue] } = await steps.call('batch', 'DescribeJobQueues', { jobQueues: [outputs.InstancesQueue] });
  const limits = queue.jobStateTimeLimitActions.map((limit: any) => [limit.action, limit.maxTimeSeconds >= 600]);
  steps.checks.equal('the queue has a limit for each reason', limits, Array.from({ length: LIMITS }, () => ['CANCEL', true]), 'the queue');
}
