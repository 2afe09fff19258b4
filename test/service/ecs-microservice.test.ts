import { Match, Template } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { App, CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import {
  ClusterProfile, EcsBatchPipeline, EcsMicroservice, FargateCluster, ServiceCapacity, ServiceDeployment, ServiceDiscovery, ServiceRoute,
  ServiceScaling, TaskSize,
} from '../../src';
import { createCluster, createService, createStack, ENV, IMAGE } from '../util/fixtures';

const ROUTES = [ServiceRoute.internetFacing({ paths: ['/orders'] })];

describe('EcsMicroservice', () => {
  describe('container', () => {
    test('keeps a time for idle connections that the user has set', () => {
      const { template } = createService({ environment: { KEEP_ALIVE_TIMEOUT: '75' } });
      template().hasResourceProperties('AWS::ECS::TaskDefinition', {
        ContainerDefinitions: [Match.objectLike({ Environment: [{ Name: 'KEEP_ALIVE_TIMEOUT', Value: '75' }, { Name: 'PORT', Value: '8080' }] })],
      });
    });

    test('is hardened: read-only root with /tmp writable, init process, non-blocking log', () => {
      const { template } = createService();
      template().hasResourceProperties('AWS::ECS::TaskDefinition', {
        Cpu: '256',
        Memory: '512',
        NetworkMode: 'awsvpc',
        RequiresCompatibilities: ['FARGATE'],
        ContainerDefinitions: [{
          Environment: [{ Name: 'KEEP_ALIVE_TIMEOUT', Value: '4005' }, { Name: 'PORT', Value: '8080' }],
          Essential: true,
          PortMappings: [{ ContainerPort: 8080, Name: 'app', AppProtocol: 'http', Protocol: 'tcp' }],
          ReadonlyRootFilesystem: true,
          LinuxParameters: { InitProcessEnabled: true, Tmpfs: [{ ContainerPath: '/tmp', Size: 64 }] },
          StopTimeout: 30,
          LogConfiguration: { LogDriver: 'awslogs', Options: { 'mode': 'non-blocking', 'max-buffer-size': '26214400b' } },
          Privileged: Match.absent(),
        }],
      });
    });

    test('takes port, size, environment, command, user and writable paths', () => {
      const { template } = createService({
        port: 3000,
        size: TaskSize.of(512, 1024),
        environment: { STAGE: 'prod' },
        container: { command: ['serve'], entryPoint: ['node'], user: 'node', writablePaths: ['/tmp', '/var/cache'] },
      });
      template().hasResourceProperties('AWS::ECS::TaskDefinition', {
        Cpu: '512',
        Memory: '1024',
        ContainerDefinitions: [Match.objectLike({
          Command: ['serve'],
          EntryPoint: ['node'],
          User: 'node',
          Environment: Match.arrayWith([{ Name: 'STAGE', Value: 'prod' }, { Name: 'PORT', Value: '3000' }]),
          PortMappings: [Match.objectLike({ ContainerPort: 3000 })],
          LinuxParameters: Match.objectLike({ Tmpfs: [{ ContainerPath: '/tmp', Size: 64 }, { ContainerPath: '/var/cache', Size: 64 }] }),
        })],
      });
    });

    test('may write everywhere on its disk, if asked for', () => {
      createService({ container: { writablePaths: ['/'] } }).template().hasResourceProperties('AWS::ECS::TaskDefinition', {
        ContainerDefinitions: [Match.objectLike({
          ReadonlyRootFilesystem: false,
          LinuxParameters: Match.objectLike({ InitProcessEnabled: true, Tmpfs: Match.absent() }),
        })],
      });
    });

    test('takes a writable path twice for once', () => {
      createService({ container: { writablePaths: ['/tmp', '/tmp'] } }).template().hasResourceProperties('AWS::ECS::TaskDefinition', {
        ContainerDefinitions: [Match.objectLike({ LinuxParameters: Match.objectLike({ Tmpfs: [{ ContainerPath: '/tmp', Size: 64 }] }) })],
      });
    });

    test('fails when a writable path is relative, or when all of them need more memory than the task has', () => {
      expect(() => createService({ container: { writablePaths: ['tmp'] } })).toThrow(
        '\'writablePaths\' must be absolute paths, got "tmp"; begin each with a slash (at Stack/Orders)');
      expect(() => createService({ container: { writablePaths: Array.from({ length: 8 }, (_, index) => `/data/${index}`) } })).toThrow(
        "'writablePaths' take 64 MiB of memory each, got 8 of them in a task of 512 MiB; "
        + "give fewer paths, a larger 'size', or '/' to make the whole file system writable (at Stack/Orders)");
    });

    test('takes a health check of its own', () => {
      const { template } = createService({ container: { healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/'] } } });
      template().hasResourceProperties('AWS::ECS::TaskDefinition', {
        ContainerDefinitions: [Match.objectLike({ HealthCheck: Match.objectLike({ Command: ['CMD-SHELL', 'curl -f http://localhost:8080/'] }) })],
      });
    });

    test.each(['environment', 'secrets'])('fails when %s sets PORT', (prop) => {
      const secret = ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(createStack(), 'Secret', 'x'));
      expect(() => createService({ [prop]: { PORT: prop === 'secrets' ? secret : '1' } })).toThrow(
        `'${prop}' must not set "PORT": it tells the application its port, which is 8080; set the 'port' prop instead (at Stack/Orders)`);
    });

    test.each([0, 65536, 80.5])('fails when the port is %d', (port) => {
      expect(() => createService({ port })).toThrow(`got ${port}; give the port that the application listens on (at Stack/Orders)`);
    });
  });

  describe('roles', () => {
    test('are one task role without rights and one execution role that may write this log group, for this account only', () => {
      const { template } = createService();
      expect(Object.keys(template().findResources('AWS::IAM::Policy')).filter((id) => id.startsWith('Orders'))).toEqual([]);
      template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: Match.objectLike({
          Statement: [Match.objectLike({ Condition: { StringEquals: { 'aws:SourceAccount': ENV.account } }, Principal: { Service: 'ecs-tasks.amazonaws.com' } })],
        }),
        Policies: Match.absent(),
      });
      template().hasResourceProperties('AWS::IAM::Role', {
        Policies: [{
          PolicyName: 'Default',
          PolicyDocument: Match.objectLike({
            Statement: [{ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersLogGroup'), 'Arn'] } }],
          }),
        }],
      });
    });

    test('the execution role reads just the secrets that are given', () => {
      const stack = createStack();
      const secret = new secretsmanager.Secret(stack, 'Db');
      new EcsMicroservice(stack, 'Orders', {
        cluster: createCluster(stack), image: IMAGE, secrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(secret, 'password') },
      });
      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::ECS::TaskDefinition', {
        ContainerDefinitions: [Match.objectLike({
          Secrets: [{ Name: 'DB_PASSWORD', ValueFrom: { 'Fn::Join': ['', [{ Ref: Match.stringLikeRegexp('^Db') }, ':password::']] } }],
        })],
      });
      template.hasResourceProperties('AWS::IAM::Role', {
        Policies: [Match.objectLike({
          PolicyDocument: Match.objectLike({
            Statement: Match.arrayWith([{
              Action: 'secretsmanager:GetSecretValue', Effect: 'Allow', Resource: { Ref: Match.stringLikeRegexp('^Db') },
            }]),
          }),
        })],
      });
    });

    test('a grant goes to the task role, inline', () => {
      const { stack, service, template } = createService();
      new s3.Bucket(stack, 'Bucket').grantRead(service);
      expect(Object.keys(template().findResources('AWS::IAM::Policy')).filter((id) => id.startsWith('Orders'))).toEqual([]);
      template().hasResourceProperties('AWS::IAM::Role', {
        Policies: [Match.objectLike({ PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Action: ['s3:GetBucket*', 's3:GetObject*', 's3:List*'] })] }) })],
      });
    });

    test.each([
      ['a secret of the service', (stack: Stack, secret: secretsmanager.Secret) => {
        new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack), image: IMAGE, secrets: { DB: ecs.Secret.fromSecretsManager(secret) } });
      }],
      ['a secret granted to the service', (stack: Stack, secret: secretsmanager.Secret) => {
        secret.grantRead(new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack), image: IMAGE }));
      }],
      ['a secret of a job', (stack: Stack, secret: secretsmanager.Secret) => {
        new EcsBatchPipeline(stack, 'Etl', { cluster: createCluster(stack) }).addJob('Extract', { image: IMAGE, secrets: { DB: ecs.Secret.fromSecretsManager(secret) } });
      }],
    ])('%s may be encrypted with a key of the same stack, whose policy names the role', (_, declare) => {
      const stack = createStack();
      const encryptionKey = new kms.Key(stack, 'Key');
      declare(stack, new secretsmanager.Secret(stack, 'Db', { encryptionKey }));
      // fromStack refuses a template with a cycle.
      const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
      expect(Object.keys(policies).filter((id) => JSON.stringify(policies[id]).includes('secretsmanager:GetSecretValue'))).toHaveLength(1);
    });

    test('more grants than an inline policy holds go to policies of their own', () => {
      const { stack, service, template } = createService();
      for (let index = 0; index < 90; index++) new s3.Bucket(stack, `Bucket${index}`).grantReadWrite(service);
      const [role] = Object.entries(template().findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('OrdersTaskRole')).map(([, found]) => found);
      expect(JSON.stringify(role.Properties.Policies).length).toBeLessThan(10240);
      const others = [...Object.entries(template().findResources('AWS::IAM::Policy')), ...Object.entries(template().findResources('AWS::IAM::ManagedPolicy'))];
      expect(others.filter(([id]) => id.startsWith('OrdersTaskRole')).length).toBeGreaterThan(0);
    });

    test('fails when a name is in both environment and secrets', () => {
      const secret = ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(createStack(), 'Secret', 'x'));
      expect(() => createService({ environment: { TOKEN: 'a' }, secrets: { TOKEN: secret } })).toThrow(
        "'TOKEN' is in both 'environment' and 'secrets', which ECS rejects; keep it in one of them (at Stack/Orders)");
    });
  });

  describe('service', () => {
    test('rolls with a circuit breaker and rollback, rebalances zones, tags its tasks', () => {
      const { template } = createService();
      template().hasResourceProperties('AWS::ECS::Service', {
        DeploymentConfiguration: Match.objectLike({
          MinimumHealthyPercent: 100, MaximumPercent: 200, DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        }),
        AvailabilityZoneRebalancing: 'ENABLED',
        CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
        LaunchType: Match.absent(),
        DesiredCount: Match.absent(),
        EnableExecuteCommand: Match.absent(),
        EnableECSManagedTags: true,
        PropagateTags: 'SERVICE',
        NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) },
        LoadBalancers: Match.absent(),
        HealthCheckGracePeriodSeconds: Match.absent(),
      });
    });

    test('runs on Spot in development, between one and two tasks, without alarms', () => {
      const { template } = createService({}, ClusterProfile.DEVELOPMENT);
      template().hasResourceProperties('AWS::ECS::Service', { CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }] });
      template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 1, MaxCapacity: 2 });
      template().resourceCountIs('AWS::CloudWatch::Alarm', 0);
    });

    test('an explicit prop wins over the profile', () => {
      const { template } = createService({
        capacity: ServiceCapacity.fargate({ onDemandBase: 2, spotWeight: 3 }),
        scaling: ServiceScaling.between(3, 9),
      }, ClusterProfile.DEVELOPMENT);
      template().hasResourceProperties('AWS::ECS::Service', {
        CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Base: 2, Weight: 1 }, { CapacityProvider: 'FARGATE_SPOT', Weight: 3 }],
      });
      template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 3, MaxCapacity: 9 });
    });

    test('registers its tasks once a rule has tied the target group to the load balancer', () => {
      const { template } = createService({ routes: ROUTES });
      template().hasResource('AWS::ECS::Service', {
        Properties: {
          LoadBalancers: [{ ContainerName: 'App', ContainerPort: 8080, TargetGroupArn: { Ref: Match.stringLikeRegexp('TargetGroup') } }],
          HealthCheckGracePeriodSeconds: 60,
        },
        DependsOn: Match.arrayWith([Match.stringLikeRegexp('^OrdersRoute')]),
      });
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
        TargetType: 'ip',
        Protocol: 'HTTP',
        Port: 80,
        HealthCheckPath: '/',
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 3,
        TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
      });
    });

    test('waits for its capacity and for a way to the image registry', () => {
      createService().template().hasResource('AWS::ECS::Service', {
        DependsOn: [
          Match.stringLikeRegexp('^OrdersTaskRole'),
          Match.stringLikeRegexp('^PlatformCapacity'),
          Match.stringLikeRegexp('^PlatformVpcPrivateSubnet1DefaultRoute'),
          Match.stringLikeRegexp('^PlatformVpcPrivateSubnet1RouteTableAssociation'),
          Match.stringLikeRegexp('^PlatformVpcPrivateSubnet2DefaultRoute'),
          Match.stringLikeRegexp('^PlatformVpcPrivateSubnet2RouteTableAssociation'),
        ],
      });
    });

    test('drain and stop follow from maxRequestTime', () => {
      const { template } = createService({ routes: ROUTES, maxRequestTime: Duration.seconds(5) });
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
        TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }],
      });
      template().hasResourceProperties('AWS::ECS::TaskDefinition', { ContainerDefinitions: [Match.objectLike({ StopTimeout: 5 })] });
    });

    test.each([0, 121])('fails when maxRequestTime is %d seconds', (seconds) => {
      expect(() => createService({ maxRequestTime: Duration.seconds(seconds) })).toThrow(
        `'maxRequestTime' must be between 1 and 120 seconds, got ${seconds} seconds; a task has at most 120 seconds to stop in (at Stack/Orders)`);
    });

    test('keeps what users add to it through the L2', () => {
      const { stack, cluster, service, template } = createService({ routes: ROUTES });
      const tcp = new elbv2.NetworkLoadBalancer(stack, 'Tcp', { vpc: cluster.vpc });
      tcp.addListener('Listener', { port: 9000 }).addTargets('Targets', { port: 9000, targets: [service.service] });
      service.service.enableServiceConnect({ namespace: 'other' });
      template().hasResourceProperties('AWS::ECS::Service', {
        LoadBalancers: [
          Match.objectLike({ TargetGroupArn: { Ref: Match.stringLikeRegexp('^OrdersTargetGroup') } }),
          Match.objectLike({ TargetGroupArn: { Ref: Match.stringLikeRegexp('^TcpListenerTargets') } }),
        ],
        ServiceConnectConfiguration: { Enabled: true, Namespace: 'other' },
      });
    });

    test('fails when Service Connect is configured twice', () => {
      const { service, template } = createService();
      service.service.enableServiceConnect({ namespace: 'other' });
      expect(template).toThrow("'enableServiceConnect' cannot be called on a service that takes part in Service Connect already; "
        + "use 'connectTo' and 'discovery' (at Stack/Orders)");
    });

    test('two services, two clusters and a stack without account and Region', () => {
      const stack = createStack({});
      for (const name of ['A', 'B']) {
        const cluster = new FargateCluster(stack, `Cluster${name}`);
        new EcsMicroservice(stack, `Orders${name}`, { cluster, image: IMAGE, routes: ROUTES });
        new EcsMicroservice(stack, `Invoices${name}`, { cluster, image: IMAGE });
      }
      Template.fromStack(stack).resourceCountIs('AWS::ECS::Service', 4);
    });

    test('takes tokens where numbers and names are asked for', () => {
      const stack = createStack();
      const number = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
      new EcsMicroservice(stack, 'Orders', {
        cluster: createCluster(stack),
        image: ecs.ContainerImage.fromRegistry(new CfnParameter(stack, 'Image').valueAsString),
        port: number('Port'),
        size: TaskSize.of(number('Cpu'), number('Memory')),
        routes: ROUTES,
        maxRequestTime: Duration.seconds(number('RequestTime')),
        healthCheck: {
          path: new CfnParameter(stack, 'Path').valueAsString,
          interval: Duration.seconds(number('Interval')),
          timeout: Duration.seconds(number('Timeout')),
          healthyThreshold: number('Healthy'),
          unhealthyThreshold: number('Unhealthy'),
          gracePeriod: Duration.seconds(number('Grace')),
        },
        capacity: ServiceCapacity.fargate({ onDemandBase: number('Base'), onDemandWeight: number('Weight'), spotWeight: number('SpotWeight') }),
        scaling: ServiceScaling.between(number('Min'), number('Max'), { cpuPercent: number('CpuPercent'), memoryPercent: number('MemoryPercent') }),
        deployment: ServiceDeployment.rolling({ minHealthyPercent: number('MinHealthy'), maxHealthyPercent: number('MaxHealthy') }),
      });
      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
        HealthCheckIntervalSeconds: { Ref: 'Interval' },
        TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: { Ref: 'RequestTime' } }],
      });
      template.hasResourceProperties('AWS::ECS::TaskDefinition', {
        Cpu: { Ref: 'Cpu' }, ContainerDefinitions: [Match.objectLike({ StopTimeout: { Ref: 'RequestTime' }, Environment: Match.arrayWith([{ Name: 'PORT', Value: { Ref: 'Port' } }]) })],
      });
      template.hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: { Ref: 'RequestTime' } });
    });
  });

  describe('health check', () => {
    test.each([
      [{ path: 'health' }, "'healthCheck.path' must be a path that starts with '/', got \"health\"; write '/health', not 'health' (at Stack/Orders)"],
      [{ interval: Duration.seconds(4) }, "'healthCheck.interval' must be between 5 and 300 seconds, got 4 seconds; 10 seconds is a good value (at Stack/Orders)"],
      [{ interval: Duration.seconds(5) },
        "'healthCheck.timeout' must be less than the interval of 5 seconds, got 5 seconds; shorten it or lengthen the interval (at Stack/Orders)"],
      [{ healthyThreshold: 1 }, "'healthCheck.healthyThreshold' must be between 2 and 10, got 1; 2 makes deployments fast (at Stack/Orders)"],
      [{ unhealthyThreshold: 11 }, "'healthCheck.unhealthyThreshold' must be between 2 and 10, got 11; 3 bears a lost answer (at Stack/Orders)"],
    ])('fails when it is %j', (healthCheck, message) => {
      expect(() => createService({ routes: ROUTES, healthCheck })).toThrow(new Error(message));
    });
  });

  describe('alarms', () => {
    const namesOf = (template: Template) => Object.keys(template.findResources('AWS::CloudWatch::Alarm')).map((id) => id.replace(/^Orders|[0-9A-F]{8}$/g, ''));

    test('watch the number of tasks, CPU and memory, and with a route health, errors and latency', () => {
      expect(namesOf(createService().template())).toEqual(['RunningTasksAlarm', 'CpuAlarm', 'MemoryAlarm']);
      expect(namesOf(createService({ routes: ROUTES }).template())).toEqual(
        ['RunningTasksAlarm', 'CpuAlarm', 'MemoryAlarm', 'UnhealthyHostsAlarm', 'ServerErrorsAlarm', 'LatencyAlarm']);
    });

    test('do not count tasks where Container Insights are off', () => {
      const stack = createStack();
      const cluster = createCluster(stack, { containerInsights: ecs.ContainerInsights.DISABLED });
      new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
      expect(namesOf(Template.fromStack(stack))).toEqual(['CpuAlarm', 'MemoryAlarm']);
    });

    test('may call one function for several services', () => {
      const stack = createStack();
      stack.node.setContext('@aws-cdk/aws-cloudwatch-actions:changeLambdaPermissionLogicalIdForLambdaAction', true);
      const fn = new lambda.Function(stack, 'Notify', { code: lambda.Code.fromInline('x'), handler: 'index.x', runtime: lambda.Runtime.NODEJS_22_X });
      const cluster = createCluster(stack, { alarmActions: [new actions.LambdaAction(fn)] });
      for (const id of ['Orders', 'Invoices']) new EcsMicroservice(stack, id, { cluster, image: IMAGE });
      Template.fromStack(stack).resourceCountIs('AWS::Lambda::Permission', 6);
    });

    test('tell the actions of the cluster, on both ways', () => {
      const stack = createStack();
      const topic = new sns.Topic(stack, 'OnCall');
      const cluster = createCluster(stack, { alarmActions: [new actions.SnsAction(topic)] });
      new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
      Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCall') }],
        OKActions: [{ Ref: Match.stringLikeRegexp('^OnCall') }],
        TreatMissingData: 'notBreaching',
      });
    });
  });
});

describe('connectTo', () => {
  function createPair() {
    const stack = createStack();
    const cluster = createCluster(stack);
    const orders = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE });
    const web = new EcsMicroservice(stack, 'WebShop', { cluster, image: IMAGE, routes: ROUTES });
    return { stack, cluster, orders, web };
  }

  test('gives the caller a URL, a way through the security group and the later start', () => {
    const { stack, orders, web } = createPair();
    web.connectTo(orders);
    expect(orders.endpoint).toBe('http://orders:8080');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ Environment: Match.arrayWith([{ Name: 'ORDERS_URL', Value: 'http://orders:8080' }]) })],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 8080,
      ToPort: 8080,
      IpProtocol: 'tcp',
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersSecurityGroup'), 'GroupId'] },
      SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^WebShopSecurityGroup'), 'GroupId'] },
    });
    template.hasResource('AWS::ECS::Service', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^OrdersService')]) });
  });

  test('makes one a client and the other a server, whose time-out is its longest request', () => {
    const { stack, orders, web } = createPair();
    web.connectTo(orders);
    const services = Object.entries(Template.fromStack(stack).findResources('AWS::ECS::Service'));
    const configuration = (id: string) => services.find(([logicalId]) => logicalId.startsWith(id))![1].Properties.ServiceConnectConfiguration;
    expect(configuration('Orders').Services).toEqual([{
      PortName: 'app', DiscoveryName: 'orders', ClientAliases: [{ DnsName: 'orders', Port: 8080 }], Timeout: { PerRequestTimeoutSeconds: 30 },
    }]);
    expect(configuration('WebShop')).toMatchObject({ Enabled: true });
    expect(configuration('WebShop').Services).toBeUndefined();
  });

  test('a routed service that nobody calls and that calls nobody runs no proxy; one without a route does', () => {
    const { stack } = createPair();
    const services = Object.values(Template.fromStack(stack).findResources('AWS::ECS::Service'));
    expect(services.map((service) => service.Properties.ServiceConnectConfiguration?.Enabled)).toEqual([true, undefined]);
  });

  test('twice is once', () => {
    const { stack, orders, web } = createPair();
    web.connectTo(orders);
    web.connectTo(orders);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });

  test('leaves a variable that the user has set', () => {
    const { stack, cluster, orders } = createPair();
    const other = new EcsMicroservice(stack, 'Other', { cluster, image: IMAGE, environment: { ORDERS_URL: 'http://mock' } });
    other.connectTo(orders);
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ Environment: Match.arrayWith([{ Name: 'ORDERS_URL', Value: 'http://mock' }]) })],
    });
  });

  test('works over stacks: the rule stands in the stack of the caller', () => {
    const app = new App({ analyticsReporting: false });
    const [platformStack, ordersStack, webStack] = ['Platform', 'Orders', 'Web'].map((id) => new Stack(app, id, { env: ENV }));
    const cluster = new FargateCluster(platformStack, 'Cluster');
    const orders = new EcsMicroservice(ordersStack, 'Orders', { cluster, image: IMAGE });
    const web = new EcsMicroservice(webStack, 'Web', { cluster, image: IMAGE });
    web.connectTo(orders);
    Template.fromStack(webStack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    Template.fromStack(ordersStack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('fails when the other one waits already, directly or through a third', () => {
    const { stack, cluster, orders, web } = createPair();
    const billing = new EcsMicroservice(stack, 'Billing', { cluster, image: IMAGE });
    web.connectTo(orders);
    orders.connectTo(billing);
    expect(() => billing.connectTo(web)).toThrow("'connectTo' cannot connect Stack/Billing to Stack/WebShop, which waits for it already; "
      + 'one direction must do without: call it through a route, or by its name without waiting (at Stack/Billing)');
    expect(() => web.connectTo(web)).toThrow("'connectTo' cannot connect Stack/WebShop to Stack/WebShop");
  });

  test('names the variable after the construct id where the name is known at deploy time only', () => {
    const { stack, cluster, web } = createPair();
    const name = new CfnParameter(stack, 'Name').valueAsString;
    web.connectTo(new EcsMicroservice(stack, 'SearchIndex', { cluster, image: IMAGE, discovery: ServiceDiscovery.serviceConnect({ name }) }));
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({
        Environment: Match.arrayWith([{ Name: 'SEARCH_INDEX_URL', Value: { 'Fn::Join': ['', ['http://', { Ref: 'Name' }, ':8080']] } }]),
      })],
    });
  });

  test('two routed services may have one name, as long as nobody calls them by it', () => {
    const { stack, cluster } = createPair();
    const teams = ['a', 'b'].map((team) => new EcsMicroservice(stack, `Api${team}`, {
      cluster, image: IMAGE, discovery: ServiceDiscovery.serviceConnect({ name: 'api' }), routes: [ServiceRoute.internetFacing({ paths: [`/${team}`] })],
    }));
    const caller = new EcsMicroservice(stack, 'Caller', { cluster, image: IMAGE });
    caller.connectTo(teams[0]);
    expect(() => caller.connectTo(teams[1])).toThrow('\'discoveryName\' must be unique in a cluster, got "api", which Stack/Apia has');
  });

  test('fails when two services of a cluster have one name, or a name is no DNS label', () => {
    const { stack, cluster } = createPair();
    expect(() => new EcsMicroservice(stack, 'Second', { cluster, image: IMAGE, discovery: ServiceDiscovery.serviceConnect({ name: 'orders' }) })).toThrow(
      '\'discoveryName\' must be unique in a cluster, got "orders", which Stack/Orders has; give one of them another: '
        + 'discovery: ServiceDiscovery.serviceConnect({ name }) (at Stack/Second)');
    expect(() => new EcsMicroservice(stack, 'Third', { cluster, image: IMAGE, discovery: ServiceDiscovery.serviceConnect({ name: 'My Orders' }) })).toThrow(
      "'discoveryName' must be a DNS label: up to 63 lower-case letters, digits and '-', a letter first, got \"My Orders\"; "
        + 'give one: discovery: ServiceDiscovery.serviceConnect({ name }) (at Stack/Third)');
  });
});

describe('ServiceCapacity', () => {
  test('fails when tasks beyond the base have no place, or a number is out of range', () => {
    expect(() => ServiceCapacity.fargate({ onDemandBase: 2, onDemandWeight: 0 })).toThrow(
      "'onDemandWeight' and 'spotWeight' must not both be 0: tasks beyond the base would have no place; set one of them to 1");
    expect(() => ServiceCapacity.fargate({ spotWeight: 1001 })).toThrow("'spotWeight' must be between 0 and 1000, got 1001");
    expect(() => ServiceCapacity.fargate({ onDemandWeight: -1 })).toThrow("'onDemandWeight' must be between 0 and 1000, got -1");
    expect(() => ServiceCapacity.fargate({ onDemandBase: 100001 })).toThrow("'onDemandBase' must be between 0 and 100000, got 100001");
  });

  test('keeps an on-demand base in front of Spot', () => {
    const { template } = createService({ capacity: ServiceCapacity.fargate({ onDemandBase: 1, onDemandWeight: 0, spotWeight: 1 }) });
    template().hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Base: 1, Weight: 0 }, { CapacityProvider: 'FARGATE_SPOT', Weight: 1 }],
    });
  });
});

describe('ServiceDeployment', () => {
  test('fails when the percentages could never replace a task', () => {
    expect(() => createService({ scaling: ServiceScaling.fixed(1), deployment: ServiceDeployment.rolling({ maxHealthyPercent: 150 }) })).toThrow(
      "'deployment' could never replace a task: of 1 tasks 1 must run (minHealthyPercent 100) and 1 may run (maxHealthyPercent 150); "
      + 'set maxHealthyPercent to 200 (at Stack/Orders)');
  });

  test('takes percentages that let it move', () => {
    const { template } = createService({
      scaling: ServiceScaling.fixed(2),
      deployment: ServiceDeployment.rolling({ minHealthyPercent: 50, maxHealthyPercent: 150 }),
    });
    template().hasResourceProperties('AWS::ECS::Service', { DeploymentConfiguration: Match.objectLike({ MinimumHealthyPercent: 50, MaximumPercent: 150 }) });
  });

  test('fails when a percentage is out of range', () => {
    expect(() => ServiceDeployment.rolling({ minHealthyPercent: 101 })).toThrow("'minHealthyPercent' must be between 0 and 100, got 101");
    expect(() => ServiceDeployment.rolling({ maxHealthyPercent: 100 })).toThrow("'maxHealthyPercent' must be between 101 and 200, got 100");
  });

  test('takes a token for the number of tasks', () => {
    const { template } = createService({
      scaling: ServiceScaling.fixed(Lazy.number({ produce: () => 1 })),
      deployment: ServiceDeployment.rolling({ maxHealthyPercent: 150 }),
    });
    template().hasResourceProperties('AWS::ECS::Service', { DesiredCount: 1 });
  });
});
