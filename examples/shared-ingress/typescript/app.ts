import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import { ClusterIngress, ClusterProfile, EcsMicroservice, FargateCluster, ServiceProtocol, ServiceRoute, ServiceScaling } from 'cdk-ecs-workloads';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'SharedIngress', { description: 'Ten services behind one load balancer' });

// The zone must be yours: the certificate is validated in it, and shop.example.com is made in it.
const hostedZone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: 'example.com' });
const cluster = new FargateCluster(stack, 'Platform', {
  profile: ClusterProfile.DEVELOPMENT,
  ingress: ClusterIngress.publicAlb({ domainName: 'shop.example.com', hostedZone }),
});

/** A web server that answers each request with its own name. */
const SERVER = 'require("http").createServer((_, answer) => answer.end(process.env.NAME)).listen(process.env.PORT)';

function add(name: string, route: { hosts?: string[]; paths?: string[] }, protocol?: ServiceProtocol): void {
  new EcsMicroservice(stack, name, {
    cluster,
    image: ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/node:22-alpine'),
    environment: { NAME: name },
    container: { command: ['node', '-e', SERVER] },
    protocol,
    routes: [ServiceRoute.internetFacing(route)],
    scaling: ServiceScaling.fixed(1),
  });
}

// Nobody numbers these rules: hosts decide before paths, and the exact before patterns.
add('Start', { hosts: ['shop.example.com'] });
add('Cart', { hosts: ['shop.example.com'], paths: ['/cart', '/cart/*'] }, ServiceProtocol.http1({ stickyFor: Duration.hours(1) }));
add('Checkout', { hosts: ['shop.example.com'], paths: ['/cart/checkout'] });
add('Chat', { hosts: ['shop.example.com'], paths: ['/chat'] }, ServiceProtocol.webSocket({ idleTimeout: Duration.minutes(10) }));
add('Tenants', { hosts: ['*.shop.example.com'] });
add('Admin', { hosts: ['admin.shop.example.com'] });
add('Users', { hosts: ['admin.shop.example.com'], paths: ['/users/*'] });
add('Orders', { paths: ['/orders', '/orders/*'] });
add('Export', { paths: ['/orders/export'] });
add('Images', { paths: ['/images/*'] });

new CfnOutput(stack, 'Url', { value: cluster.publicIngress().url });
