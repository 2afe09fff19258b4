import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, Stack } from 'aws-cdk-lib/core';
import { ClusterProfile, EcsBatchPipeline, EcsMicroservice, FargateCluster, RoutePriorities, ServiceRoute } from 'cdk-ecs-workloads';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Reports', { description: 'A product: reports, and the pipeline that makes them' });

// Read when the stack is deployed. The platform team has given this app band 2.
const cluster = FargateCluster.fromParameters(stack, 'Platform', '/platform', {
  zones: 2,
  priorities: RoutePriorities.band(2),
  profile: ClusterProfile.DEVELOPMENT,
});

new EcsMicroservice(stack, 'Viewer', {
  cluster,
  image: ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/node:22-alpine'),
  container: { command: ['node', '-e', 'require("http").createServer((_, answer) => answer.end("reports")).listen(process.env.PORT)'] },
  routes: [ServiceRoute.internetFacing({ paths: ['/reports', '/reports/*'] })],
});

const nightly = new EcsBatchPipeline(stack, 'Nightly', { cluster });
const python = ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/python:3.12-slim');
const collect = nightly.addJob('Collect', { image: python, command: ['python', '-c', 'print("collected")'] });
nightly.addJob('Render', { image: python, command: ['python', '-c', 'print("rendered")'], after: [collect] });
