import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { App, CfnParameter, Duration, SecretValue, Size, Stack } from 'aws-cdk-lib/core';
import {
  ClusterCapacity, ClusterNetwork, ClusterProfile, DeploymentTaskOptions, EbsVolume, EcsMicroservice, EcsMicroserviceProps, ServiceCapacity,
} from '../../src';
import { createCluster, createStack, IMAGE, importedVpc } from '../util/fixtures';

function create(make: (service: EcsMicroservice, stack: Stack) => void, props: (stack: Stack) => Partial<EcsMicroserviceProps> = () => ({})) {
  const stack = createStack();
  const cluster = createCluster(stack, { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.existing(importedVpc(stack)) });
  const service = new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, ...props(stack) });
  make(service, stack);
  return { stack, service, template: Template.fromStack(stack) };
}

const MIGRATE: DeploymentTaskOptions = { command: ['node', 'migrate.js'] };
const migrated = (options: Partial<DeploymentTaskOptions> = {}, props?: (stack: Stack) => Partial<EcsMicroserviceProps>) =>
  create((service) => service.deployments.beforeDeploy('Migrate', { ...MIGRATE, ...options }), props).template;

const ref = (pattern: string) => ({ Ref: Match.stringLikeRegexp(pattern) });
const arn = (pattern: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(pattern), 'Arn'] });

/** All statements of a role, inline and in policies of its own, by action. */
function statementsOf(template: Template, role: string): Record<string, any> {
  const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith(role));
  expect(roles).toHaveLength(1);
  const [[id, { Properties }]] = roles;
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) => JSON.stringify(policy.Properties.Roles).includes(id));
  const documents = [...(Properties.Policies ?? []), ...policies.map((policy) => policy.Properties)].map((policy: any) => policy.PolicyDocument);
  return Object.fromEntries(documents.flatMap(({ Statement }) => Statement.map((statement: any) => [[statement.Action].flat().join(' '), statement])));
}

describe('beforeDeploy', () => {
  test('runs the command in a task of the new revision, with the network and the security group of the service, on Fargate on demand also beside Spot', () => {
    migrated({ environment: { STEP: 'two' }, timeout: Duration.minutes(10) }, () => ({ capacity: ServiceCapacity.fargateSpot() })).hasResourceProperties('Custom::DeploymentTask', {
      ServiceToken: arn('^OrdersDeploymentTasksRunnerFunction'),
      ServiceTimeout: 900,
      Name: 'Migrate',
      Cluster: arn('^PlatformCluster'),
      TaskDefinition: ref('^OrdersTaskDefinition'),
      Container: 'App',
      TimeoutSeconds: 600,
      LogGroup: ref('^OrdersLogGroup'),
      LogStreamPrefix: 'ecs',
      Run: {
        launchType: 'FARGATE',
        capacityProviderStrategy: Match.absent(),
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ['subnet-c', 'subnet-d'], securityGroups: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersSecurityGroup'), 'GroupId'] }], assignPublicIp: 'DISABLED' },
        },
        overrides: { containerOverrides: [{ name: 'App', command: ['node', 'migrate.js'], environment: [{ name: 'STEP', value: 'two' }] }] },
      },
    });
  });

  test('with a public address where the tasks of the cluster have one', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { network: ClusterNetwork.publicSubnets() });
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE }).deployments.beforeDeploy('Migrate', MIGRATE);
    Template.fromStack(stack).hasResourceProperties('Custom::DeploymentTask', {
      Run: { networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'ENABLED' } }, overrides: { containerOverrides: [{ environment: Match.absent() }] } },
    });
  });

  test('on the instances of a service on instances', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { network: ClusterNetwork.existing(importedVpc(stack)) });
    const capacity = ServiceCapacity.on(cluster.addCapacity('General', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m7i.large')], max: 2 })));
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, capacity }).deployments.beforeDeploy('Migrate', MIGRATE);
    Template.fromStack(stack).hasResourceProperties('Custom::DeploymentTask', {
      Run: { launchType: Match.absent(), capacityProviderStrategy: [{ capacityProvider: ref('^PlatformGeneral'), weight: 1 }] },
    });
  });

  test('comes before the service, each after the one before, and after all that a task needs', () => {
    const { template } = create((service) => {
      service.deployments.beforeDeploy('Migrate', MIGRATE);
      service.deployments.beforeDeploy('Warm', MIGRATE);
    });
    const dependsOn = (Name: string): string[] => Object.values(template.findResources('Custom::DeploymentTask', { Properties: { Name } }))[0].DependsOn;
    const [service] = Object.values(template.findResources('AWS::ECS::Service'));
    expect(service.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching('^OrdersDeploymentTasksMigrate'), expect.stringMatching('^OrdersDeploymentTasksWarm')]));
    expect(dependsOn('Warm')).toContainEqual(expect.stringMatching('^OrdersDeploymentTasksMigrate'));
    for (const needed of ['^OrdersTaskRole', '^OrdersExecutionRole', '^OrdersDeploymentTasksGoOnPolicy', '^PlatformClusterAssociation|^PlatformCapacity']) {
      expect(dependsOn('Migrate')).toContainEqual(expect.stringMatching(needed));
    }
  });

  test('its function may run this task definition in this cluster, hand on these two roles, read this log, and see this stack', () => {
    const statements = statementsOf(migrated(), 'OrdersDeploymentTasksRunnerRole');
    const inCluster = { ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [expect.stringMatching('^PlatformCluster'), 'Arn'] } } };
    const inAccount = (...parts: unknown[]) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...parts]] });
    const attribute = (pattern: string) => ({ 'Fn::GetAtt': [expect.stringMatching(pattern), 'Arn'] });
    expect(statements).toEqual({
      'logs:CreateLogStream logs:PutLogEvents': expect.objectContaining({ Resource: attribute('^OrdersDeploymentTasksRunnerLogGroup') }),
      'ecs:RunTask': expect.objectContaining({ Resource: inAccount(':ecs:us-east-1:123456789012:task-definition/StackOrdersTaskDefinition1CEB2EB8:*'), Condition: inCluster }),
      'ecs:DescribeTasks ecs:StopTask': expect.objectContaining({
        Resource: inAccount(':ecs:us-east-1:123456789012:task/', { Ref: expect.stringMatching('^PlatformCluster') }, '/*'), Condition: inCluster,
      }),
      'iam:PassRole': expect.objectContaining({
        Resource: [attribute('^OrdersExecutionRole'), attribute('^OrdersTaskRole')], Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      }),
      'logs:GetLogEvents': expect.objectContaining({ Resource: inAccount(':logs:us-east-1:123456789012:log-group:', { Ref: expect.stringMatching('^OrdersLogGroup') }, ':log-stream:*') }),
      'cloudformation:DescribeStacks': expect.objectContaining({ Resource: { Ref: 'AWS::StackId' } }),
      'lambda:InvokeFunction': expect.objectContaining({ Resource: attribute('^OrdersDeploymentTasksRunnerFunction') }),
    });
  });

  test('two of them share one function, two services do not', () => {
    const { template } = create((service, stack) => {
      service.deployments.beforeDeploy('Migrate', MIGRATE);
      service.deployments.beforeDeploy('Warm', MIGRATE);
      const cluster = stack.node.findChild('Platform') as ReturnType<typeof createCluster>;
      new EcsMicroservice(stack, 'Users', { cluster, image: IMAGE }).deployments.beforeDeploy('Migrate', MIGRATE);
    });
    template.resourceCountIs('Custom::DeploymentTask', 3);
    template.resourceCountIs('AWS::Lambda::Function', 2);
  });

  test('a service without it has nothing of it', () => {
    const { template } = create(() => undefined);
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test.each([[Duration.seconds(1), 301], [Duration.minutes(55), 3600]])('may take %s', (timeout, waits) => {
    migrated({ timeout }).hasResourceProperties('Custom::DeploymentTask', { ServiceTimeout: waits });
  });

  test('fails when it is to take longer than CloudFormation waits', () => {
    expect(() => migrated({ timeout: Duration.hours(1) })).toThrow(new Error(
      "'timeout' must be between 1 and 3300 seconds, got 3600 seconds; CloudFormation waits an hour at most; do in the background what takes longer, "
      + 'while both versions work with both forms of the data (at Stack/Orders/DeploymentTasks/Migrate)'));
  });

  test('fails when it has no command', () => {
    expect(() => migrated({ command: [] })).toThrow(new Error("'command' must have at least one word, got none; give what is to run before the deployment, "
      + "such as ['node', 'migrate.js'] (at Stack/Orders/DeploymentTasks/Migrate)"));
  });

  test('fails when the service has disks that only its own deployment makes', () => {
    expect(() => create((service) => {
      service.deployments.beforeDeploy('Migrate', MIGRATE);
      service.addExtension('Index', new EbsVolume({ path: '/index', size: Size.gibibytes(10) }));
    })).toThrow("'beforeDeploy' must not be called for a service with an 'EbsVolume', whose disk only a deployment of the service makes; "
      + "keep the data on an 'EfsVolume', or migrate before 'cdk deploy' (at Stack/Orders)");
  });

  test('takes a time-out that is known at the deployment only', () => {
    const { template } = create((service, stack) => {
      const seconds = new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber;
      service.deployments.beforeDeploy('Migrate', { ...MIGRATE, timeout: Duration.seconds(seconds) });
    });
    template.hasResourceProperties('Custom::DeploymentTask', { ServiceTimeout: 3600, TimeoutSeconds: { Ref: 'Seconds' } });
  });

  test('can be told what to wait for', () => {
    const { template } = create((service, stack) => {
      const database = new ec2.SecurityGroup(stack, 'Database', { vpc: importedVpc(new Stack(stack.node.root as App, 'Other')) });
      database.connections.allowFrom(service, ec2.Port.tcp(5432));
      service.deployments.beforeDeploy('Migrate', MIGRATE).node.addDependency(database);
    });
    template.hasResource('Custom::DeploymentTask', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Databasefrom')]) });
  });

  test('fails when its environment has what looks like a secret', () => {
    expect(() => migrated({ environment: { DB_PASSWORD: 'hunter2hunter2' } })).toThrow("'environment' must hold no secrets, got \"DB_PASSWORD\"");
  });
});

describe('preflight', () => {
  type Then = (service: EcsMicroservice, stack: Stack) => void;
  const preflight = (props: (stack: Stack) => Partial<EcsMicroserviceProps>, more: Then = () => undefined) =>
    create((service, stack) => {
      service.deployments.preflight();
      service.deployments.preflight();
      more(service, stack);
    }, props).template;
  const fromEcr = (stack: Stack) => ({ image: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Repository', 'orders'), '7') });
  const imported = (stack: Stack) => secretsmanager.Secret.fromSecretNameV2(stack, 'Db', 'db');

  test('names the image and all secrets, also those that come later, and comes before the service and its tasks', () => {
    const template = preflight((stack) => ({ ...fromEcr(stack), secrets: { PASSWORD: ecs.Secret.fromSecretsManager(imported(stack), 'password') } }), (service, stack) => {
      const later = ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Key', { parameterName: '/orders/key' });
      service.addSidecar('Proxy', { image: IMAGE, secrets: { KEY: ecs.Secret.fromSsmParameter(later) } });
      service.deployments.beforeDeploy('Migrate', MIGRATE);
    });
    template.hasResourceProperties('Custom::ServicePreflight', {
      ServiceTimeout: 120,
      Service: 'Stack/Orders',
      Images: [{ 'Fn::Join': ['', ['123456789012.dkr.ecr.us-east-1.', { Ref: 'AWS::URLSuffix' }, '/orders:7']] }],
      Secrets: [
        { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:us-east-1:123456789012:secret:db:password::']] },
        { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ssm:us-east-1:123456789012:parameter/orders/key']] },
      ],
    });
    for (const type of ['AWS::ECS::Service', 'Custom::DeploymentTask']) {
      template.hasResource(type, { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^OrdersPreflight[0-9A-F]{8}$')]) });
    }
    template.resourceCountIs('Custom::ServicePreflight', 1);
  });

  test('its function may describe, and read a secret only where a key of it is asked for', () => {
    const template = preflight((stack) => {
      const key = new kms.Key(stack, 'Key');
      const secret = (id: string) => new secretsmanager.Secret(stack, id, { encryptionKey: key, secretObjectValue: { password: SecretValue.unsafePlainText('x') } });
      return {
        ...fromEcr(stack),
        secrets: {
          WHOLE: ecs.Secret.fromSecretsManager(secret('Whole')),
          PASSWORD: ecs.Secret.fromSecretsManager(secret('Keyed'), 'password'),
          PARAMETER: ecs.Secret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/orders/key' })),
        },
      };
    });
    const statements = statementsOf(template, 'OrdersPreflightCheckerRole');
    expect(Object.keys(statements).sort()).toEqual([
      'cloudformation:DescribeStacks', 'ecr:DescribeImages', 'logs:CreateLogStream logs:PutLogEvents',
      'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue secretsmanager:DescribeSecret', 'ssm:GetParameter',
    ]);
    expect(statements['secretsmanager:GetSecretValue secretsmanager:DescribeSecret'].Resource).toEqual({ Ref: expect.stringMatching('^Keyed') });
    expect(statements['secretsmanager:DescribeSecret'].Resource).toEqual({ Ref: expect.stringMatching('^Whole') });
    template.hasResourceProperties('AWS::KMS::Key', { // the key is asked through Secrets Manager alone
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: 'kms:Decrypt', Principal: { AWS: arn('^OrdersPreflightCheckerRole') }, Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } },
        })]),
      },
    });
    expect(JSON.stringify(statements['ecr:DescribeImages'].Resource)).toContain('repository/orders');
    expect(JSON.stringify(Object.values(statements).map(({ Resource }) => Resource))).not.toContain('"*"');
  });

  test('an image in the ECR of another account is looked up there', () => {
    const template = preflight(() => ({ image: ecs.ContainerImage.fromRegistry('444455556666.dkr.ecr.eu-west-1.amazonaws.com/base/web@sha256:0123') }));
    template.hasResourceProperties('Custom::ServicePreflight', { Images: ['444455556666.dkr.ecr.eu-west-1.amazonaws.com/base/web@sha256:0123'], Secrets: Match.absent() });
    expect(JSON.stringify(statementsOf(template, 'OrdersPreflightCheckerRole')['ecr:DescribeImages'].Resource)).toContain(':ecr:eu-west-1:444455556666:repository/base/web');
  });

  test('an image of another registry, and an asset, which is pushed before, are not looked up', () => {
    for (const image of [IMAGE, ecs.ContainerImage.fromAsset('integ/images/hello')]) {
      const template = preflight(() => ({ image }));
      template.hasResourceProperties('Custom::ServicePreflight', { Images: Match.absent() });
      expect(statementsOf(template, 'OrdersPreflightCheckerRole')['ecr:DescribeImages']).toBeUndefined();
    }
  });
});
