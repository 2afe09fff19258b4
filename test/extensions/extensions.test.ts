import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  ApplicationSignals, EbsVolume, EfsVolume, IEcsWorkload, IWorkloadExtension, OpenTelemetryCollector, SidecarRole,
} from '../../src';
import { createService, IMAGE } from '../util/fixtures';

function containersOf(template: Template): any[] {
  const [{ Properties }] = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as any[];
  return Properties.ContainerDefinitions;
}

describe('an extension of one\'s own', () => {
  class Queue implements IWorkloadExtension {
    public extend(scope: Construct, workload: IEcsWorkload): void {
      const queue = new sqs.Queue(scope, 'Queue');
      queue.grantSendMessages(workload);
      workload.addEnvironment('QUEUE_URL', queue.queueUrl);
      workload.addEnvironment('STAGE', 'overridden');
      workload.addSecret('SIGNATURE', ecs.Secret.fromSecretsManager(new secretsmanager.Secret(scope, 'Signature')));
      workload.addSidecar('Forwarder', { image: IMAGE, role: SidecarRole.COLLECTOR });
      workload.mountVolume({ name: 'Spool', path: '/spool' });
    }
  }

  test('adds below a construct of its own, by the same words for every workload', () => {
    const { service, template } = createService({ environment: { STAGE: 'prod' } });
    service.addExtension('Events', new Queue());
    expect(service.node.findChild('Events').node.children.map((child) => child.node.id)).toEqual(['Queue', 'Signature']);
    const [app, forwarder] = containersOf(template());
    expect(app.Environment).toEqual(expect.arrayContaining([{ Name: 'STAGE', Value: 'prod' }, { Name: 'QUEUE_URL', Value: expect.anything() }]));
    expect(app.Environment).not.toContainEqual({ Name: 'STAGE', Value: 'overridden' });
    expect(app.Secrets).toEqual([{ Name: 'SIGNATURE', ValueFrom: { Ref: expect.stringMatching(/^OrdersEventsSignature/) } }]);
    expect(app.MountPoints).toEqual([{ ContainerPath: '/spool', ReadOnly: false, SourceVolume: 'Spool' }]);
    expect(forwarder.Name).toBe('Forwarder');
  });

  test('fails when addSecret takes a name that is in the environment', () => {
    const { service } = createService({ environment: { SIGNATURE: 'none' } });
    expect(() => service.addExtension('Events', new Queue())).toThrow(
      "'SIGNATURE' is in the environment already, where an extension wants to put a secret; take it out of 'environment' and 'secrets' (at Stack/Orders)");
  });

  test.each(['', 'spool', '/'])('fails when mountVolume has the path "%s"', (path) => {
    const { service } = createService();
    const extension: IWorkloadExtension = { extend: (_, workload) => workload.mountVolume({ name: 'Spool', path }) };
    expect(() => service.addExtension('Events', extension)).toThrow(`'path' must be an absolute path, got "${path}"; begin it with a slash (at Stack/Orders)`);
  });
});

describe('OpenTelemetryCollector', () => {
  test('starts a healthy collector before the application, which finds it in the standard variables', () => {
    const { service, template } = createService();
    service.addExtension('Tracing', new OpenTelemetryCollector());
    const [app, collector] = containersOf(template());
    expect(app.DependsOn).toEqual([{ ContainerName: 'Collector', Condition: 'HEALTHY' }]);
    expect(app.Environment).toEqual(expect.arrayContaining([
      { Name: 'OTEL_EXPORTER_OTLP_ENDPOINT', Value: 'http://localhost:4318' },
      { Name: 'OTEL_EXPORTER_OTLP_PROTOCOL', Value: 'http/protobuf' },
      { Name: 'OTEL_SERVICE_NAME', Value: 'Orders' },
    ]));
    expect(collector).toMatchObject({ Essential: false, HealthCheck: { Command: ['CMD', '/healthcheck'] }, ReadonlyRootFilesystem: true });
    expect(JSON.stringify(collector.Environment)).toContain('awsxray: { region: us-east-1 }');
    template().hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyName: 'Default',
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({ Action: Match.arrayWith(['xray:PutTraceSegments']), Resource: '*' }),
            Match.objectLike({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersLogGroup'), 'Arn'] } }),
          ]),
        }),
      }],
    });
  });

  test('takes a configuration, and then grants nothing', () => {
    const { service, template } = createService();
    service.addExtension('Tracing', new OpenTelemetryCollector({ configuration: 'extensions:', serviceName: 'orders', image: IMAGE }));
    const [app, collector] = containersOf(template());
    expect(collector.Environment).toEqual([{ Name: 'AOT_CONFIG_CONTENT', Value: 'extensions:' }]);
    expect(app.Environment).toContainEqual({ Name: 'OTEL_SERVICE_NAME', Value: 'orders' });
    expect(JSON.stringify(template().findResources('AWS::IAM::Role'))).not.toContain('xray');
  });

  test('fails when the configuration is empty', () => {
    expect(() => new OpenTelemetryCollector({ configuration: ' ' })).toThrow(
      new Error("'configuration' must not be empty; omit it for traces to X-Ray and metrics to CloudWatch"));
  });
});

describe('ApplicationSignals', () => {
  test('puts the CloudWatch agent beside the application, which finds it in the variables that AWS documents', () => {
    const { service, template } = createService({ environment: { OTEL_TRACES_SAMPLER: 'always_on' } });
    service.addExtension('Signals', new ApplicationSignals());
    const [app, agent] = containersOf(template());
    expect(app.DependsOn).toEqual([{ ContainerName: 'Signals', Condition: 'START' }]);
    expect(Object.fromEntries(app.Environment.map(({ Name, Value }: any) => [Name, Value]))).toMatchObject({
      OTEL_AWS_APPLICATION_SIGNALS_ENABLED: 'true',
      OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT: 'http://localhost:4316/v1/metrics',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4316/v1/traces',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=Orders',
      OTEL_TRACES_SAMPLER: 'always_on', // what the user says wins
    });
    expect(agent).toMatchObject({ Name: 'Signals', Essential: false, ReadonlyRootFilesystem: false });
    expect(JSON.parse(agent.Environment.find(({ Name }: any) => Name === 'CW_CONFIG_CONTENT').Value)).toEqual({
      traces: { traces_collected: { application_signals: {} } }, logs: { metrics_collected: { application_signals: {} } },
    });
  });

  test('lets the application write traces and the log group of Application Signals, and nothing else', () => {
    const { service, template } = createService();
    service.addExtension('Signals', new ApplicationSignals({ serviceName: 'orders' }));
    const [role] = Object.entries(template().findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('OrdersTaskRole')).map(([, each]) => each);
    expect(role.Properties.Policies.flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement)).toEqual([
      { Action: ['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Effect: 'Allow', Resource: '*' },
      {
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Effect: 'Allow',
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:us-east-1:123456789012:log-group:/aws/application-signals/data:*']] },
      },
    ]);
  });

  test.each(['', 'a=b', 'a,b', 'a'.repeat(256)])('fails when the serviceName is "%s"', (serviceName) => {
    expect(() => new ApplicationSignals({ serviceName })).toThrow(new Error(
      `'serviceName' must be 1 to 255 characters without ',' and '=', got "${serviceName}"; choose another name or omit it`));
  });
});

describe('EfsVolume', () => {
  const withVolume = (readOnly?: boolean) => {
    const { service, stack, cluster, template } = createService();
    const fileSystem = new efs.FileSystem(stack, 'Files', { vpc: cluster.vpc });
    service.addExtension('Uploads', new EfsVolume({ fileSystem, path: '/uploads', readOnly }));
    return template();
  };

  test('mounts one directory over TLS through an access point, as one user', () => {
    const template = withVolume();
    template.hasResourceProperties('AWS::EFS::AccessPoint', {
      PosixUser: { Uid: '1000', Gid: '1000' },
      RootDirectory: { Path: '/Uploads', CreationInfo: { OwnerUid: '1000', OwnerGid: '1000', Permissions: '750' } },
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Volumes: [{
        Name: 'Uploads',
        EFSVolumeConfiguration: {
          FilesystemId: { Ref: Match.stringLikeRegexp('^Files') },
          TransitEncryption: 'ENABLED',
          AuthorizationConfig: { AccessPointId: { Ref: Match.stringLikeRegexp('^OrdersUploadsAccessPoint') }, IAM: 'ENABLED' },
        },
      }],
      ContainerDefinitions: [Match.objectLike({ MountPoints: [{ ContainerPath: '/uploads', ReadOnly: false, SourceVolume: 'Uploads' }] })],
    });
  });

  test.each([[undefined, ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite']], [true, 'elasticfilesystem:ClientMount']])(
    'grants what it takes through this access point alone, with readOnly %s', (readOnly, actions) => {
      withVolume(readOnly).hasResourceProperties('AWS::IAM::Role', {
        Policies: [{
          PolicyName: 'Default',
          PolicyDocument: Match.objectLike({
            Statement: [{
              Action: actions,
              Effect: 'Allow',
              Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Files'), 'Arn'] },
              Condition: { StringEquals: { 'elasticfilesystem:AccessPointArn': { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^OrdersUploadsAccessPoint') }])] } } },
            }],
          }),
        }],
      });
    });

  test('opens the file system to the tasks, and has them wait for its mount targets', () => {
    const template = withVolume();
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 2049,
      ToPort: 2049,
      IpProtocol: 'tcp',
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^FilesEfsSecurityGroup'), 'GroupId'] },
      SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersSecurityGroup'), 'GroupId'] },
    });
    const [{ DependsOn }] = Object.values(template.findResources('AWS::ECS::Service'));
    expect(DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::EFS::MountTarget'))));
  });

  test.each([
    [{ path: 'uploads' }, '\'path\' must be an absolute path, got "uploads"; begin it with a slash'],
    [{ path: '/uploads', directory: 'x' }, '\'directory\' must be an absolute path, got "x"; begin it with a slash'],
    [{ path: '/uploads', userId: -1 }, "'userId' must be between 0 and 4294967295, got -1; give the number of the user that owns the files"],
  ])('fails when the options are %j', (options, message) => {
    const fileSystem = efs.FileSystem.fromFileSystemAttributes(createService().stack, 'Files', { fileSystemId: 'fs-1', securityGroup: undefined! });
    expect(() => new EfsVolume({ fileSystem, ...options })).toThrow(new Error(message));
  });
});

describe('EbsVolume', () => {
  test('is made with each task of a service, encrypted', () => {
    const { service, template } = createService();
    service.addExtension('Index', new EbsVolume({ path: '/index', size: Size.gibibytes(500), iops: 6000, throughput: 250 }));
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      Volumes: [{ Name: 'Index', ConfiguredAtLaunch: true }],
      ContainerDefinitions: [Match.objectLike({ MountPoints: [{ ContainerPath: '/index', ReadOnly: false, SourceVolume: 'Index' }] })],
    });
    template().hasResourceProperties('AWS::ECS::Service', {
      VolumeConfigurations: [{
        Name: 'Index',
        ManagedEBSVolume: { Encrypted: true, FilesystemType: 'xfs', Iops: 6000, SizeInGiB: 500, Throughput: 250, VolumeType: 'gp3', RoleArn: Match.anyValue() },
      }],
    });
  });

  test('fails when the workload is no service', () => {
    const extension = new EbsVolume({ path: '/index', size: Size.gibibytes(1) });
    const { service, stack } = createService();
    expect(() => extension.extend(stack, { grantPrincipal: service.grantPrincipal } as IEcsWorkload)).toThrow(
      "'EbsVolume' must be added to a service, whose deployment makes the volumes; use 'EfsVolume', or 'ephemeralStorage' of the size (at Stack)");
  });

  test.each([
    [{ size: Size.gibibytes(16385) }, "'size' must be between 1 and 16384, got 16385; in GiB"],
    [{ iops: 100 }, "'iops' must be between 3000 and 16000, got 100; omit it for 3000"],
    [{ throughput: 2000 }, "'throughput' must be between 125 and 1000, got 2000; omit it for 125"],
  ])('fails when the options are %j', (options, message) => {
    expect(() => new EbsVolume({ path: '/index', size: Size.gibibytes(1), ...options })).toThrow(new Error(message));
  });
});
