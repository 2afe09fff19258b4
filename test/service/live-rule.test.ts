import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Duration, Stack, Tags } from 'aws-cdk-lib/core';
import {
  ClusterCapacity, ClusterNetwork, ClusterProfile, DeploymentHook, EcsMicroservice, EcsMicroserviceProps, EcsQueueWorker, FargateCluster,
  FargateClusterProps, ServiceCapacity, ServiceDeployment, ServiceDiscovery, ServiceRoute, ServiceScaling, TaskSize, TestRoute,
} from '../../src';
import { createStack, importedVpc } from '../util/fixtures';

const IMAGE = ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.29');

/** A change that has nothing to do with the route of the service. */
interface Change {
  readonly cluster?: (stack: Stack) => FargateClusterProps;
  readonly before?: (stack: Stack, cluster: FargateCluster) => void;
  readonly props?: (stack: Stack, cluster: FargateCluster) => Partial<EcsMicroserviceProps>;
  readonly after?: (stack: Stack, cluster: FargateCluster, service: EcsMicroservice) => void;
}

function sibling(stack: Stack, cluster: FargateCluster, id: string, paths: string[], deployment?: ServiceDeployment): EcsMicroservice {
  return new EcsMicroservice(stack, id, { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths })], deployment });
}

const blueGreen = (options: Parameters<typeof ServiceDeployment.blueGreen>[0]) => ServiceDeployment.blueGreen({ testRoute: TestRoute.header('x-release', 'next'), ...options });

const CHANGES: Record<string, Change> = {
  'tags of the stack': { after: (stack) => Tags.of(stack).add('team', 'shop') },
  'tags of the app': { after: (stack) => Tags.of(stack.node.root).add('cost', '42') },
  'tags of the service': { after: (_, __, service) => Tags.of(service).add('owner', 'orders') },
  'size': { props: () => ({ size: TaskSize.of(1024, 2048) }) },
  'image': { props: () => ({ image: ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.30') }) },
  'environment': { props: () => ({ environment: { STAGE: 'prod' } }) },
  'secrets': { props: (stack) => ({ secrets: { KEY: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Key', 'key')) } }) },
  'scaling': { props: () => ({ scaling: ServiceScaling.between(3, 30, { cpuPercent: 40 }) }) },
  'fixed number of tasks': { props: () => ({ scaling: ServiceScaling.fixed(7) }) },
  'port of the application': { props: () => ({ port: 3000 }) },
  'health check': { props: () => ({ healthCheck: { path: '/orders/health' } }) },
  'longest request': { props: () => ({ maxRequestTime: Duration.seconds(5) }) },
  'command': { props: () => ({ container: { command: ['serve'] } }) },
  'discovery name': { props: () => ({ discovery: ServiceDiscovery.serviceConnect({ name: 'bestellungen' }) }) },
  'Spot': { props: () => ({ capacity: ServiceCapacity.fargate({ onDemandBase: 1, spotWeight: 1 }) }) },
  'instances': {
    props: (_, cluster) => ({ capacity: ServiceCapacity.on(cluster.addCapacity('General', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m7i.large')], max: 2 }))) }),
  },
  'profile, and with it alarms': { cluster: () => ({ profile: ClusterProfile.PRODUCTION }) },
  'alarm actions': { cluster: (stack) => ({ profile: ClusterProfile.PRODUCTION, alarmActions: [new actions.SnsAction(new sns.Topic(stack, 'OnCall'))] }) },
  'alarms of its own': {
    props: (stack) => ({
      deployment: blueGreen({
        rollbackAlarms: [new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Lost' }).createAlarm(stack, 'Lost', { threshold: 1, evaluationPeriods: 1 })],
      }),
    }),
  },
  'bake time': { props: () => ({ deployment: blueGreen({ bakeTime: Duration.minutes(30) }) }) },
  'no test route': { props: () => ({ deployment: ServiceDeployment.blueGreen() }) },
  'hooks': { props: () => ({ deployment: blueGreen({ hooks: [DeploymentHook.smokeTest({ path: '/orders/health' })] }) }) },
  'canary': { props: () => ({ deployment: ServiceDeployment.canary({ testRoute: TestRoute.header('x-release', 'next') }) }) },
  'linear': { props: () => ({ deployment: ServiceDeployment.linear({ testRoute: TestRoute.header('x-release', 'next') }) }) },
  'a sibling before it': { before: (stack, cluster) => { sibling(stack, cluster, 'Users', ['/users/*']); } },
  'a sibling after it': { after: (stack, cluster) => { sibling(stack, cluster, 'Users', ['/users/*']); } },
  'a sibling with a longer path': { before: (stack, cluster) => { sibling(stack, cluster, 'Archive', ['/orders/archive/*'], ServiceDeployment.canary()); } },
  'a sibling with a shorter path': { before: (stack, cluster) => { sibling(stack, cluster, 'Rest', ['/*']); } },
  'a called service': { after: (stack, cluster, service) => { service.connectTo(sibling(stack, cluster, 'Users', ['/users'])); } },
  'a worker': { before: (stack, cluster) => { new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE }); } },
  'Exec': { after: (_, __, service) => service.enableExec() },
  'a sidecar': { after: (_, __, service) => service.addSidecar('Proxy', { image: IMAGE }) },
  'a route inside the network': {
    cluster: () => ({ network: undefined }),
    props: () => ({ routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] }), ServiceRoute.insideVpc({ paths: ['/orders/*'] })] }),
  },
};

function liveRule({ cluster: clusterProps, before, props, after }: Change) {
  const stack = createStack();
  const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.existing(importedVpc(stack)), ...clusterProps?.(stack) });
  before?.(stack, cluster);
  const service = new EcsMicroservice(stack, 'Orders', {
    cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })], deployment: blueGreen({}), ...props?.(stack, cluster),
  });
  after?.(stack, cluster, service);
  const template = Template.fromStack(stack);
  const [{ AdvancedConfiguration: shifted }] = Object.values(template.findResources('AWS::ECS::Service')).find(({ Properties }) => Properties.LoadBalancers?.[0]?.AdvancedConfiguration
    && JSON.stringify(Properties.LoadBalancers).includes('OrdersRoute'))!.Properties.LoadBalancers;
  const id = shifted.ProductionListenerRule.Ref;
  return { id, text: JSON.stringify(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule')[id].Properties) };
}

describe('the live rule', () => {
  const original = liveRule({});

  test.each(Object.entries(CHANGES))('is byte for byte the same after a change of: %s', (_, change) => {
    expect(liveRule(change)).toEqual(original);
  });

  test('changes with the route, which is the user\'s to change', () => {
    expect(liveRule({ props: () => ({ routes: [ServiceRoute.internetFacing({ paths: ['/orders/*', '/carts/*'] })] }) })).not.toEqual(original);
  });
});
