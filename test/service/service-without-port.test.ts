import { Match, Template } from 'aws-cdk-lib/assertions';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import { EcsBatchPipeline, EcsMicroservice, EcsMicroserviceProps, ServiceDiscovery, ServiceProtocol, ServiceRoute } from '../../src';
import { createCluster, createService, createStack, IMAGE } from '../util/fixtures';

const NONE = { protocol: ServiceProtocol.noPort() };

describe('a service with ServiceProtocol.noPort()', () => {
  test('has no port, lets nobody in, is known to nobody, and is not asked for its health by a load balancer', () => {
    const template = createService(NONE).template();
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ PortMappings: Match.absent(), Environment: Match.absent() })],
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      ServiceConnectConfiguration: Match.absent(),
      LoadBalancers: Match.absent(),
      HealthCheckGracePeriodSeconds: Match.absent(),
      ServiceRegistries: Match.absent(),
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Tasks', SecurityGroupIngress: Match.absent() });
  });

  test('calls others, and stops within the time that a piece of work takes', () => {
    const stack = createStack();
    const cluster = createCluster(stack);
    const orders = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    const consumer = new EcsMicroservice(stack, 'Consumer', { cluster, image: IMAGE, ...NONE });
    consumer.connectTo(orders);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ PortMappings: Match.absent(), Environment: [{ Name: 'ORDERS_URL', Value: 'http://orders:8080' }] })],
    });
    template.hasResourceProperties('AWS::ECS::Service', { ServiceConnectConfiguration: Match.objectLike({ Enabled: true, Services: Match.absent() }) });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 8080, ToPort: 8080 });
  });

  test('may use the variable PORT for what it likes', () => {
    createService({ ...NONE, environment: { PORT: '25' } }).template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ Environment: [{ Name: 'PORT', Value: '25' }] })],
    });
  });

  test.each<[string, Partial<EcsMicroserviceProps>]>([
    ['port', { port: 8080 }],
    ['routes', { routes: [ServiceRoute.insideVpc()] }],
    ['healthCheck', { healthCheck: {} }],
    ['discovery', { discovery: ServiceDiscovery.serviceConnect() }],
  ])('fails when %s is given', (prop, props) => {
    expect(() => createService({ ...NONE, ...props })).toThrow(new Error(`'${prop}' must not be given for a service with ServiceProtocol.noPort(), `
      + 'which listens on no port; omit it, or choose what the service speaks (at Stack/Orders)'));
  });

  test('fails when it is called, by whatever way, or asked for its address', () => {
    const { stack, cluster, service } = createService({ ...NONE, routes: [] });
    const message = (asked: string) => new Error(
      `'${asked}' goes with a service that listens, got one with ServiceProtocol.noPort(); choose what it speaks by 'protocol' (at Stack/Orders)`);
    const job = new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Load', { image: IMAGE });
    expect(() => new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE }).connectTo(service)).toThrow(message('connectTo'));
    expect(() => job.connectTo(service)).toThrow(message('connectTo'));
    expect(() => service.port).toThrow(message('port'));
    expect(() => service.endpoint).toThrow(message('endpoint'));
  });

  test('is no way to be found in DNS', () => {
    const stack = createStack();
    const cluster = createCluster(stack);
    const namespace = new servicediscovery.PrivateDnsNamespace(stack, 'Domain', { vpc: cluster.vpc, name: 'shop.internal' });
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, ...NONE, discovery: ServiceDiscovery.dns({ namespace }) }))
      .toThrow(/^'discovery' must not be given/);
  });
});
