import * as path from 'path';
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { createApp } from './app';
import { ClusterNetwork, ClusterProfile, EcsBatchPipeline, FanOut, FargateCluster } from '../src';

/** A pipeline that fans out and joins, run to its end. */
const app = createApp();
const stack = new Stack(app, 'IntegEcsBatchPipelineFanOut');
const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.natGateways(1) });
const image = ecs.ContainerImage.fromAsset(path.join(__dirname, 'images/batch'));

const pipeline = new EcsBatchPipeline(stack, 'Pipeline', { cluster });
const split = pipeline.addJob('Split', { image, environment: { SAYS: 'split' } });
const left = pipeline.addJob('Left', { image, environment: { SAYS: 'left' }, after: [split], fanOut: FanOut.array(3) });
const right = pipeline.addJob('Right', { image, environment: { SAYS: 'right' }, after: [split] });
pipeline.addJob('Join', { image, environment: { SAYS: 'join' }, after: [left, right] });

const integ = new IntegTest(app, 'EcsBatchPipelineFanOut', { testCases: [stack] });
const execution = integ.assertions.awsApiCall('StepFunctions', 'startExecution', { stateMachineArn: pipeline.stateMachine.stateMachineArn });
integ.assertions
  .awsApiCall('StepFunctions', 'describeExecution', { executionArn: execution.getAttString('executionArn') })
  .expect(ExpectedResult.objectLike({ status: 'SUCCEEDED' }))
  .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(5) });
