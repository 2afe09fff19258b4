import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { ClusterIngress, EcsMicroservice, EcsMicroserviceProps, RouteAuthentication, ServiceProtocol, ServiceRoute } from '../../src';
import { createCluster, createStack, IMAGE } from '../util/fixtures';

const ROUTES = [ServiceRoute.internetFacing({ paths: ['/orders/*'] })];

function createBehindHttps(props: Partial<EcsMicroserviceProps>): { stack: Stack; service: EcsMicroservice; template: Template } {
  const stack = createStack();
  const certificates = [acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/a')];
  const cluster = createCluster(stack, { ingress: ClusterIngress.publicAlb({ certificates }) });
  const service = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: ROUTES, ...props });
  return { stack, service, template: Template.fromStack(stack) };
}

function portMapping(properties: object): object {
  return { ContainerDefinitions: [Match.objectLike({ PortMappings: [properties] })] };
}

describe('ServiceProtocol', () => {
  test('is HTTP/1.1 by default, of which the target group says nothing', () => {
    const { template } = createBehindHttps({});
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Protocol: 'HTTP',
      ProtocolVersion: Match.absent(),
      Matcher: Match.absent(),
      HealthCheckPath: '/',
      TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', portMapping({ ContainerPort: 8080, Name: 'app', AppProtocol: 'http', Protocol: 'tcp' }));
  });

  test('http1 takes success codes and sticky sessions', () => {
    const { template } = createBehindHttps({ protocol: ServiceProtocol.http1({ successCodes: '200-204,301', stickyFor: Duration.hours(1) }) });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Matcher: { HttpCode: '200-204,301' },
      TargetGroupAttributes: Match.arrayWith([
        { Key: 'stickiness.enabled', Value: 'true' },
        { Key: 'stickiness.type', Value: 'lb_cookie' },
        { Key: 'stickiness.lb_cookie.duration_seconds', Value: '3600' },
      ]),
    });
  });

  test('http2 is the version of the target group and the protocol of Service Connect', () => {
    const { service, template } = createBehindHttps({ protocol: ServiceProtocol.http2() });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { ProtocolVersion: 'HTTP2', HealthCheckPath: '/', Matcher: Match.absent() });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', portMapping(Match.objectLike({ AppProtocol: 'http2' })));
    expect(service.endpoint).toBe('http://orders:8080');
  });

  test('grpc asks for a method that no server has, unless a path is given', () => {
    const { service, template } = createBehindHttps({ protocol: ServiceProtocol.grpc() });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Protocol: 'HTTP', ProtocolVersion: 'GRPC', HealthCheckPath: '/AWS.ALB/healthcheck', Matcher: { GrpcCode: '12' },
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', portMapping(Match.objectLike({ AppProtocol: 'grpc' })));
    expect(service.endpoint).toBe('grpc://orders:8080');
    createBehindHttps({ protocol: ServiceProtocol.grpc(), healthCheck: { path: '/grpc.health.v1.Health/Check' } }).template
      .hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { HealthCheckPath: '/grpc.health.v1.Health/Check', Matcher: { GrpcCode: '0' } });
    createBehindHttps({ protocol: ServiceProtocol.grpc({ successCodes: '0-99' }) }).template
      .hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { Matcher: { GrpcCode: '0-99' } });
  });

  test('webSocket lengthens the idle time-out of the load balancer, and never shortens it', () => {
    const expectIdle = (protocol: ServiceProtocol, value: string) => createBehindHttps({ protocol }).template
      .hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
        LoadBalancerAttributes: Match.arrayWith([{ Key: 'idle_timeout.timeout_seconds', Value: value }]),
      });
    expectIdle(ServiceProtocol.webSocket(), '300');
    expectIdle(ServiceProtocol.webSocket({ idleTimeout: Duration.minutes(10) }), '600');
    expectIdle(ServiceProtocol.webSocket({ idleTimeout: Duration.seconds(5) }), '60');
  });

  test.each([
    ['http1', ServiceProtocol.http1(), { PerRequestTimeoutSeconds: 30 }],
    ['webSocket', ServiceProtocol.webSocket({ idleTimeout: Duration.minutes(10) }), { IdleTimeoutSeconds: 600, PerRequestTimeoutSeconds: 0 }],
    ['tcp', ServiceProtocol.tcp(), Match.absent()],
  ])('%s has its time-outs in Service Connect, too', (_name, protocol, timeout) => {
    createBehindHttps({ protocol, routes: [] }).template.hasResourceProperties('AWS::ECS::Service', {
      ServiceConnectConfiguration: { Services: [Match.objectLike({ PortName: 'app', Timeout: timeout })] },
    });
  });

  test('tcp leaves the port without a protocol of HTTP', () => {
    const { service, template } = createBehindHttps({ protocol: ServiceProtocol.tcp(), routes: [] });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', portMapping({ ContainerPort: 8080, Name: 'app', Protocol: 'tcp', AppProtocol: Match.absent() }));
    expect(service.endpoint).toBe('tcp://orders:8080');
  });

  test('udp maps the port by UDP and takes no part in Service Connect', () => {
    const { template } = createBehindHttps({ protocol: ServiceProtocol.udp(), routes: [] });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', portMapping({ ContainerPort: 8080, Name: 'app', Protocol: 'udp', AppProtocol: Match.absent() }));
    template.hasResourceProperties('AWS::ECS::Service', { ServiceConnectConfiguration: Match.absent() });
  });

  test('takes tokens', () => {
    const stack = new Stack();
    const codes = new CfnParameter(stack, 'Codes').valueAsString;
    const time = Duration.seconds(Lazy.number({ produce: () => 60 }));
    createBehindHttps({ protocol: ServiceProtocol.webSocket({ stickyFor: time, idleTimeout: time }) }).template
      .hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
        TargetGroupAttributes: Match.arrayWith([{ Key: 'stickiness.lb_cookie.duration_seconds', Value: '60' }]),
      });
    expect(() => ServiceProtocol.http1({ successCodes: codes })).not.toThrow();
  });

  test.each([[ServiceProtocol.http2(), 'HTTP/2'], [ServiceProtocol.grpc(), 'gRPC']])('fails when the load balancer has no HTTPS', (protocol, name) => {
    const stack = createStack();
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack), image: IMAGE, protocol, routes: ROUTES })).toThrow(
      `'protocol' ${name} needs a load balancer with HTTPS, and this one speaks HTTP; give the ingress of the cluster a 'domainName' with its 'hostedZone', `
      + "or 'certificates' (at Stack/Orders)");
  });

  test('fails when an existing load balancer would cut idle connections earlier', () => {
    const stack = createStack();
    const ingress = ClusterIngress.existing({
      listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/company/0123456789abcdef/fedcba9876543210',
      securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'AlbSecurityGroup', 'sg-alb'),
      url: 'https://api.example.com',
    });
    const cluster = createCluster(stack, { ingress });
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, protocol: ServiceProtocol.webSocket(), routes: ROUTES })).toThrow(
      "'protocol.idleTimeout' must be within the load balancer's idle time-out of 60 seconds, got 300 seconds; shorten it, or lengthen the load balancer's "
      + "and say so in 'idleTimeout' of ClusterIngress.existing (at Stack/Platform/PublicIngress)");
  });

  test('fails when users would have to sign in before what is no HTTP/1.1', () => {
    const authentication = RouteAuthentication.jwt({ issuer: 'https://id.example.com', jwksEndpoint: 'https://id.example.com/keys' });
    const routes = [ServiceRoute.internetFacing({ paths: ['/orders/*'], authentication })];
    expect(() => createBehindHttps({ routes })).not.toThrow();
    expect(() => createBehindHttps({ protocol: ServiceProtocol.grpc(), routes })).toThrow(
      "'authentication' of a route cannot stand before a service that speaks gRPC, to which a load balancer only forwards; "
      + 'let the application check a token, or speak HTTP/1.1 (at Stack/Orders)');
  });

  test('has another target group, with another version', () => {
    const group = (protocol?: ServiceProtocol) => Object.keys(createBehindHttps({ protocol }).template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    expect(group(ServiceProtocol.http2())).not.toEqual(group());
    expect(group(ServiceProtocol.webSocket())).toEqual(group());
  });

  test.each([[ServiceProtocol.tcp(), 'TCP', 'tcp'], [ServiceProtocol.udp(), 'UDP', 'udp']])(
    'fails when what is not HTTP asks for an Application Load Balancer', (protocol, name, route) => {
      expect(() => createBehindHttps({ protocol })).toThrow(
        `'protocol' must be one of HTTP for a route through an Application Load Balancer, got ${name}; give ServiceRoute.${route} as the route, `
        + 'or another protocol (at Stack/Orders)');
    });

  test('fails when another service connects to one that speaks UDP', () => {
    const stack = createStack();
    const cluster = createCluster(stack);
    const syslog = new EcsMicroservice(stack, 'Syslog', { cluster, image: IMAGE, protocol: ServiceProtocol.udp() });
    const web = new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE });
    expect(() => web.connectTo(syslog)).toThrow(
      "'connectTo' cannot reach a service that speaks UDP, which Service Connect does not know; give it a route, ServiceRoute.udp, "
      + 'or a name in DNS: discovery: ServiceDiscovery.dns (at Stack/Syslog)');
  });

  test.each(['', 'ok', '199', '500', '200,', '204-200', '200-201-202', '200 201'])('fails when the success codes are %j', (successCodes) => {
    expect(() => ServiceProtocol.http1({ successCodes })).toThrow(
      `'successCodes' must be codes or ranges between 200 and 499 with commas between them, got "${successCodes}"; write '200-299'`);
  });

  test('fails when numbers are out of range', () => {
    expect(() => ServiceProtocol.grpc({ successCodes: '100' })).toThrow(
      '\'successCodes\' must be codes or ranges between 0 and 99 with commas between them, got "100"; write \'0,12\'');
    expect(() => ServiceProtocol.http1({ stickyFor: Duration.days(8) })).toThrow(
      "'stickyFor' must be between 1 and 604800 seconds, got 691200 seconds; omit it to share the requests evenly");
    expect(() => ServiceProtocol.http2({ stickyFor: Duration.seconds(0) })).toThrow("'stickyFor' must be between 1 and 604800 seconds, got 0 seconds");
    expect(() => ServiceProtocol.webSocket({ idleTimeout: Duration.seconds(4001) })).toThrow(
      "'idleTimeout' must be between 1 and 4000 seconds, got 4001 seconds; let one side send a ping more often than the time that you give");
    expect(() => ServiceProtocol.webSocket({ idleTimeout: Duration.seconds(4000) })).not.toThrow();
  });
});
