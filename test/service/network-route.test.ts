import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { App, Lazy, Stack } from 'aws-cdk-lib/core';
import { ClusterNetwork, ClusterProfile, EcsMicroservice, EcsMicroserviceProps, FargateCluster, ServiceProtocol, ServiceRoute } from '../../src';
import { createCluster, createService, createStack, ENV, IMAGE, importedVpc } from '../util/fixtures';

const TCP = { port: 1883, protocol: ServiceProtocol.tcp() };

function certificates(stack: Stack, count: number): acm.ICertificate[] {
  return Array.from({ length: count }, (_, index) => acm.Certificate.fromCertificateArn(stack, `Certificate${index}`, `arn:aws:acm:us-east-1:1:certificate/${index}`));
}

function add(cluster: FargateCluster, id: string, props: Partial<EcsMicroserviceProps>, stack = Stack.of(cluster)): EcsMicroservice {
  return new EcsMicroservice(stack, id, { cluster, image: IMAGE, ...props });
}

describe('ServiceRoute.tcp', () => {
  test('makes an internal load balancer, a listener and a target group', () => {
    const template = createService({ ...TCP, routes: [ServiceRoute.tcp({ port: 8883 })] }).template();
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Type: 'network',
      Scheme: 'internal',
      SecurityGroups: Match.anyValue(),
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'deletion_protection.enabled', Value: 'true' }, { Key: 'load_balancing.cross_zone.enabled', Value: 'true' },
      ]),
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 8883,
      Protocol: 'TCP',
      Certificates: Match.absent(),
      SslPolicy: Match.absent(),
      DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: Match.stringLikeRegexp('OrdersInternalPort8883TargetGroup') } }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Protocol: 'TCP',
      TargetType: 'ip',
      HealthCheckProtocol: 'TCP',
      HealthCheckPath: Match.absent(),
      HealthCheckPort: Match.absent(),
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      TargetGroupAttributes: [
        { Key: 'deregistration_delay.timeout_seconds', Value: '30' },
        { Key: 'deregistration_delay.connection_termination.enabled', Value: 'true' },
        { Key: 'preserve_client_ip.enabled', Value: 'false' },
      ],
    });
    template.hasResource('AWS::ECS::Service', {
      Properties: {
        HealthCheckGracePeriodSeconds: 60,
        LoadBalancers: [{ ContainerName: 'App', ContainerPort: 1883, TargetGroupArn: { Ref: Match.stringLikeRegexp('OrdersInternalPort8883TargetGroup') } }],
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('PlatformInternalNetworkIngressPort8883Listener')]),
    });
  });

  test('lets in the network to the load balancer, and the load balancer to the tasks', () => {
    const template = createService({ ...TCP, routes: [ServiceRoute.tcp({ port: 8883, healthCheckPort: 9000 })] }).template();
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('PlatformInternalNetworkIngressSecurityGroup'), 'GroupId'] },
      CidrIp: { 'Fn::GetAtt': [Match.stringLikeRegexp('PlatformVpc'), 'CidrBlock'] },
      IpProtocol: 'tcp',
      FromPort: 8883,
      ToPort: 8883,
    });
    const from = { SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('PlatformInternalNetworkIngressSecurityGroup'), 'GroupId'] }, IpProtocol: 'tcp' };
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Tasks',
      SecurityGroupIngress: [{ ...from, FromPort: 1883, ToPort: 1883 }, { ...from, FromPort: 9000, ToPort: 9000 }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { HealthCheckPort: '9000' });
  });

  test('on the internet lets in everybody, or the peers that are given', () => {
    const rules = (allowedSources?: ec2.IPeer[]) => {
      const template = createService({ ...TCP, routes: [ServiceRoute.tcp({ port: 8883, internetFacing: true, allowedSources })] }).template();
      template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network', Scheme: 'internet-facing' });
      return Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map((rule) => rule.Properties.CidrIp ?? rule.Properties.SourcePrefixListId);
    };
    expect(rules()).toEqual(['0.0.0.0/0']);
    expect(rules([ec2.Peer.ipv4('203.0.113.0/24'), ec2.Peer.prefixList('pl-1'), ec2.Peer.prefixList('pl-1')]).sort()).toEqual(['203.0.113.0/24', 'pl-1']);
  });

  test('is asked for its health by HTTP where the service speaks HTTP/1.1', () => {
    createService({ routes: [ServiceRoute.tcp({ port: 80, preserveClientIp: true })], healthCheck: { path: '/health' } }).template()
      .hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
        HealthCheckProtocol: 'HTTP',
        HealthCheckPath: '/health',
        Matcher: { HttpCode: '200' },
        TargetGroupAttributes: Match.arrayWith([{ Key: 'preserve_client_ip.enabled', Value: 'true' }]),
      });
  });

  test('stands beside routes through an Application Load Balancer', () => {
    const template = createService({ routes: [ServiceRoute.internetFacing(), ServiceRoute.tcp({ port: 80 })] }).template();
    template.hasResourceProperties('AWS::ECS::Service', {
      LoadBalancers: [
        Match.objectLike({ TargetGroupArn: { Ref: Match.stringLikeRegexp('^OrdersTargetGroup') } }),
        Match.objectLike({ TargetGroupArn: { Ref: Match.stringLikeRegexp('^OrdersInternalPort80TargetGroup') } }),
      ],
    });
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 2);
  });

  test('has an alarm on its unhealthy targets in production only', () => {
    const alarms = (profile: ClusterProfile) => Object.keys(createService({ ...TCP, routes: [ServiceRoute.tcp({ port: 1883 })] }, profile).template()
      .findResources('AWS::CloudWatch::Alarm', {
        Properties: {
          Metrics: Match.arrayWith([Match.objectLike({
            MetricStat: Match.objectLike({ Metric: Match.objectLike({ Namespace: 'AWS/NetworkELB', MetricName: 'UnHealthyHostCount' }) }),
          })]),
        },
      }));
    expect(alarms(ClusterProfile.PRODUCTION)).toHaveLength(1);
    expect(alarms(ClusterProfile.DEVELOPMENT)).toHaveLength(0);
  });

  test('keeps the listener of a service that is renamed', () => {
    const listeners = (id: string) => {
      const stack = createStack();
      add(createCluster(stack), id, { ...TCP, routes: [ServiceRoute.tcp({ port: 1883 })] });
      return Object.keys(Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::Listener'));
    };
    expect(listeners('Broker')).toEqual(listeners('Renamed'));
  });

  test('has another target group behind another load balancer', () => {
    const groups = (cluster: string) => {
      const stack = createStack();
      add(new FargateCluster(stack, cluster), 'Broker', { ...TCP, routes: [ServiceRoute.tcp({ port: 1883 })] });
      return Object.keys(Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    };
    expect(groups('One')).not.toEqual(groups('Two'));
  });

  test('makes its listener in the stack of the service, where that is another one', () => {
    const app = new App({ analyticsReporting: false });
    const cluster = createCluster(new Stack(app, 'Platform', { env: ENV }));
    const stack = new Stack(app, 'Team', { env: ENV });
    add(cluster, 'Broker', { ...TCP, routes: [ServiceRoute.tcp({ port: 1883 })] }, stack);
    Template.fromStack(stack).resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    Template.fromStack(Stack.of(cluster)).resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 0);
  });
});

describe('ServiceRoute.udp', () => {
  test('makes a listener and a target group of UDP, with health checks by TCP', () => {
    const routes = [ServiceRoute.udp({ port: 514, healthCheckPort: 8080 })];
    const template = createService({ port: 5514, protocol: ServiceProtocol.udp(), routes }).template();
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 514, Protocol: 'UDP' });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Protocol: 'UDP',
      HealthCheckProtocol: 'TCP',
      HealthCheckPort: '8080',
      TargetGroupAttributes: Match.arrayWith([{ Key: 'preserve_client_ip.enabled', Value: 'true' }]),
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Tasks',
      SecurityGroupIngress: [
        Match.objectLike({ IpProtocol: 'udp', FromPort: 5514, ToPort: 5514 }), Match.objectLike({ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080 }),
      ],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { IpProtocol: 'udp', FromPort: 514, ToPort: 514 });
  });
});

describe('ServiceRoute.tls', () => {
  test('ends TLS at the load balancer, with all of its certificates', () => {
    const stack = createStack();
    add(createCluster(stack), 'Broker', { ...TCP, routes: [ServiceRoute.tls({ port: 8883, certificates: certificates(stack, 3) })] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'TLS', Certificates: [{ CertificateArn: Match.stringLikeRegexp('/0$') }], SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerCertificate', {
      Certificates: [{ CertificateArn: Match.stringLikeRegexp('/1$') }, { CertificateArn: Match.stringLikeRegexp('/2$') }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { Protocol: 'TCP' });
  });

  test.each([0, 27])('fails when it has %d certificates', (count) => {
    expect(() => ServiceRoute.tls({ port: 8883, certificates: certificates(createStack(), count) })).toThrow(
      `'certificates' must be 1 to 26, got ${count}; the first is the default one, and one with a wildcard serves many names`);
  });
});

describe('ports of a Network Load Balancer', () => {
  test('of the internal and of the public one have nothing to do with each other', () => {
    const routes = [ServiceRoute.tcp({ port: 1883 }), ServiceRoute.tcp({ port: 1883, internetFacing: true })];
    const template = createService({ ...TCP, routes }).template();
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 2);
  });

  test('fails when two services claim one port, whatever the protocol', () => {
    const cluster = createCluster(createStack());
    add(cluster, 'Broker', { ...TCP, routes: [ServiceRoute.tcp({ port: 1883 })] });
    expect(() => add(cluster, 'Other', { protocol: ServiceProtocol.udp(), routes: [ServiceRoute.udp({ port: 1883 })] })).toThrow(
      "'routes' of Stack/Broker and Stack/Other both ask for port 1883 of one load balancer, and a port belongs to one service; "
      + "give one of them another 'port' (at Stack/Other)");
  });

  test('fails when one service claims a port twice', () => {
    expect(() => createService({ ...TCP, routes: [ServiceRoute.tcp({ port: 1883 }), ServiceRoute.tcp({ port: 1883 })] })).toThrow(
      "'routes' of Stack/Orders ask for port 1883 of one load balancer twice; a port has one listener: keep one of the routes (at Stack/Orders)");
  });

  test('fails when there are more listeners than a load balancer may have', () => {
    const cluster = createCluster(createStack());
    const routes = (first: number) => Array.from({ length: 5 }, (_, index) => ServiceRoute.tcp({ port: first + index }));
    for (let service = 0; service < 10; service++) add(cluster, `Service${service}`, { ...TCP, routes: routes(1000 + 5 * service) });
    expect(() => add(cluster, 'OneMore', { ...TCP, routes: routes(2000) })).toThrow(
      "'routes' of all services on one Network Load Balancer must be 50 together at most, and Stack/OneMore asks for one more; "
      + 'put it into another cluster, which has a load balancer of its own (at Stack/OneMore)');
  });

  test('fails when the security group of the load balancer would have too many rules', () => {
    const allowedSources = Array.from({ length: 61 }, (_, index) => ec2.Peer.ipv4(`10.${index}.0.0/16`));
    expect(() => createService({ ...TCP, routes: [ServiceRoute.tcp({ port: 1883, allowedSources: allowedSources.slice(1) })] })).not.toThrow();
    expect(() => createService({ ...TCP, routes: [ServiceRoute.tcp({ port: 1883, allowedSources })] })).toThrow(
      "'allowedSources' of all services on one Network Load Balancer must be 60 together at most, and Stack/Orders would make them 61; "
      + 'use wider address ranges or a prefix list (at Stack/Orders)');
  });

  test('fails when nobody is named and the address range of the network is not known', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)) });
    expect(() => add(cluster, 'Broker', { ...TCP, routes: [ServiceRoute.tcp({ port: 1883 })] })).toThrow(
      "'allowedSources' of a route must be given where the address range of the network is not known; add it, or 'vpcCidrBlock' where the VPC is imported "
      + '(at Stack/Platform/InternalNetworkIngress/Port1883)');
  });

  test('fails when a service has more target groups than ECS takes', () => {
    const routes = Array.from({ length: 5 }, (_, index) => ServiceRoute.tcp({ port: 1000 + index }));
    expect(() => createService({ routes })).not.toThrow();
    expect(() => createService({ routes: [...routes, ServiceRoute.internetFacing()] })).toThrow(
      "'routes' of one service must come to 5 target groups at most, one for each Application Load Balancer and one for each route by TCP, UDP or TLS, got 6; "
      + 'make two services of it (at Stack/Orders)');
  });

  test('fails when route and protocol do not fit', () => {
    expect(() => createService({ ...TCP, routes: [ServiceRoute.udp({ port: 514 })] })).toThrow(
      "'protocol' must be ServiceProtocol.udp() for a UDP route, got TCP; change one of the two (at Stack/Orders)");
    expect(() => createService({ protocol: ServiceProtocol.udp(), routes: [ServiceRoute.tcp({ port: 514 })] })).toThrow(
      "'protocol' must be ServiceProtocol.tcp() or one of HTTP for a TCP route, got UDP; change one of the two (at Stack/Orders)");
  });

  test.each([0, 65536, 1.5])('fails when the port is %d', (port) => {
    expect(() => ServiceRoute.tcp({ port })).toThrow(/^'port' must be (between|a whole number between) 1 and 65535, got .*; give the port that clients connect to$/);
    expect(() => ServiceRoute.udp({ port: 514, healthCheckPort: port })).toThrow(
      /^'healthCheckPort' must be .*; give a port on which the application listens by TCP$/);
  });

  test('fails when the port is known only at deployment', () => {
    expect(() => ServiceRoute.tcp({ port: Lazy.number({ produce: () => 1 }) })).toThrow(
      "'port' of a route must be known at synthesis, because it decides which service has it; give a number");
  });

  test('fails when nobody may connect', () => {
    expect(() => ServiceRoute.tcp({ port: 1, allowedSources: [] })).toThrow(
      "'allowedSources' must have one peer at least, got none; omit it to let in everybody whom the load balancer is for");
  });

  test('fails when a public one is asked for in a network without public subnets', () => {
    const stack = createStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-a'] });
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(vpc) });
    expect(() => add(cluster, 'Broker', { ...TCP, routes: [ServiceRoute.tcp({ port: 1883, internetFacing: true })] })).toThrow(
      "'network' has no public subnets, so a load balancer in it cannot be reached from the internet; "
      + 'give a VPC with public subnets in two zones, or leave out the internet-facing routes (at Stack/Platform/PublicNetworkIngress)');
  });
});
