import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import { CfnParameter, Duration, Stack } from 'aws-cdk-lib/core';
import {
  EcsBatchPipeline, EcsMicroservice, EcsMicroserviceProps, EcsQueueWorker, ServiceConnectOptions, ServiceDiscovery, ServiceProtocol, ServiceRoute,
} from '../../src';
import { createCluster, createService, createStack, IMAGE } from '../util/fixtures';

const AUTHORITY = 'arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/1';

/** The configuration of Service Connect of a service that is called by name. */
function configured(options: ServiceConnectOptions, props: Partial<EcsMicroserviceProps> = {}) {
  const { template } = createService({ discovery: ServiceDiscovery.serviceConnect(options), ...props });
  return Object.values(template().findResources('AWS::ECS::Service'))[0].Properties.ServiceConnectConfiguration;
}

function createDomain(stack: Stack) {
  return new servicediscovery.PrivateDnsNamespace(stack, 'Domain', { vpc: (stack.node.findChild('Platform') as any).vpc, name: 'shop.internal' });
}

/** A cluster with a service by the name of Orders, and somebody who calls it. */
function createOrders(props: (stack: Stack) => Partial<EcsMicroserviceProps>) {
  const stack = createStack();
  const cluster = createCluster(stack);
  const orders = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, ...props(stack) });
  return { stack, cluster, orders };
}

function environmentOf(template: Template, type: string, name: string): unknown {
  const definitions = Object.values(template.findResources(type))
    .flatMap(({ Properties }) => Properties.ContainerDefinitions ?? [Properties.ContainerProperties]);
  return definitions.flatMap(({ Environment = [] }) => Environment).find((variable: { Name: string }) => variable.Name === name)?.Value;
}

describe('ServiceDiscovery.serviceConnect', () => {
  test('has a name, time-outs and access logs without queries', () => {
    const { Services, AccessLogConfiguration } = configured({
      name: 'api', idleTimeout: Duration.minutes(10), requestTimeout: Duration.minutes(2), accessLogs: ecs.ServiceConnectAccessLogFormat.JSON,
    });
    expect(Services).toEqual([{
      PortName: 'app',
      DiscoveryName: 'api',
      ClientAliases: [{ DnsName: 'api', Port: 8080 }],
      Timeout: { IdleTimeoutSeconds: 600, PerRequestTimeoutSeconds: 120 },
    }]);
    expect(AccessLogConfiguration).toEqual({ Format: 'JSON', IncludeQueryParameters: 'DISABLED' });
  });

  test('writes queries where it is asked to, and no access logs by default', () => {
    expect(configured({ accessLogs: ecs.ServiceConnectAccessLogFormat.TEXT, logQueries: true }).AccessLogConfiguration)
      .toEqual({ Format: 'TEXT', IncludeQueryParameters: 'ENABLED' });
    expect(configured({}).AccessLogConfiguration).toBeUndefined();
  });

  test('lets streams last, and connections of TCP be idle', () => {
    expect(configured({ requestTimeout: Duration.seconds(0) }).Services[0].Timeout).toEqual({ PerRequestTimeoutSeconds: 0 });
    const [broker] = configured({ idleTimeout: Duration.hours(2) }, { protocol: ServiceProtocol.tcp() }).Services;
    expect(broker.Timeout).toEqual({ IdleTimeoutSeconds: 7200 });
    expect(configured({}, { protocol: ServiceProtocol.tcp() }).Services[0].Timeout).toBeUndefined();
  });

  test('takes tokens', () => {
    const { stack, cluster } = createService();
    const seconds = Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);
    new EcsMicroservice(stack, 'Other', { cluster, image: IMAGE, discovery: ServiceDiscovery.serviceConnect({ idleTimeout: seconds, requestTimeout: seconds }) });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
      ServiceConnectConfiguration: { Services: [Match.objectLike({ Timeout: { IdleTimeoutSeconds: { Ref: 'Seconds' }, PerRequestTimeoutSeconds: { Ref: 'Seconds' } } })] },
    });
  });

  test('encrypts between proxies by a role for this authority, and for secrets of ECS alone', () => {
    const { stack, template } = (() => {
      const created = createStack();
      const certificateAuthority = acmpca.CertificateAuthority.fromCertificateAuthorityArn(created, 'Authority', AUTHORITY);
      const key = new kms.Key(created, 'Key');
      new EcsMicroservice(created, 'Orders', {
        cluster: createCluster(created), image: IMAGE, discovery: ServiceDiscovery.serviceConnect({ tls: { certificateAuthority, key } }),
      });
      return { stack: created, template: Template.fromStack(created) };
    })();
    const [roleId] = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => id.startsWith('OrdersTlsRole'));
    template.hasResourceProperties('AWS::ECS::Service', {
      ServiceConnectConfiguration: {
        Services: [Match.objectLike({
          Tls: {
            IssuerCertificateAuthority: { AwsPcaAuthorityArn: AUTHORITY },
            KmsKey: stack.resolve((stack.node.findChild('Key') as kms.Key).keyArn),
            RoleArn: { 'Fn::GetAtt': [roleId, 'Arn'] },
          },
        })],
      },
    });
    const policies = JSON.stringify([template.findResources('AWS::IAM::Role')[roleId], template.findResources('AWS::IAM::Policy')]);
    expect(policies).toContain(AUTHORITY);
    expect(policies).toContain('secret:ecs-sc!*');
    expect(policies).toContain('kms:GenerateDataKeyPair');
    expect(policies).not.toContain('"Resource":"*"');
    expect(template.findResources('AWS::IAM::Role')[roleId].Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' } },
    ]);
  });

  test('fails when time-outs contradict each other', () => {
    expect(() => configured({ requestTimeout: Duration.seconds(10) })).toThrow(new Error(
      "'requestTimeout' of 'discovery' must be 'maxRequestTime' or more, or 0, got 'maxRequestTime' 30 s, 'requestTimeout' 10 s: the proxy would cut requests off; "
      + "shorten 'maxRequestTime', or omit 'requestTimeout' (at Stack/Orders)"));
    expect(() => configured({ requestTimeout: Duration.minutes(10) })).toThrow(new Error(
      "'idleTimeout' of 'discovery' must be 'requestTimeout' or more, or 0, got 'requestTimeout' 600 s, 'idleTimeout' 300 s: the proxy would cut off requests that wait; "
      + "give a longer 'idleTimeout' (at Stack/Orders)"));
    expect(() => configured({ requestTimeout: Duration.minutes(1) }, { protocol: ServiceProtocol.tcp() })).toThrow(new Error(
      "'requestTimeout' of 'discovery' goes with HTTP, got a service that speaks TCP, where nothing tells requests apart; omit it (at Stack/Orders)"));
  });

  test('fails when an option is out of bounds', () => {
    expect(() => ServiceDiscovery.serviceConnect({ idleTimeout: Duration.millis(1500) })).toThrow(
      "'idleTimeout' must be a whole number of seconds, got 1.5; give whole seconds, 0 for no limit");
    expect(() => ServiceDiscovery.serviceConnect({ logQueries: true })).toThrow("'logQueries' goes with 'accessLogs', got only true; give both or none");
  });
});

describe('ServiceDiscovery.dns', () => {
  test('has A records that follow the tasks, and no proxy', () => {
    const { stack } = createOrders((scope) => ({ discovery: ServiceDiscovery.dns({ namespace: createDomain(scope) }) }));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ServiceDiscovery::Service', { Name: 'orders', DnsConfig: { DnsRecords: [{ TTL: 10, Type: 'A' }], RoutingPolicy: 'MULTIVALUE' } });
    template.hasResourceProperties('AWS::ECS::Service', {
      ServiceRegistries: [{ RegistryArn: Match.anyValue() }], ServiceConnectConfiguration: Match.absent(),
    });
  });

  test('is where services find it, without a proxy of their own', () => {
    const { stack, cluster, orders } = createOrders((scope) => ({ discovery: ServiceDiscovery.dns({ namespace: createDomain(scope), name: 'api' }) }));
    new EcsMicroservice(stack, 'Storefront', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/'] })] }).connectTo(orders);
    const template = Template.fromStack(stack);
    expect(orders.endpoint).toBe('http://api.shop.internal:8080');
    expect(environmentOf(template, 'AWS::ECS::TaskDefinition', 'API_URL')).toBe('http://api.shop.internal:8080');
    template.allResourcesProperties('AWS::ECS::Service', { ServiceConnectConfiguration: Match.absent() });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });

  test('takes services that speak UDP, which are opened by UDP', () => {
    const { stack, cluster, orders } = createOrders((scope) => ({
      protocol: ServiceProtocol.udp(), port: 5514, discovery: ServiceDiscovery.dns({ namespace: createDomain(scope) }),
    }));
    new EcsMicroservice(stack, 'Sender', { cluster, image: IMAGE }).connectTo(orders);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { IpProtocol: 'udp', FromPort: 5514, ToPort: 5514 });
  });

  test('fails when the namespace is none of DNS, or the time is too long', () => {
    const stack = createStack();
    const namespace = new servicediscovery.HttpNamespace(stack, 'Http', { name: 'shop' });
    expect(() => ServiceDiscovery.dns({ namespace })).toThrow("'namespace' must be a private domain, got one of type \"HTTP\"; "
      + "make a servicediscovery.PrivateDnsNamespace in the cluster's VPC");
    const domain = servicediscovery.PrivateDnsNamespace.fromPrivateDnsNamespaceAttributes(stack, 'Dns', { namespaceName: 'a.b', namespaceId: 'ns-1', namespaceArn: 'arn' });
    expect(() => ServiceDiscovery.dns({ namespace: domain, timeToLive: Duration.days(1) })).toThrow(
      "'timeToLive' must be between 1 and 3600 seconds, got 86400 seconds; addresses of tasks change with each deployment");
  });
});

describe('calls of workers and jobs', () => {
  test('a worker is a client of Service Connect, and starts after the service', () => {
    const { stack, cluster, orders } = createOrders(() => ({}));
    new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE }).connectTo(orders);
    const template = Template.fromStack(stack);
    const mailer = Object.entries(template.findResources('AWS::ECS::Service')).find(([id]) => id.startsWith('Mailer'))![1];
    expect(mailer.Properties.ServiceConnectConfiguration).toMatchObject({ Enabled: true });
    expect(mailer.Properties.ServiceConnectConfiguration.Services).toBeUndefined();
    expect(mailer.DependsOn.some((id: string) => id.startsWith('OrdersService'))).toBe(true);
    expect(environmentOf(template, 'AWS::ECS::TaskDefinition', 'ORDERS_URL')).toBe('http://orders:8080');
  });

  test('jobs go through the internal load balancer, whose security group is opened once for the pipeline', () => {
    const { stack, cluster, orders } = createOrders(() => ({ routes: [ServiceRoute.insideVpc({ paths: ['/orders/*'] })] }));
    const other = new EcsMicroservice(stack, 'Users', { cluster, image: IMAGE, routes: [ServiceRoute.insideVpc({ paths: ['/users/*'] })] });
    const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster });
    const job = pipeline.addJob('Export', { image: IMAGE, environment: { USERS_URL: 'http://elsewhere' } });
    job.connectTo(orders);
    job.connectTo(other);
    pipeline.addJob('Load', { image: IMAGE }).connectTo(orders);
    const template = Template.fromStack(stack);
    const url = stack.resolve(cluster.internalIngress().url);
    expect(environmentOf(template, 'AWS::Batch::JobDefinition', 'ORDERS_URL')).toEqual(url);
    expect(environmentOf(template, 'AWS::Batch::JobDefinition', 'USERS_URL')).toBe('http://elsewhere');
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { FromPort: 80, ToPort: 80, IpProtocol: 'tcp' }, 1);
  });

  test('jobs find services in DNS, and by an internal Network Load Balancer', () => {
    const { stack, cluster, orders } = createOrders((scope) => ({ discovery: ServiceDiscovery.dns({ namespace: createDomain(scope) }) }));
    const broker = new EcsMicroservice(stack, 'Broker', {
      cluster, image: IMAGE, port: 1883, protocol: ServiceProtocol.tcp(), routes: [ServiceRoute.tcp({ port: 1884 })],
    });
    const job = new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Export', { image: IMAGE });
    job.connectTo(orders);
    job.connectTo(broker);
    const template = Template.fromStack(stack);
    expect(environmentOf(template, 'AWS::Batch::JobDefinition', 'ORDERS_URL')).toBe('http://orders.shop.internal:8080');
    expect(JSON.stringify(environmentOf(template, 'AWS::Batch::JobDefinition', 'BROKER_URL'))).toMatch(/"tcp:\/\/",.*":1884"/);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 8080, IpProtocol: 'tcp' });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 1884, IpProtocol: 'tcp' });
  });

  test('jobs call services of other apps by their URL or domain', () => {
    const stack = createStack();
    const cluster = createCluster(stack);
    const job = new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Export', { image: IMAGE });
    const attributes = { cluster, serviceName: 'users-1', discoveryName: 'users', securityGroupId: 'sg-users' };
    job.connectTo(EcsMicroservice.fromAttributes(stack, 'Users', { ...attributes, discoveryDomain: 'shop.internal' }));
    job.connectTo(EcsMicroservice.fromAttributes(stack, 'Carts', { ...attributes, discoveryName: 'carts', internalUrl: 'https://internal.example.com' }));
    const template = Template.fromStack(stack);
    expect(environmentOf(template, 'AWS::Batch::JobDefinition', 'USERS_URL')).toBe('http://users.shop.internal:8080');
    expect(environmentOf(template, 'AWS::Batch::JobDefinition', 'CARTS_URL')).toBe('https://internal.example.com');
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-users' }, 1);
  });

  test('fails when a service is known in Service Connect alone', () => {
    const { stack, cluster, orders } = createOrders(() => ({ routes: [ServiceRoute.internetFacing({ paths: ['/orders'] })] }));
    const job = new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Export', { image: IMAGE });
    expect(() => job.connectTo(orders)).toThrow(new Error("'connectTo' cannot reach Stack/Orders: Service Connect serves services and queue workers only; "
      + 'give that service a route inside the network, ServiceRoute.insideVpc, or a name in DNS, discovery: ServiceDiscovery.dns (at Stack/Etl/Jobs/Export)'));
  });
});
