import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { App, Duration, Fn, Stack, Stage, Token } from 'aws-cdk-lib/core';
import {
  ClusterIngress, ClusterNetwork, ClusterPublication, EcsBatchPipeline, EcsMicroservice, FargateCluster, NetworkEndpoint, PublishedClusterProps,
  RoutePriorities, ServiceRoute,
} from '../../src';
import { boundaryAndSessions, createCluster, createStack, ENV, expectBoundaryAndSessions, IMAGE } from '../util/fixtures';

const ROUTE = ServiceRoute.internetFacing({ paths: ['/orders'] });
const SET = [
  'assign-public-ip', 'cluster-name', 'container-insights', 'namespace-arn', 'namespace-id', 'namespace-name', 'task-subnet-ids', 'vpc-id', 'zone-names', 'zones',
];
const INGRESS = ['listener-arn', 'load-balancer-full-name', 'security-group-id', 'url'];

function published(publication: Partial<ClusterPublication> = {}, network?: ClusterNetwork) {
  const stack = createStack();
  createCluster(stack, { publication: { path: '/platform', ...publication }, network });
  const template = Template.fromStack(stack);
  const parameters = Object.values(template.findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties);
  return { stack, template, parameters, value: (name: string) => parameters.find(({ Name }) => Name === `/platform/v1/${name}`)?.Value };
}

function subscribed(options: Partial<PublishedClusterProps> = {}) {
  const stack = createStack();
  const cluster = FargateCluster.fromParameters(stack, 'Platform', '/platform', { zones: 2, ...options });
  return { stack, cluster, template: () => Template.fromStack(stack) };
}

/** The SSM parameters that a template reads, the bootstrap version of the CDK left out. */
function readBy(template: Template): string[] {
  return Object.values(template.findParameters('*', { Type: Match.stringLikeRegexp('^AWS::SSM::Parameter::Value<') }))
    .map(({ Default }) => Default as string).filter((name) => name.startsWith('/platform')).sort();
}

describe('one app with several places', () => {
  const declare = (stack: Stack) => {
    const cluster = FargateCluster.fromParameters(stack, 'Platform', '/platform', { zones: 2, priorities: RoutePriorities.band(1) });
    return new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ROUTE] });
  };

  test('has a platform of one path in each account', () => {
    const app = new App({ analyticsReporting: false });
    declare(new Stack(app, 'Dev', { env: { ...ENV, account: '111111111111' } }));
    expect(() => declare(new Stack(app, 'Prod', { env: { ...ENV, account: '222222222222' } }))).not.toThrow();
  });

  test('has a platform of one path in each stage', () => {
    const app = new App({ analyticsReporting: false });
    declare(new Stack(new Stage(app, 'Dev'), 'Orders'));
    expect(() => declare(new Stack(new Stage(app, 'Prod'), 'Orders'))).not.toThrow();
  });

  test('still refuses two stacks of one place that ask for the same requests', () => {
    const app = new App({ analyticsReporting: false });
    declare(new Stack(app, 'One', { env: ENV }));
    expect(() => declare(new Stack(app, 'Two', { env: ENV }))).toThrow('ask for the same requests');
  });
});

describe('publication', () => {
  test('keeps the routes of its own app in band 0 on a listener that exists, too', () => {
    const stack = createStack();
    const securityGroup = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Alb', 'sg-alb');
    const listenerArn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/company/0123456789abcdef/fedcba9876543210';
    const cluster = createCluster(stack, {
      publication: { path: '/platform' },
      ingress: ClusterIngress.existing({ listenerArn, securityGroup, url: 'https://api.example.com' }),
    });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ROUTE] });
    const [{ Properties: { Priority } }] = Object.values(Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::ListenerRule'));
    expect(Priority).toBeLessThanOrEqual(5000);
  });

  test('is a versioned set of parameters, and no load balancer unless asked for', () => {
    const { template, parameters } = published();
    expect(parameters.map(({ Name }) => Name).sort()).toEqual(SET.map((name) => `/platform/v1/${name}`));
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
  });

  test('makes the load balancers that it lists', () => {
    const { template, parameters } = published({ publicIngress: true, internalIngress: true });
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 2);
    expect(parameters.map(({ Name }) => Name).sort()).toEqual([
      ...SET, ...INGRESS.map((name) => `public-ingress/${name}`), ...INGRESS.map((name) => `internal-ingress/${name}`),
    ].map((name) => `/platform/v1/${name}`).sort());
  });

  test('says what the cluster is like', () => {
    const { parameters, value } = published();
    expect([value('zones'), value('assign-public-ip'), value('container-insights')]).toEqual(['2', 'no', 'yes']);
    expect(value('cluster-name')).toEqual({ Ref: expect.stringMatching(/^PlatformCluster/) });
    expect(parameters.filter(({ Type }) => Type === 'StringList').map(({ Name }) => Name).sort()).toEqual(['/platform/v1/task-subnet-ids', '/platform/v1/zone-names']);
  });

  test('lists one subnet a zone', () => {
    const stack = createStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      publicSubnetIds: ['subnet-1', 'subnet-2'],
      privateSubnetIds: ['subnet-a', 'subnet-b', 'subnet-c', 'subnet-d'],
    });
    createCluster(stack, { publication: { path: '/platform' }, network: ClusterNetwork.existing(vpc) });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/platform/v1/task-subnet-ids', Value: 'subnet-a,subnet-b' });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/platform/v1/zone-names', Value: 'us-east-1a,us-east-1b' });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/platform/v1/zones', Value: '2' });
  });

  test('raises the time that the load balancer waits', () => {
    published({ publicIngress: true, maxRequestTime: Duration.seconds(90) }).template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'idle_timeout.timeout_seconds', Value: '90' }]),
    });
  });

  test('gives the routes of the own app the numbers of band 0', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { publication: { path: '/platform', publicIngress: true } });
    ['a', 'b', 'c', 'd', 'e', 'f'].forEach((name) => new EcsMicroservice(stack, name, {
      cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ hosts: [`${name}.example.com`] })],
    }));
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::ListenerRule'));
    expect(rules).toHaveLength(6);
    rules.forEach(({ Properties }) => expect(Properties.Priority).toBeLessThanOrEqual(5000));
  });

  test.each(['platform', '/', '/plat form', '/platform/', '/a/b/c/d/e/f/g/h/i/j/k'])('fails when the path is %j', (path) => {
    expect(() => published({ path })).toThrow(new Error(
      "'path' must be 1 to 10 names of letters, digits, '_', '.' and '-', each behind a '/', 200 characters at most, got "
      + `${JSON.stringify(path)}; write it like '/platform' (at Stack/Platform)`,
    ));
  });

  test.each(['/aws/platform', '/ssm', '/SSM/x'])('fails when the path is %j, which is AWS\'s own', (path) => {
    expect(() => published({ path })).toThrow(new Error(
      `'path' must not begin with '/aws' or '/ssm', which Systems Manager keeps for itself, got "${path}"; choose another path (at Stack/Platform)`,
    ));
  });

  test('fails when the path is a token', () => {
    expect(() => published({ path: Fn.importValue('Path') })).toThrow(new Error(
      "'path' must be known at synthesis: the default of a template's parameter is plain text; pass a plain string (at Stack/Platform)",
    ));
  });

  test('fails when the time is out of range', () => {
    expect(() => published({ maxRequestTime: Duration.seconds(4001) })).toThrow(new Error(
      "'maxRequestTime' must be between 1 and 4000 seconds, got 4001 seconds; a load balancer waits at most 4000 seconds for an answer (at Stack/Platform)",
    ));
  });

  test('fails when the number of subnets is not known', () => {
    const stack = createStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: Token.asList(Fn.importValue('Subnets')),
    });
    expect(() => createCluster(stack, { publication: { path: '/platform' }, network: ClusterNetwork.existing(vpc) })).toThrow(new Error(
      "'publication' needs a network whose number of subnets is known at synthesis; "
      + 'import the VPC with lists of subnets and zones, not with a token for a list (at Stack/Platform)',
    ));
  });
});

describe('FargateCluster.fromParameters', () => {
  test('puts the boundary that it is given on every role, and logs ECS Exec where it is told', () => {
    const stack = createStack();
    expectBoundaryAndSessions(stack, FargateCluster.fromParameters(stack, 'Platform', '/platform', { zones: 2, ...boundaryAndSessions(stack) }));
  });

  test('fails when an image is beyond the endpoints that the platform has', () => {
    const { ECR_API, ECR_DKR, S3, LOGS } = NetworkEndpoint;
    const { stack, cluster } = subscribed({ endpoints: [ECR_API, ECR_DKR, S3, LOGS] });
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster, image: ecs.ContainerImage.fromRegistry('nginx:1.29') })).toThrow(new Error(
      "'image' must be in a private registry of Amazon ECR, because the cluster's network has no way to the internet, got \"nginx:1.29\" of docker.io; "
      + 'pull it through a cache of Amazon ECR or copy it there, build it as an asset, or choose ClusterNetwork.natGateways() (at Stack/Orders)',
    ));
    expect(() => subscribed({ endpoints: [ECR_API] })).toThrow(new Error(
      "'endpoints' must have what every task needs (ecr.api, ecr.dkr, s3, logs), got none for ecr.dkr, s3, logs; make these endpoints in the network and add them "
      + '(at Stack/Platform)',
    ));
  });

  test('reads at deploy time exactly what is published', () => {
    const { stack, cluster, template } = subscribed({ priorities: RoutePriorities.band(1) });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ROUTE] });
    new EcsMicroservice(stack, 'Admin', { cluster, image: IMAGE, routes: [ServiceRoute.insideVpc({ paths: ['/admin'] })] });
    const names = published({ publicIngress: true, internalIngress: true }).parameters.map(({ Name }) => Name as string);
    expect(readBy(template())).toEqual(names.sort());
    expect((stack.node.root as App).synth().manifest.missing).toBeUndefined();
  });

  test('has no parameter of a load balancer without a route', () => {
    const { stack, cluster, template } = subscribed();
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Extract', { image: IMAGE });
    expect(readBy(template())).toEqual(SET.map((name) => `/platform/v1/${name}`));
    template().hasResourceProperties('AWS::ECS::Service', {
      Cluster: { Ref: 'PlatformClusterName' + stackSuffix(stack, 'ClusterName') },
      ServiceConnectConfiguration: { Namespace: { Ref: 'PlatformNamespaceArn' + stackSuffix(stack, 'NamespaceArn') } },
    });
  });

  test('lists as many subnets as it has zones', () => {
    const { stack, cluster, template } = subscribed({ zones: 3 });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    template().hasResourceProperties('AWS::ECS::Service', {
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          AssignPublicIp: 'DISABLED',
          Subnets: [0, 1, 2].map((index) => ({ 'Fn::Select': [index, { Ref: Match.stringLikeRegexp('TaskSubnetIds') }] })),
        },
      },
    });
  });

  test('lets the deployment fail where the platform is not as the options say', () => {
    const rules: Record<string, any> = subscribed({ zones: 5 }).template().toJSON().Rules;
    const [check] = Object.keys(rules).filter((id) => id.startsWith('Platform'));
    expect(rules[check].Assertions).toEqual([
      {
        Assert: { 'Fn::Contains': [['5', '6'], { Ref: expect.stringMatching('PlatformZones') }] },
        AssertDescription: "'zones' is 5, and the platform at /platform has fewer; give the number in its parameter 'zones'",
      },
      {
        Assert: { 'Fn::Equals': [{ Ref: expect.stringMatching('PlatformAssignPublicIp') }, 'no'] },
        AssertDescription: "'assignPublicIp' is false, and the platform at /platform has public subnets for tasks; give 'assignPublicIp: true'",
      },
      {
        Assert: { 'Fn::Equals': [{ Ref: expect.stringMatching('PlatformContainerInsights') }, 'yes'] },
        AssertDescription: "'containerInsights' is true, and the platform at /platform has none, so alarms on the number of tasks would never fire; "
          + "give 'containerInsights: false'",
      },
    ]);
  });

  test('runs tasks in public subnets where it is told so', () => {
    const { stack, cluster, template } = subscribed({ assignPublicIp: true, containerInsights: false });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    template().hasResourceProperties('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } } });
    expect(Object.keys(template().findResources('AWS::CloudWatch::Alarm')).filter((id) => id.includes('RunningTasks'))).toEqual([]);
  });

  test('gives out the numbers of its band', () => {
    const { stack, cluster, template } = subscribed({ priorities: RoutePriorities.band(3) });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ROUTE] });
    const [{ Properties: { Priority } }] = Object.values(template().findResources('AWS::ElasticLoadBalancingV2::ListenerRule'));
    expect(Math.floor((Priority - 1) / 5000)).toBe(3);
  });

  test('may be called in each stack of an app: names and routes are seen in all of them', () => {
    const app = new App({ analyticsReporting: false });
    const services = ['One', 'Two'].map((name) => () => {
      const stack = new Stack(app, name, { env: ENV });
      const cluster = FargateCluster.fromParameters(stack, 'Platform', '/platform', { zones: 2, priorities: RoutePriorities.band(1) });
      return new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    });
    services[0]();
    expect(services[1]).toThrow(/'discoveryName' must be unique in a cluster, got "orders", which One\/Orders has/);
  });

  test('connects services of one app, in one stack and over two', () => {
    const app = new App({ analyticsReporting: false });
    const [one, two] = ['One', 'Two'].map((name) => {
      const stack = new Stack(app, name, { env: ENV });
      const cluster = FargateCluster.fromParameters(stack, 'Platform', '/platform', { zones: 2 });
      return new EcsMicroservice(stack, name, { cluster, image: IMAGE });
    });
    two.connectTo(one);
    expect(app.synth().getStackByName('Two').dependencies.map(({ id }) => id)).toContain('One');
    expect(() => one.connectTo(two)).toThrow(/which waits for it already/);
  });

  test('fails when a route has no numbers to be given', () => {
    const { stack, cluster } = subscribed();
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ROUTE] })).toThrow(new Error(
      "'priorities' must be given where this cluster is imported, because a route of this app needs a number that no other app gives out; "
      + "give 'priorities: RoutePriorities.band(1)', with the band that is this app's (at Stack/Platform)",
    ));
  });

  test.each([[0, 'between'], [7, 'between'], [1.5, 'a whole number between']])('fails when there are %d zones', (zones, must) => {
    expect(() => subscribed({ zones })).toThrow(new Error(
      `'zones' must be ${must} 1 and 6, got ${zones}; give the number that the platform has published, or a smaller one (at Stack/Platform)`,
    ));
  });

  test('fails when the number of zones is a token', () => {
    expect(() => subscribed({ zones: Token.asNumber({ Ref: 'Zones' }) })).toThrow(new Error(
      "'zones' must be known at synthesis: it decides how many subnets the templates name; pass a plain number (at Stack/Platform)",
    ));
  });
});

function stackSuffix(stack: Stack, id: string): string {
  const parameter = stack.node.findChild('Platform').node.findChild(id) as any;
  return (stack.resolve(parameter.logicalId) as string).replace(`Platform${id}`, '');
}
