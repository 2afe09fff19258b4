import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Stack } from 'aws-cdk-lib/core';
import { createApp } from './app';
import { ClusterProfile, FargateCluster } from '../src';

/** A cluster on its own: network, capacity providers, Container Insights, namespace. */
const app = createApp();
const stack = new Stack(app, 'IntegFargateClusterDefault');
const platform = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });

const integ = new IntegTest(app, 'FargateClusterDefault', { testCases: [stack] });
integ.assertions
  .awsApiCall('ECS', 'describeClusters', { clusters: [platform.cluster.clusterName] })
  .expect(ExpectedResult.objectLike({ clusters: [{ status: 'ACTIVE', capacityProviders: ['FARGATE', 'FARGATE_SPOT'] }] }));
