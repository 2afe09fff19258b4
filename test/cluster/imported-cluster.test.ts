import { Match, Template } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import * as sns from 'aws-cdk-lib/aws-sns';
import { App, CfnParameter, Duration, Fn, Stack, Token } from 'aws-cdk-lib/core';
import {
  ClusterProfile, EcsBatchPipeline, EcsMicroservice, FargateCluster, FargateClusterAttributes, IngressAttributes, NetworkEndpoint, ServiceCapacity,
  ServiceProtocol, ServiceRoute,
} from '../../src';
import { boundaryAndSessions, createStack, ENV, expectBoundaryAndSessions, IMAGE, importedVpc } from '../util/fixtures';

const LISTENER = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/0123456789abcdef/fedcba9876543210';

function ingress(attributes: Partial<IngressAttributes> = {}): IngressAttributes {
  return { listenerArn: LISTENER, securityGroupId: 'sg-1', url: 'https://api.example.com', priorities: { first: 20000, last: 29999 }, ...attributes };
}

function imported(stack: Stack, attributes: Partial<FargateClusterAttributes> = {}, id = 'Platform') {
  const vpc = stack.node.tryFindChild('Imported') as ec2.IVpc | undefined ?? importedVpc(stack);
  return FargateCluster.fromAttributes(stack, id, { clusterName: 'platform', vpc, ...attributes });
}

function namespaceIn(stack: Stack) {
  return servicediscovery.HttpNamespace.fromHttpNamespaceAttributes(stack, 'Namespace', {
    namespaceName: 'platform', namespaceId: 'ns-1', namespaceArn: 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1',
  });
}

const ROUTE = ServiceRoute.internetFacing({ paths: ['/orders'] });

describe('FargateCluster.fromAttributes', () => {
  test('puts rule, target group and security group of a routed service into the stack of the service', () => {
    const stack = createStack();
    const cluster = imported(stack, { publicIngress: ingress() });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ROUTE] });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ECS::Cluster', 0);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: LISTENER });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { VpcId: 'vpc-1' });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [{ SourceSecurityGroupId: 'sg-1', FromPort: 8080, ToPort: 8080, IpProtocol: 'tcp' }],
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      Cluster: 'platform',
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-c', 'subnet-d'], AssignPublicIp: 'DISABLED' } },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([Match.objectLike({
        MetricStat: { Metric: { Dimensions: Match.arrayWith([{ Name: 'LoadBalancer', Value: 'app/shared/0123456789abcdef' }]) } },
      })]),
    });
    const [{ Properties: { Priority } }] = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule'));
    expect(Priority).toBeGreaterThanOrEqual(20000);
    expect(Priority).toBeLessThanOrEqual(29999);
  });

  test.each([
    ['a name', (): Partial<FargateClusterAttributes> => ({ clusterName: 'platform' }), 'platform'],
    ['an ARN', (): Partial<FargateClusterAttributes> => ({ clusterName: undefined, clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/other' }), 'other'],
  ])('takes the cluster by %s', (_, attributes, name) => {
    const stack = createStack();
    new EcsMicroservice(stack, 'Orders', { cluster: imported(stack, { ...attributes(), namespace: namespaceIn(stack) }), image: IMAGE });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', { Cluster: name });
  });

  test('takes any ecs.ICluster, with its network and its namespace', () => {
    const stack = createStack();
    const l2 = new ecs.Cluster(stack, 'L2', { vpc: importedVpc(stack), defaultCloudMapNamespace: { name: 'mine', type: servicediscovery.NamespaceType.HTTP } });
    const cluster = FargateCluster.fromAttributes(stack, 'Platform', { cluster: l2 });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
      Cluster: { Ref: Match.stringLikeRegexp('L2') },
      ServiceConnectConfiguration: { Namespace: { 'Fn::GetAtt': [Match.stringLikeRegexp('L2DefaultServiceDiscoveryNamespace'), 'Arn'] } },
    });
  });

  test('takes tokens for everything that a deployment knows', () => {
    const stack = createStack();
    const arn = new CfnParameter(stack, 'Listener').valueAsString;
    const cluster = imported(stack, {
      clusterName: undefined, clusterArn: Fn.importValue('Cluster'), publicIngress: ingress({ listenerArn: arn, url: Fn.importValue('Url') }),
    });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ROUTE] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: { Ref: 'Listener' } });
    template.hasResourceProperties('AWS::ECS::Service', { Cluster: { 'Fn::Select': [1, { 'Fn::Split': ['/', Match.anyValue()] }] } });
    expect(cluster.publicIngress().isHttps).toBe(true);
    expect(stack.resolve(cluster.publicIngress().loadBalancerFullName)).toEqual({
      'Fn::Join': ['/', [1, 2, 3].map((index) => ({ 'Fn::Select': [index, { 'Fn::Split': ['/', { Ref: 'Listener' }] }] }))],
    });
  });

  test('hands on profile, alarm actions and default capacity', () => {
    const stack = createStack();
    const topic = new sns.Topic(stack, 'OnCall');
    const cluster = imported(stack, {
      namespace: namespaceIn(stack),
      alarmActions: [new actions.SnsAction(topic)],
      capacity: ServiceCapacity.fargate({ onDemandBase: 1, spotWeight: 1 }),
    });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    new EcsMicroservice(stack, 'Own', { cluster, image: IMAGE, capacity: ServiceCapacity.fargateSpot() });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: Match.stringLikeRegexp('OnCall') }] });
    template.hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Base: 1, Weight: 1 }, { CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
    });
    template.hasResourceProperties('AWS::ECS::Service', { CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }] });
    cluster.alarmActions.pop();
    expect(cluster.alarmActions).toHaveLength(1);
  });

  test.each([
    [{ profile: ClusterProfile.DEVELOPMENT }, 0],
    [{ containerInsights: false }, 0],
    [{}, 1],
  ])('%j: %d alarms on the number of tasks', (attributes, count) => {
    const stack = createStack();
    new EcsMicroservice(stack, 'Orders', { cluster: imported(stack, { namespace: namespaceIn(stack), ...attributes }), image: IMAGE });
    const alarms = Object.keys(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.filter((id) => id.startsWith('OrdersRunningTasks'))).toHaveLength(count);
  });

  test('hands on the permissions boundary and where sessions are kept', () => {
    const stack = createStack();
    expectBoundaryAndSessions(stack, imported(stack, { namespace: namespaceIn(stack), ...boundaryAndSessions(stack) }));
  });

  test('fails when a service asks for what only the app of the cluster makes', () => {
    const stack = createStack();
    const cluster = imported(stack, { namespace: namespaceIn(stack) });
    const orders = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    expect(() => orders.enableExec()).toThrow("'execLogging' was not given where this cluster is imported, so ECS Exec sessions would not be logged; "
      + "give it where the cluster is imported, or do without 'enableExec' (at Stack/Platform)");
    expect(() => new EcsMicroservice(stack, 'Broker', {
      cluster, image: IMAGE, protocol: ServiceProtocol.tcp(), routes: [ServiceRoute.tcp({ port: 1883, allowedSources: [ec2.Peer.ipv4('10.0.0.0/8')] })],
    })).toThrow("'routes' by TCP, UDP or TLS need a Network Load Balancer of the app that made the cluster, which this one imports; "
      + 'put such a service into that app, or give this app a FargateCluster of its own (at Stack/Platform)');
  });

  test('gives tasks in public subnets a public address, and runs batch pipelines', () => {
    const stack = createStack();
    const cluster = imported(stack, { taskSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
    new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Extract', { image: IMAGE });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Batch::ComputeEnvironment', { ComputeResources: { Subnets: ['subnet-a', 'subnet-b'] } });
    template.hasResourceProperties('AWS::Batch::JobDefinition', { ContainerProperties: { NetworkConfiguration: { AssignPublicIp: 'ENABLED' } } });
  });

  test('services of two stacks of one app see each other on one listener', () => {
    const app = new App({ analyticsReporting: false });
    const [one, two] = ['One', 'Two'].map((name) => new Stack(app, name, { env: ENV }));
    for (const stack of [one, two]) imported(stack, { publicIngress: ingress() });
    const orders = (stack: Stack) => new EcsMicroservice(stack, 'Orders', { cluster: stack.node.findChild('Platform') as any, image: IMAGE, routes: [ROUTE] });
    orders(one);
    expect(() => orders(two)).toThrow(/'routes' of One\/Orders and Two\/Orders ask for the same requests/);
  });

  test('two imports in one app may have the same numbers or other ones', () => {
    const stack = createStack();
    for (const [id, first] of Object.entries({ A: 20000, B: 20000, C: 30000 })) {
      const cluster = imported(stack, { publicIngress: ingress({ priorities: { first: first, last: first + 9999 } }) }, id);
      expect(() => cluster.publicIngress()).not.toThrow();
    }
  });

  test('takes as many rules as it is told that there are', () => {
    const routes = Array.from({ length: 3 }, (_, index) => ServiceRoute.internetFacing({ paths: [`/orders/${index}`] }));
    const declare = (ruleQuota: number) => {
      const stack = createStack();
      const cluster = imported(stack, { publicIngress: ingress({ ruleQuota }) });
      return () => new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes });
    };
    expect(declare(3)).not.toThrow();
    expect(declare(2)).toThrow("'routes' of all services on one load balancer must be 2 rules together at most");
    expect(declare(0)).toThrow("'ruleQuota' must be between 1 and 45000, got 0; take it from the Service Quotas of your account (at Stack/Platform/PublicIngress)");
  });

  test('fails when two imports in one app have numbers that overlap', () => {
    const stack = createStack();
    imported(stack, { publicIngress: ingress() }, 'A').publicIngress();
    const other = imported(stack, { publicIngress: ingress({ priorities: { first: 25000, last: 34999 } }) }, 'B');
    expect(() => other.publicIngress()).toThrow(new Error(
      "'priorities' of one load balancer must not overlap, got 25000-34999 and, elsewhere in this app, 20000-29999; "
      + 'give both imports the same numbers, or numbers that have none in common (at Stack/B/PublicIngress)',
    ));
  });

  test.each([[1, 1000], [49001, 50000]])('takes the numbers %d to %d', (first, last) => {
    const cluster = imported(createStack(), { publicIngress: ingress({ priorities: { first, last } }) });
    expect(() => cluster.publicIngress()).not.toThrow();
  });

  test.each([[0, 5000], [49002, 50000], [1, 999], [2000, 1000], [40000, 50001], [1, 1000.5]])('fails when the numbers are %d to %d', (first, last) => {
    const cluster = imported(createStack(), { publicIngress: ingress({ priorities: { first, last } }) });
    expect(() => cluster.publicIngress()).toThrow(new Error(
      `'priorities' must be 1000 or more whole numbers within 1 to 50000, got ${first} to ${last}; `
      + 'use RoutePriorities.band, or write the numbers that no other app has (at Stack/Platform/PublicIngress)',
    ));
  });

  test('fails when a number is a token', () => {
    const cluster = imported(createStack(), { publicIngress: ingress({ priorities: { first: Token.asNumber({ Ref: 'First' }), last: 50000 } }) });
    expect(() => cluster.publicIngress()).toThrow(new Error(
      "'priorities' must be known at synthesis: the priorities of rules are worked out from it; pass plain numbers (at Stack/Platform/PublicIngress)",
    ));
  });

  test.each([
    [{ clusterName: undefined }, 'none'],
    [{ clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/other' }, 'clusterName and clusterArn'],
  ])('fails when the cluster is given not once: %j', (attributes, got) => {
    expect(() => imported(createStack(), attributes)).toThrow(new Error(
      `'cluster', 'clusterName' and 'clusterArn' say the same, so exactly one of them must be given, got ${got}; `
      + 'pass the cluster where you have it as a construct, else its name (at Stack/Platform)',
    ));
  });

  test('fails when a name comes without the network', () => {
    expect(() => imported(createStack(), { vpc: undefined })).toThrow(new Error(
      "'vpc' must be given with 'clusterName' or 'clusterArn': a name does not tell the network; pass the VPC that tasks run in (at Stack/Platform)",
    ));
  });

  test('fails when the network has no private subnets, or the selection none at all', () => {
    const stack = createStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], publicSubnetIds: ['subnet-a'] });
    expect(() => imported(stack, { vpc })).toThrow(new Error(
      "'vpc' has no private subnets with a route out, so tasks could not pull their images; "
      + "pass 'taskSubnets' with subnets that reach the image registry (at Stack/Platform)",
    ));
    expect(() => imported(stack, { vpc, taskSubnets: { subnets: [] } }, 'Other')).toThrow(new Error(
      "'taskSubnets' selects no subnet of the network; choose one that has some (at Stack/Other)",
    ));
  });

  test('fails when tasks in its subnets could not pull their image', () => {
    const stack = createStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], isolatedSubnetIds: ['subnet-a', 'subnet-b'] });
    const taskSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    expect(() => imported(stack, { vpc, taskSubnets })).toThrow(new Error(
      "'taskSubnets' must have a way to the image registry, got isolated subnets [\"subnet-a\",\"subnet-b\"], in which no task could pull its image; choose private "
      + "subnets with a route out, or list in 'endpoints' the VPC endpoints that these subnets have (at Stack/Platform)",
    ));
    const { ECR_API, ECR_DKR, S3, LOGS } = NetworkEndpoint;
    const cluster = imported(stack, { vpc, endpoints: [ECR_API, ECR_DKR, S3, LOGS], namespace: namespaceIn(stack) }, 'Endpoints');
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster, image: ecs.ContainerImage.fromRegistry('nginx:1.29') })).toThrow(/'image' .*\(at Stack\/Orders\)$/);
    const repository = ecr.Repository.fromRepositoryName(stack, 'Repository', 'orders');
    expect(() => new EcsMicroservice(stack, 'Private', { cluster, image: ecs.ContainerImage.fromEcrRepository(repository) })).not.toThrow();
  });

  test.each(['publicIngress', 'internalIngress'] as const)('fails when a route asks for the load balancer %s that was not given', (prop) => {
    const stack = createStack();
    const routes = [prop === 'publicIngress' ? ROUTE : ServiceRoute.insideVpc({ paths: ['/orders'] })];
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster: imported(stack), image: IMAGE, routes })).toThrow(new Error(
      `'${prop}' was not given where this cluster is imported, and a route asks for it; give the load balancer that the routes go to, `
      + 'or leave out the routes (at Stack/Platform)',
    ));
  });

  test('fails when a service without a route has no namespace to be found in', () => {
    const stack = createStack();
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster: imported(stack), image: IMAGE })).toThrow(new Error(
      "'namespace' was not given where this cluster is imported, so its services cannot find each other by name; "
      + "give it, or give each service a route and do without 'connectTo' (at Stack/Platform)",
    ));
  });

  test.each([
    [undefined, 60],
    [Duration.seconds(90), 90],
  ])('fails when a service needs more time for a request than the load balancer gives: idleTimeout %s', (idleTimeout, most) => {
    const stack = createStack();
    const cluster = imported(stack, { publicIngress: ingress({ idleTimeout }) });
    const orders = (seconds: number) => new EcsMicroservice(stack, `Orders${seconds}`, {
      cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: [`/${seconds}`] })], maxRequestTime: Duration.seconds(seconds),
    });
    expect(() => orders(most)).not.toThrow();
    expect(() => orders(most + 1)).toThrow(new Error(
      `'maxRequestTime' of a service must be at most ${most} seconds, the idle time-out of the load balancer of another app, got ${most + 1} seconds; `
      + 'raise the time-out there and say so where it is imported, or ask for less (at Stack/Platform/PublicIngress)',
    ));
  });
});
