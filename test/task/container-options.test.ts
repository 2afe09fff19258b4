import * as path from 'path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { App, CfnParameter, Duration, Size, Stack, Validations } from 'aws-cdk-lib/core';
import { EcsMicroservice, EcsMicroserviceProps, TaskSize } from '../../src';
import { createCluster, createService, createStack, IMAGE } from '../util/fixtures';

const HELLO = path.join(__dirname, '../../integ/images/hello');

/** A service in a stack of its own, declared with what the stack has. */
function declare(props: (stack: Stack) => Partial<EcsMicroserviceProps>) {
  const stack = createStack();
  const service = new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack), image: IMAGE, ...props(stack) });
  return { stack, service, template: () => Template.fromStack(stack) };
}

/** The one task definition, with its containers. */
function taskOf(template: Template) {
  const [{ Properties }] = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as any[];
  return Properties;
}

/** What the execution role may do. */
function allowed(template: Template): any[] {
  const [role] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('OrdersExecutionRole')).map(([, value]) => value);
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('OrdersExecutionRole')).map(([, value]) => value);
  return [...(role.Properties.Policies ?? []), ...policies.map((policy) => policy.Properties)].flatMap((policy) => policy.PolicyDocument.Statement);
}

describe('image', () => {
  test('comes from ECR by digest, tag, or a tag that CI writes to a parameter', () => {
    const imageOf = (image: (repository: ecr.IRepository, stack: Stack) => ecs.ContainerImage) => {
      const { template } = declare((stack) => ({ image: image(ecr.Repository.fromRepositoryName(stack, 'Repository', 'orders'), stack) }));
      return JSON.stringify(taskOf(template()).ContainerDefinitions[0].Image);
    };
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(imageOf((repository) => ecs.ContainerImage.fromEcrRepository(repository, digest))).toContain(`/orders@${digest}`);
    expect(imageOf((repository) => ecs.ContainerImage.fromEcrRepository(repository, 'v7'))).toContain('/orders:v7');
    expect(imageOf((repository, stack) => ecs.ContainerImage.fromEcrRepository(repository, ssm.StringParameter.valueForStringParameter(stack, '/ci/orders/tag'))))
      .toContain('SsmParameterValueciorderstag');
  });

  test.each([
    [undefined, 'linux/amd64', undefined],
    [ecs.CpuArchitecture.X86_64, 'linux/amd64', { CpuArchitecture: 'X86_64', OperatingSystemFamily: 'LINUX' }],
    [ecs.CpuArchitecture.ARM64, 'linux/arm64', { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' }],
  ])('is built for the processor that the task runs on: %s', (architecture, platform, runtimePlatform) => {
    const { stack, template } = declare(() => ({ image: ecs.ContainerImage.fromAsset(HELLO), size: TaskSize.nano({ architecture }) }));
    expect(taskOf(template()).RuntimePlatform).toEqual(runtimePlatform);
    expect(platformsOf(stack)).toEqual([platform]);
  });

  test('may say its platform itself', () => {
    const image = ecs.ContainerImage.fromAsset(HELLO, { platform: Platform.LINUX_ARM64 });
    const { stack } = declare(() => ({ image, size: TaskSize.nano({ architecture: ecs.CpuArchitecture.ARM64 }) }));
    expect(platformsOf(stack)).toEqual(['linux/arm64']);
  });

  test('that was made elsewhere keeps its platform', () => {
    const { stack } = declare((scope) => ({ image: ecs.ContainerImage.fromDockerImageAsset(new DockerImageAsset(scope, 'Image', { directory: HELLO })) }));
    expect(platformsOf(stack)).toEqual([undefined]);
  });

  test('fails when its platform is not that of the task', () => {
    const image = ecs.ContainerImage.fromAsset(HELLO, { platform: Platform.LINUX_ARM64 });
    expect(() => createService({ image })).toThrow(
      '\'image\' must be built for "linux/amd64", on which the task runs, got \'platform\' "linux/arm64"; '
      + "omit 'platform', or give 'size' the architecture ecs.CpuArchitecture.ARM64 (at Stack/Orders)");
  });
});

function platformsOf(stack: Stack): (string | undefined)[] {
  const assembly = (stack.node.root as App).synth();
  const [assets] = assembly.artifacts.filter((artifact) => 'contents' in artifact).map((artifact) => (artifact as any).contents.dockerImages);
  return Object.values(assets ?? {}).map((asset: any) => asset.source.platform);
}

describe('container', () => {
  test('takes ulimits, a time to stop, and a disk', () => {
    const { template } = createService({
      size: TaskSize.small({ ephemeralStorage: Size.gibibytes(50) }),
      container: { ulimits: [{ name: ecs.UlimitName.NOFILE, softLimit: 1024, hardLimit: 4096 }], stopTimeout: Duration.seconds(90) },
    });
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      EphemeralStorage: { SizeInGiB: 50 },
      ContainerDefinitions: [Match.objectLike({ Ulimits: [{ Name: 'nofile', SoftLimit: 1024, HardLimit: 4096 }], StopTimeout: 90 })],
    });
  });

  test('lets a user that is not root write to its writable paths', () => {
    const { template } = createService({ container: { user: '1000:1000', writablePaths: ['/var/cache/nginx'] } });
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({
        User: '1000:1000',
        ReadonlyRootFilesystem: true,
        LinuxParameters: { InitProcessEnabled: true, Tmpfs: [{ ContainerPath: '/var/cache/nginx', Size: 64, MountOptions: ['mode=1777'] }] },
      })],
    });
  });

  test.each([0, 121])('fails when stopTimeout is %d seconds', (seconds) => {
    expect(() => createService({ container: { stopTimeout: Duration.seconds(seconds) } })).toThrow(
      `'container.stopTimeout' must be between 1 and 120 seconds, got ${seconds} seconds; Fargate kills a process after 120 seconds at the latest (at Stack/Orders)`);
  });

  test('reads environment files, and may read just these', () => {
    const { template } = declare((stack) => {
      const bucket = new s3.Bucket(stack, 'Bucket');
      return { container: { environmentFiles: [ecs.EnvironmentFile.fromBucket(bucket, 'prod.env'), ecs.EnvironmentFile.fromAsset(path.join(HELLO, 'Dockerfile'))] } };
    });
    const [bucketFile, assetFile] = taskOf(template()).ContainerDefinitions[0].EnvironmentFiles;
    expect([bucketFile.Type, assetFile.Type]).toEqual(['s3', 's3']);
    const statements = allowed(template());
    const resources = JSON.stringify(statements.filter(({ Action }) => [Action].flat().some((action: string) => action.startsWith('s3:'))));
    expect(resources).toContain('/prod.env');
    expect(resources).toContain('cdk-hnb659fds-assets');
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.startsWith('s3:')).sort()).toEqual(['s3:GetBucketLocation', 's3:GetObject']);
  });
});

describe('secrets', () => {
  const valueFrom = (secret: (stack: Stack) => ecs.Secret) => {
    const { template } = declare((stack) => ({ secrets: { VALUE: secret(stack) } }));
    return { value: taskOf(template()).ContainerDefinitions[0].Secrets[0].ValueFrom, statements: allowed(template()) };
  };
  const db = (stack: Stack) => secretsmanager.Secret.fromSecretCompleteArn(stack, 'Db', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf');

  test.each<[string, (stack: Stack) => ecs.Secret, string]>([
    ['the whole secret', (stack) => ecs.Secret.fromSecretsManager(db(stack)), ''],
    ['a JSON key', (stack) => ecs.Secret.fromSecretsManager(db(stack), 'password'), ':password::'],
    ['a version by its stage', (stack) => ecs.Secret.fromSecretsManagerVersion(db(stack), { versionStage: 'AWSPREVIOUS' }), '::AWSPREVIOUS:'],
    ['a JSON key of a version by its id', (stack) => ecs.Secret.fromSecretsManagerVersion(db(stack), { versionId: 'v1' }, 'password'), ':password::v1'],
  ])('refer to %s, and may do nothing but read it', (_, secret, suffix) => {
    const { value, statements } = valueFrom(secret);
    expect(value).toBe(`arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf${suffix}`);
    expect(statements.filter(({ Resource }) => JSON.stringify(Resource).includes('secretsmanager'))).toEqual([
      { Action: 'secretsmanager:GetSecretValue', Effect: 'Allow', Resource: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf' },
    ]);
  });

  test('come from a parameter, with the key that it is encrypted with', () => {
    const { statements } = valueFrom((stack) => ecs.Secret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', {
      parameterName: '/orders/key', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:123456789012:key/1'),
    })));
    expect(statements.find(({ Action }) => Action.includes('ssm:GetParameters'))).toMatchObject({ Action: 'ssm:GetParameters', Effect: 'Allow' });
    expect(statements.find(({ Action }) => Action === 'kms:Decrypt').Resource).toBe('arn:aws:kms:us-east-1:123456789012:key/1');
  });

  test('are decrypted by the execution role, through Secrets Manager only', () => {
    const { template } = declare((stack) => ({
      secrets: { VALUE: ecs.Secret.fromSecretsManager(new secretsmanager.Secret(stack, 'Db', { encryptionKey: new kms.Key(stack, 'Key') })) },
    }));
    template().hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike({
          Action: 'kms:Decrypt',
          Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } },
          Principal: { AWS: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersExecutionRole'), 'Arn'] } },
        })]),
      }),
    });
  });
});

describe('plain secrets', () => {
  const message = '\'environment\' must hold no secrets, got "MAP_KEY_TOKEN": its name is that of a secret; move it to \'secrets\', or, if everybody may know it, '
    + "Validations.of(construct).acknowledge({ id: 'cdk-ecs-workloads:plainSecret:MAP_KEY_TOKEN', reason: '...' })";

  test('fails when a variable in environment looks like a secret, and never shows its value', () => {
    const { template } = createService({ environment: { MAP_KEY_TOKEN: 'pk.visible-to-all' } });
    expect(template).toThrow(`[Stack/Orders] ${message}`);
    expect(template).toThrow(expect.objectContaining({ message: expect.not.stringContaining('pk.visible-to-all') }));
  });

  test.each(['the service', 'the stack'])('passes when it is acknowledged on %s', (where) => {
    const { service, stack, template } = createService({ environment: { MAP_KEY_TOKEN: 'pk.visible-to-all' } });
    Validations.of(where === 'the stack' ? stack : service).acknowledge({ id: 'cdk-ecs-workloads:plainSecret:MAP_KEY_TOKEN', reason: 'it is in every page' });
    expect(taskOf(template()).ContainerDefinitions[0].Environment).toContainEqual({ Name: 'MAP_KEY_TOKEN', Value: 'pk.visible-to-all' });
  });

  test('acknowledges one variable, not another', () => {
    const { service, template } = createService({ environment: { MAP_KEY_TOKEN: 'pk.visible-to-all', API_KEY: 'x' } });
    Validations.of(service).acknowledge({ id: 'cdk-ecs-workloads:plainSecret:MAP_KEY_TOKEN', reason: 'it is in every page' });
    expect(template).toThrow(/got "API_KEY"/);
  });

  test('lets tokens pass', () => {
    const { template } = declare((stack) => ({ environment: { API_KEY: new CfnParameter(stack, 'Key').valueAsString } }));
    expect(taskOf(template()).ContainerDefinitions[0].Environment).toContainEqual({ Name: 'API_KEY', Value: { Ref: 'Key' } });
  });
});
