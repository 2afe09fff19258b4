import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import { ended, PATIENCE } from './executions';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import { ClusterProfile, EcsBatchPipeline, FanOut, FargateCluster } from '../../src';

const LOOK_AT = 'the history of the execution, and the log of its jobs';
const ITEMS = 50;

/** Fans out over what a job has written; one item fails and is repaired; two executions at once; one that is aborted. */
export const scenario: Scenario = {
  stack: 'ScenarioPipelineRedrive',

  declare(app: App): void {
    const stack = new Stack(app, 'ScenarioPipelineRedrive');
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/pipeline'));

    const items = new EcsBatchPipeline(stack, 'Items', { cluster, maxVcpus: 6 });
    const split = items.addJob('Split', { image, command: ['split'], outputs: ['parts'], environment: { ITEMS: String(ITEMS), BAD: '7' } });
    const work = items.addJob('Work', {
      image, command: ['work'], outputs: ['done'], fanOut: FanOut.outputObjects(split.output('parts'), { maxConcurrency: 6 }),
    });
    items.addJob('Join', { image, command: ['join'], inputs: { done: work.output('done') }, outputs: ['summary'] });

    const endless = new EcsBatchPipeline(stack, 'Endless', { cluster });
    endless.addJob('Wait', { image, command: ['wait'] });

    new CfnOutput(stack, 'ItemsMachine', { value: items.stateMachine.stateMachineArn });
    new CfnOutput(stack, 'Bucket', { value: items.artifactBucket.bucketName });
    new CfnOutput(stack, 'Prefix', { value: items.artifactPrefix });
    new CfnOutput(stack, 'EndlessMachine', { value: endless.stateMachine.stateMachineArn });
    new CfnOutput(stack, 'EndlessQueue', { value: endless.jobQueue.attrJobQueueArn });
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('last');
    const { ItemsMachine: stateMachineArn, Bucket: bucket, Prefix: prefix } = outputs;
    await Promise.all(['one', 'two'].map(async (name) => {
      const { executionArn } = await steps.call('sfn', 'StartExecution', { stateMachineArn, name });
      const failed = await ended(steps, executionArn);
      steps.checks.equal(`a bad item fails execution ${name}`, [failed.status, failed.redriveStatus], ['FAILED', 'REDRIVABLE'], LOOK_AT);

      await steps.call('s3', 'PutObject', { Bucket: bucket, Key: `${prefix}/${name}/Split/parts/7`, Body: 'good' });
      await steps.call('sfn', 'RedriveExecution', { executionArn });
      steps.checks.equal(`execution ${name} succeeds once it is repaired`, (await ended(steps, executionArn)).status, 'SUCCEEDED', LOOK_AT);
      const { Body } = await steps.call('s3', 'GetObject', { Bucket: bucket, Key: `${prefix}/${name}/Join/summary/counts` });
      steps.checks.contains(`all items of ${name} are its own`, await Body.transformToString(), `${ITEMS} different`, LOOK_AT);
    }));
    await abort(steps, outputs);
  },
};

async function abort(steps: Steps, { EndlessMachine: stateMachineArn, EndlessQueue: jobQueue }: Record<string, string>): Promise<void> {
  const { executionArn } = await steps.call('sfn', 'StartExecution', { stateMachineArn });
  const job = await until('a job runs', async () => {
    const { jobSummaryList: [running] } = await steps.call('batch', 'ListJobs', { jobQueue, jobStatus: 'RUNNING' });
    return running;
  }, PATIENCE);
  await steps.call('sfn', 'StopExecution', { executionArn });
  const stopped = await until('the job ends', async () => {
    const { jobs: [found] } = await steps.call('batch', 'DescribeJobs', { jobs: [job.jobId] });
    return found.status === 'FAILED' ? found : undefined;
  }, PATIENCE);
  steps.checks.equal('a job of an aborted execution is terminated', stopped.isTerminated, true, LOOK_AT);
  steps.checks.equal('it has the tag without which it could not be', stopped.tags, { 'cdk-ecs-workloads:pipeline': jobQueue }, LOOK_AT);
  steps.checks.equal('the execution is aborted', (await ended(steps, executionArn)).status, 'ABORTED', LOOK_AT);
}
