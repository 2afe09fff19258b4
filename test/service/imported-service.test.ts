import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, CfnParameter, Stack } from 'aws-cdk-lib/core';
import { ClusterProfile, EcsMicroservice, EcsMicroserviceAttributes, FargateCluster, ServiceProtocol } from '../../src';
import { createCluster, createStack, ENV, IMAGE } from '../util/fixtures';

function users(stack: Stack, cluster: FargateCluster, attributes: Partial<EcsMicroserviceAttributes> = {}) {
  return EcsMicroservice.fromAttributes(stack, 'Users', { cluster, serviceName: 'users-1', discoveryName: 'users', securityGroupId: 'sg-users', ...attributes });
}

function callUsers(attributes: Partial<EcsMicroserviceAttributes> = {}) {
  const stack = createStack();
  const cluster = createCluster(stack);
  const orders = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
  orders.connectTo(users(stack, cluster, attributes));
  return Template.fromStack(stack);
}

describe('EcsMicroservice.fromAttributes', () => {
  test('is called by its name: variable, rule of the security group, client of Service Connect', () => {
    const template = callUsers();
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ Environment: Match.arrayWith([{ Name: 'USERS_URL', Value: 'http://users:8080' }]) })],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-users', FromPort: 8080, ToPort: 8080, IpProtocol: 'tcp', SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Orders'), 'GroupId'] },
    });
    template.hasResourceProperties('AWS::ECS::Service', { ServiceConnectConfiguration: { Enabled: true } });
    template.resourceCountIs('AWS::ECS::Service', 1);
  });

  test('has the port and the protocol that it is told', () => {
    const template = callUsers({ port: 50051, protocol: ServiceProtocol.grpc() });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-users', FromPort: 50051 });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ Environment: Match.arrayWith([{ Name: 'USERS_URL', Value: 'grpc://users:50051' }]) })],
    });
  });

  test('is connected once, however often one asks, and is nothing to wait for', () => {
    const app = new App({ analyticsReporting: false });
    const platform = new Stack(app, 'Platform', { env: ENV });
    const cluster = new FargateCluster(platform, 'Cluster');
    const product = new Stack(app, 'Product', { env: ENV });
    const orders = new EcsMicroservice(product, 'Orders', { cluster, image: IMAGE });
    const called = users(product, cluster);
    orders.connectTo(called);
    orders.connectTo(called);
    const template = Template.fromStack(product);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    expect(JSON.stringify(Object.values(template.findResources('AWS::ECS::Service'))[0].DependsOn ?? [])).not.toContain('Users');
  });

  test('is measured', () => {
    const stack = createStack();
    const cluster = createCluster(stack);
    const service = users(stack, cluster, { loadBalancerFullName: 'app/shared/1', targetGroupFullName: 'targetgroup/users/2' });
    service.metrics.cpuUtilization().createAlarm(stack, 'Busy', { threshold: 90, evaluationPeriods: 1 });
    service.metrics.requestCount().createAlarm(stack, 'Many', { threshold: 90, evaluationPeriods: 1 });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'CPUUtilization', Dimensions: Match.arrayWith([{ Name: 'ServiceName', Value: 'users-1' }]),
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'RequestCount', Dimensions: [{ Name: 'LoadBalancer', Value: 'app/shared/1' }, { Name: 'TargetGroup', Value: 'targetgroup/users/2' }],
    });
  });

  test('takes tokens', () => {
    const stack = createStack();
    const cluster = createCluster(stack);
    const text = (id: string) => new CfnParameter(stack, id).valueAsString;
    const orders = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    orders.connectTo(users(stack, cluster, {
      serviceName: text('A'), discoveryName: text('B'), securityGroupId: text('C'), port: new CfnParameter(stack, 'D', { type: 'Number' }).valueAsNumber,
    }));
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: { Ref: 'C' }, FromPort: { Ref: 'D' } });
  });

  test('fails when it is called and speaks UDP', () => {
    expect(() => callUsers({ protocol: ServiceProtocol.udp() })).toThrow(new Error(
      "'connectTo' cannot reach a service that speaks UDP, which Service Connect does not know; give it a route, ServiceRoute.udp, "
      + 'or a name in DNS: discovery: ServiceDiscovery.dns (at Stack/Users)'));
  });

  test('fails when an attribute is wrong', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { profile: ClusterProfile.DEVELOPMENT });
    const attempt = (attributes: Partial<EcsMicroserviceAttributes>, id: string) => () =>
      EcsMicroservice.fromAttributes(stack, id, { cluster, serviceName: 'users-1', discoveryName: id.toLowerCase(), securityGroupId: 'sg-users', ...attributes });
    expect(attempt({ port: 0 }, 'A')).toThrow(new Error("'port' must be between 1 and 65535, got 0; give the port that the application listens on (at Stack/A)"));
    expect(attempt({ discoveryName: 'Users' }, 'B')).toThrow("'discoveryName' must be a DNS label");
    expect(attempt({ targetGroupFullName: 'targetgroup/users/2' }, 'C')).toThrow(new Error("'targetGroupFullName' goes with 'loadBalancerFullName', got only the former; "
      + 'give both, or none where nobody asks for metrics of requests (at Stack/C)'));
    attempt({ discoveryName: 'users' }, 'D')();
    expect(attempt({ discoveryName: 'users' }, 'E')).toThrow(new Error("'discoveryName' must be unique in a cluster, got \"users\", which Stack/D has; "
      + 'give one of them another: discovery: ServiceDiscovery.serviceConnect({ name }) (at Stack/E)'));
  });
});
