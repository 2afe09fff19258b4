import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, Stack } from 'aws-cdk-lib/core';
import { ClusterProfile, EcsMicroservice, FargateCluster, RoutePriorities, ServiceRoute } from 'cdk-ecs-workloads';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Orders', { description: 'A product: orders, and the stock behind them' });

// Read when the stack is deployed. The platform team has given this app band 1.
const cluster = FargateCluster.fromParameters(stack, 'Platform', '/platform', {
  zones: 2,
  priorities: RoutePriorities.band(1),
  profile: ClusterProfile.DEVELOPMENT,
});
const image = ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/node:22-alpine');

const stock = new EcsMicroservice(stack, 'Stock', {
  cluster,
  image,
  container: { command: ['node', '-e', 'require("http").createServer((_, answer) => answer.end("42")).listen(process.env.PORT)'] },
});
const orders = new EcsMicroservice(stack, 'Orders', {
  cluster,
  image,
  container: {
    command: ['node', '-e', [
      'require("http").createServer(async (request, answer) => {',
      '  if (request.url === "/") return answer.end("well");',
      '  const stock = await (await fetch(process.env.STOCK_URL)).text();',
      "  answer.end('orders, with ' + stock + ' pieces in stock');",
      '}).listen(process.env.PORT)',
    ].join('\n')],
  },
  routes: [ServiceRoute.internetFacing({ paths: ['/orders', '/orders/*'] })],
});
orders.connectTo(stock);
