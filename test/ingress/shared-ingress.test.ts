import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { App, CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib/core';
import { ClusterIngress, ClusterNetwork, ClusterProfile, EcsMicroservice, FargateCluster, FargateClusterProps, ServiceRoute } from '../../src';
import { createCluster, createService, createStack, ENV, IMAGE, warningsOf } from '../util/fixtures';

const ROUTES = [ServiceRoute.internetFacing({ paths: ['/orders', '/orders/*'] })];

function createRouted(props: FargateClusterProps = {}) {
  const stack = createStack();
  const cluster = createCluster(stack, props);
  new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: ROUTES });
  return { stack, cluster };
}

function domain(stack: Stack) {
  return {
    domainName: 'api.example.com',
    hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'DomainZone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
  };
}

describe('shared ingress', () => {
  test('does not exist before a service has a public route', () => {
    const { template } = createService();
    template().resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
    template().resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 0);
  });

  test('is one load balancer for ten services, whose target groups and priorities differ', () => {
    const stack = createStack();
    const cluster = createCluster(stack);
    for (let index = 1; index <= 10; index++) {
      new EcsMicroservice(stack, `Service${index}`, { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: [`/service-${index}/*`] })] });
    }
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 10);
    const rules = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule'));
    expect(new Set(rules.map((rule) => rule.Properties.Priority)).size).toBe(10);
  });

  test('is hardened: invalid headers dropped, deletion protected, logs kept 90 days in a private bucket', () => {
    const template = Template.fromStack(createRouted().stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'deletion_protection.enabled', Value: 'true' },
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
        { Key: 'idle_timeout.timeout_seconds', Value: '60' },
        { Key: 'access_logs.s3.enabled', Value: 'true' },
      ]),
    });
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: 'Enabled' }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
      DeletionPolicy: 'Retain',
    });
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
  });

  test('is neither protected nor keeps its logs beyond the stack in development', () => {
    const template = Template.fromStack(createRouted({ profile: ClusterProfile.DEVELOPMENT }).stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'false' }]),
    });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
  });

  test('answers with 404 what nobody has a route for', () => {
    Template.fromStack(createRouted().stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'Not Found' } }],
    });
  });

  test('waits as long as the slowest service', () => {
    const { stack, cluster } = createRouted();
    new EcsMicroservice(stack, 'Slow', {
      cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/slow'] })], maxRequestTime: Duration.seconds(90),
    });
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'idle_timeout.timeout_seconds', Value: '90' }]),
    });
  });

  describe('HTTPS', () => {
    test('comes with a domain: certificate, alias record, redirect, TLS 1.3 policy', () => {
      const stack = createStack();
      const hostedZone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
      const cluster = createCluster(stack, { ingress: ClusterIngress.publicAlb({ domainName: 'api.example.com', hostedZone }) });
      expect(cluster.publicIngress().url).toBe('https://api.example.com');
      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::CertificateManager::Certificate', { DomainName: 'api.example.com', ValidationMethod: 'DNS' });
      template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'api.example.com.', Type: 'A' });
      template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
        Port: 80,
        DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
      });
      template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' });
      expect(warningsOf(stack)).toEqual([]);
    });

    test('takes given certificates, and makes none', () => {
      const stack = createStack();
      const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/1');
      createCluster(stack, { ingress: ClusterIngress.publicAlb({ certificates: [certificate] }) }).publicIngress();
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
      template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
        Protocol: 'HTTPS', Certificates: [{ CertificateArn: certificate.certificateArn }],
      });
    });

    test('is missed by a warning where there is neither', () => {
      expect(warningsOf(createRouted().stack)).toEqual([expect.stringContaining('the public load balancer speaks plain HTTP')]);
    });

    test('fails when there are more certificates than a load balancer takes', () => {
      const certificate = acm.Certificate.fromCertificateArn(createStack(), 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/1');
      expect(() => ClusterIngress.publicAlb({ certificates: Array.from({ length: 27 }, () => certificate) })).toThrow(
        "'certificates' must be 26 at most, the default one among them, got 27; use wildcard certificates");
    });

    test('has an A record alone, since it has IPv4 addresses alone', () => {
      const { stack } = createRouted({ ingress: ClusterIngress.publicAlb(domain(createStack())) });
      Template.fromStack(stack).resourcePropertiesCountIs('AWS::Route53::RecordSet', { Type: 'A' }, 1);
      Template.fromStack(stack).resourceCountIs('AWS::Route53::RecordSet', 1);
    });

    test('with two address types has A and AAAA records, and lets in IPv6', () => {
      const stack = createStack();
      const vpc = new ec2.Vpc(stack, 'Vpc', { ipProtocol: ec2.IpProtocol.DUAL_STACK });
      const cluster = createCluster(stack, {
        network: ClusterNetwork.existing(vpc), ingress: ClusterIngress.publicAlb({ ...domain(stack), dualStack: true }),
      });
      cluster.publicIngress();
      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { IpAddressType: 'dualstack' });
      for (const Type of ['A', 'AAAA']) template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'api.example.com.', Type, AliasTarget: Match.anyValue() });
      template.hasResourceProperties('AWS::EC2::SecurityGroup', {
        SecurityGroupIngress: Match.arrayWith([Match.objectLike({ CidrIpv6: '::/0', FromPort: 443 })]),
      });
    });

    test("fails when 'dualStack' is asked of a network that has IPv4 only", () => {
      const cluster = createCluster(createStack(), { ingress: ClusterIngress.publicAlb({ dualStack: true }) });
      expect(() => cluster.publicIngress()).toThrow("'dualStack' needs a network with IPv6, and this one has IPv4 only; pass a VPC with "
        + "'ipProtocol: ec2.IpProtocol.DUAL_STACK' to ClusterNetwork.existing, or omit it (at Stack/Platform/PublicIngress)");
    });

    test('takes TLS 1.2 and 1.3', () => {
      const { stack } = createRouted({ ingress: ClusterIngress.publicAlb(domain(createStack())) });
      Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' });
    });

    test('fails when a domain comes without its zone, or a zone without domain', () => {
      const hostedZone = route53.HostedZone.fromHostedZoneAttributes(createStack(), 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
      expect(() => ClusterIngress.publicAlb({ domainName: 'api.example.com' })).toThrow(
        "'domainName' needs 'hostedZone' to make its record in, got only \"api.example.com\"; pass the zone, or pass certificates alone and make the record yourself");
      expect(() => ClusterIngress.publicAlb({ hostedZone })).toThrow("'hostedZone' needs 'domainName': the name to make in the zone; add it");
    });
  });

  test('fails when its network has no public subnets', () => {
    const stack = createStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-a'] });
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(vpc) });
    expect(() => cluster.publicIngress()).toThrow("'network' has no public subnets, so a load balancer in it cannot be reached from the internet; "
      + 'give a VPC with public subnets in two zones, or leave out the internet-facing routes (at Stack/Platform/PublicIngress)');
  });

  test.each(['publicIngress', 'internalIngress'] as const)('fails when its subnets are all in one zone: %s', (which) => {
    const stack = createStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', vpcCidrBlock: '10.0.0.0/16', availabilityZones: ['us-east-1a'], publicSubnetIds: ['subnet-a'], privateSubnetIds: ['subnet-c'],
    });
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(vpc) });
    const [kind, id] = which === 'publicIngress' ? ['public ', 'PublicIngress'] : ['', 'InternalIngress'];
    expect(() => cluster[which]()).toThrow(new Error(`'network' must have ${kind}subnets in 2 zones or more for a load balancer, got 1 zone; `
      + `give a network with two zones, or do without routes through a load balancer (at Stack/Platform/${id})`));
  });

  test('takes subnets that only the deployment knows', () => {
    const stack = createStack();
    const list = (name: string) => Fn.split(',', Fn.importValue(name));
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', vpcCidrBlock: '10.0.0.0/16', availabilityZones: list('Zones'), publicSubnetIds: list('Public'), privateSubnetIds: list('Private'),
    });
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(vpc) });
    expect(() => [cluster.publicIngress(), cluster.internalIngress()]).not.toThrow();
  });

  test('keeps no access logs in a stack without a Region, and says so', () => {
    const stack = createStack({});
    createCluster(stack).publicIngress();
    Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
    expect(warningsOf(stack)).toContainEqual(expect.stringContaining('keeps no access logs'));
  });

  test('serves services of other stacks: target group and rule stand in the stack of the service', () => {
    const app = new App({ analyticsReporting: false });
    const platformStack = new Stack(app, 'PlatformStack', { env: ENV });
    const productStack = new Stack(app, 'ProductStack', { env: ENV });
    const cluster = new FargateCluster(platformStack, 'Platform');
    new EcsMicroservice(productStack, 'Orders', { cluster, image: IMAGE, routes: ROUTES });
    const product = Template.fromStack(productStack);
    product.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 1);
    product.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 1);
    Template.fromStack(platformStack).resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
  });
});

describe('ServiceRoute', () => {
  test('renders hosts and paths, and lets only the load balancer in', () => {
    const { template } = createService({ routes: [ServiceRoute.internetFacing({ hosts: ['api.example.com'], paths: ['/orders/*'] })] });
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Conditions: [
        { Field: 'host-header', HostHeaderConfig: { Values: ['api.example.com'] } },
        { Field: 'path-pattern', PathPatternConfig: { Values: ['/orders/*'] } },
      ],
    });
    template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Tasks',
      SecurityGroupIngress: [Match.objectLike({ FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: Match.anyValue(), CidrIp: Match.absent() })],
    });
  });

  test('a route without conditions takes every path', () => {
    const { template } = createService({ routes: [ServiceRoute.internetFacing()] });
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    });
  });

  test('several routes of a service share its target group', () => {
    const { template } = createService({
      routes: [ServiceRoute.internetFacing({ paths: ['/a'] }), ServiceRoute.internetFacing({ paths: ['/b'] })],
    });
    template().resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 1);
    template().resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 2);
  });

  test('a written priority is taken, and the rule keeps its logical id when its path changes', () => {
    const idOf = (path: string) => Object.entries(
      createService({ routes: [ServiceRoute.internetFacing({ paths: [path], priority: 7 })] }).template().findResources('AWS::ElasticLoadBalancingV2::ListenerRule'),
    )[0];
    const [[before, rule], [after]] = [idOf('/a'), idOf('/b')];
    expect(rule.Properties.Priority).toBe(7);
    expect(after).toBe(before);
  });

  test('a worked-out priority changes with the route, and so does the logical id: the new rule is made before the old one goes', () => {
    const ruleOf = (path: string) => Object.entries(
      createService({ routes: [ServiceRoute.internetFacing({ paths: [path] })] }).template().findResources('AWS::ElasticLoadBalancingV2::ListenerRule'),
    )[0];
    const [[before, first], [after, second]] = [ruleOf('/a'), ruleOf('/b')];
    expect(after).not.toBe(before);
    expect(second.Properties.Priority).not.toBe(first.Properties.Priority);
  });

  describe('two synthesised apps give no priority to two different rules, so that an update never asks for a number still in use', () => {
    type Services = Record<string, string[]>;
    const rulesOf = (services: Services): Map<number, string> => {
      const stack = createStack();
      const cluster = createCluster(stack);
      for (const [id, paths] of Object.entries(services)) {
        new EcsMicroservice(stack, id, { cluster, image: IMAGE, routes: paths.map((path) => ServiceRoute.internetFacing({ paths: [path] })) });
      }
      const rules = Object.entries(Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::ListenerRule'));
      return new Map(rules.map(([logicalId, rule]) => [rule.Properties.Priority, logicalId]));
    };
    const before: Services = { Orders: ['/orders/*', '/orders'], Invoices: ['/invoices/*'], Users: ['/users*'] };

    test.each<[string, Services, number]>([
      ['a service is renamed', { Purchases: ['/orders/*', '/orders'], Invoices: ['/invoices/*'], Users: ['/users*'] }, 2],
      ['a path changes', { Orders: ['/purchases/*', '/orders'], Invoices: ['/invoices/*'], Users: ['/users*'] }, 3],
      ['a service is renamed and its path changes', { Purchases: ['/purchases/*', '/orders'], Invoices: ['/invoices/*'], Users: ['/users*'] }, 2],
      ['a route moves to another service', { Orders: ['/orders/*'], Invoices: ['/invoices/*', '/orders'], Users: ['/users*'] }, 3],
      ['two services swap their routes', { Orders: ['/invoices/*'], Invoices: ['/orders/*', '/orders'], Users: ['/users*'] }, 1],
      ['nothing but the order changes', { Users: ['/users*'], Invoices: ['/invoices/*'], Orders: ['/orders', '/orders/*'] }, 4],
    ])('%s', (_, after, kept) => {
      const [old, young] = [rulesOf(before), rulesOf(after)];
      const shared = [...young.keys()].filter((priority) => old.has(priority));
      expect(shared).toHaveLength(kept);
      for (const priority of shared) expect(young.get(priority)).toBe(old.get(priority));
    });
  });

  test("'/*' is rendered as written, and is the same route as no path", () => {
    const { stack, cluster } = createRouted();
    new EcsMicroservice(stack, 'Rest', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ hosts: ['a.b'], paths: ['/*'] })] });
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Conditions: [Match.objectLike({ Field: 'host-header' }), { Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    });
    expect(() => new EcsMicroservice(stack, 'Again', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ hosts: ['A.b'] })] })).toThrow(
      "'routes' of Stack/Rest and Stack/Again ask for the same requests (host a.b); give them different paths or hosts (at Stack/Again)");
  });

  test('takes tokens: the priority is the same in every synthesis', () => {
    const priority = () => {
      const stack = createStack();
      const host = new CfnParameter(stack, 'Host').valueAsString;
      new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack), image: IMAGE, routes: [ServiceRoute.internetFacing({ hosts: [host] })] });
      return Object.values(Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::ListenerRule'))[0].Properties.Priority;
    };
    expect(priority()).toBe(priority());
  });

  test('fails when two services have the same route', () => {
    const { stack, cluster } = createRouted();
    expect(() => new EcsMicroservice(stack, 'Invoices', { cluster, image: IMAGE, routes: ROUTES })).toThrow(
      "'routes' of Stack/Orders and Stack/Invoices ask for the same requests (path /orders); give them different paths or hosts (at Stack/Invoices)");
  });
});
