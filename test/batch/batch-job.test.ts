import { Match } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter, Duration, Stack } from 'aws-cdk-lib/core';
import { createJob, createPipeline, definitionOf } from './fixtures';
import { FanOut } from '../../src';
import { retryStrategy } from '../../src/batch/job-retries';
import { createStack, IMAGE } from '../util/fixtures';

const DEFINITION = 'AWS::Batch::JobDefinition';

describe('BatchJob', () => {
  describe('container', () => {
    test('is hardened, logs to the pipeline and stays out of public networks', () => {
      createJob({ command: ['extract.py', '--all'] }).template().hasResourceProperties(DEFINITION, {
        Type: 'container',
        PropagateTags: true,
        JobDefinitionName: Match.absent(),
        Tags: Match.absent(),
        ResourceRetentionPolicy: { SkipDeregisterOnUpdate: true },
        ContainerProperties: {
          Command: ['extract.py', '--all'],
          Environment: Match.absent(),
          Secrets: Match.absent(),
          ReadonlyRootFilesystem: true,
          LinuxParameters: { InitProcessEnabled: true },
          Volumes: [{ Name: 'scratch0', Host: Match.absent() }],
          MountPoints: [{ SourceVolume: 'scratch0', ContainerPath: '/tmp', ReadOnly: false }],
          FargatePlatformConfiguration: { PlatformVersion: 'LATEST' },
          NetworkConfiguration: { AssignPublicIp: 'DISABLED' },
          LogConfiguration: {
            LogDriver: 'awslogs',
            Options: {
              'awslogs-group': { Ref: Match.stringLikeRegexp('^EtlLogGroup') },
              'awslogs-region': 'us-east-1',
              'awslogs-stream-prefix': 'Extract',
            },
          },
        },
      });
    });

    test('runs as the user that is given', () => {
      createJob({ user: '1000:1000' }).template().hasResourceProperties(DEFINITION, { ContainerProperties: { User: '1000:1000' } });
    });

    test('may write where it is allowed to', () => {
      createJob({ writablePaths: ['/tmp', '/var/cache'] }).template().hasResourceProperties(DEFINITION, {
        ContainerProperties: {
          ReadonlyRootFilesystem: true,
          MountPoints: [Match.objectLike({ ContainerPath: '/tmp' }), Match.objectLike({ ContainerPath: '/var/cache' })],
        },
      });
    });

    test.each([
      [['/'], false],
      [[], true],
    ])('needs no volume for %j', (writablePaths, isReadOnly) => {
      createJob({ writablePaths }).template().hasResourceProperties(DEFINITION, {
        ContainerProperties: { ReadonlyRootFilesystem: isReadOnly, Volumes: Match.absent(), MountPoints: Match.absent() },
      });
    });

    test('can be an image of the app', () => {
      const { stack, pipeline, template } = createPipeline();
      pipeline.addJob('Extract', { image: ecs.ContainerImage.fromAsset(__dirname, { exclude: ['*.ts'], file: 'fixtures.ts' }) });
      template().hasResourceProperties(DEFINITION, {
        ContainerProperties: { Image: { 'Fn::Sub': Match.stringLikeRegexp('cdk-hnb659fds-container-assets') } },
      });
      template().hasResourceProperties('AWS::IAM::Role', {
        Policies: [{ PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['ecr:BatchGetImage']) })]) } }],
      });
      expect(stack.node.tryFindChild('Etl')).toBeDefined();
    });

    test('can come from a private registry', () => {
      const { stack, pipeline, template } = createPipeline();
      const credentials = secretsmanager.Secret.fromSecretNameV2(stack, 'Login', 'registry/login');
      pipeline.addJob('Extract', { image: ecs.ContainerImage.fromRegistry('registry.example.com/etl', { credentials }) });
      template().hasResourceProperties(DEFINITION, {
        ContainerProperties: { RepositoryCredentials: { CredentialsParameter: Match.anyValue() } },
      });
    });
  });

  describe('environment', () => {
    test('has the variables and secrets that are given, which the execution role alone may read', () => {
      const { stack, pipeline, template } = createPipeline();
      const secret = new secretsmanager.Secret(stack, 'Db');
      pipeline.addJob('Extract', {
        image: IMAGE,
        environment: { STAGE: 'prod' },
        secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret, 'password') },
      });
      template().hasResourceProperties(DEFINITION, {
        ContainerProperties: {
          Environment: [{ Name: 'STAGE', Value: 'prod' }],
          Secrets: [{ Name: 'PASSWORD', ValueFrom: { 'Fn::Join': ['', [{ Ref: Match.stringLikeRegexp('^Db') }, ':password::']] } }],
          JobRoleArn: Match.absent(),
        },
      });
      template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'ecs-tasks.amazonaws.com' } })] },
        Policies: [{ PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['secretsmanager:GetSecretValue']) })]) } }],
      });
    });

    test.each(['AWS_BATCH_JOB_ID', 'PIPELINE_EXECUTION_ID'])('fails when it sets %s', (name) => {
      expect(() => createJob({ environment: { [name]: 'x' } })).toThrow(new Error(
        `'environment' must not set "${name}", which AWS Batch or the pipeline sets; choose another name (at Stack/Etl/Jobs/Extract)`));
    });

    test('fails when a name is given twice', () => {
      const { stack, pipeline } = createPipeline();
      const secret = ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Db', 'db'));
      expect(() => pipeline.addJob('Extract', { image: IMAGE, environment: { KEY: 'x' }, secrets: { KEY: secret } })).toThrow(new Error(
        "'secrets' must not set \"KEY\", which 'environment' sets too; keep it in one of them (at Stack/Etl/Jobs/Extract)"));
    });
  });

  describe('role', () => {
    test('is none, and so the process has no credentials, until something is granted', () => {
      const { template } = createJob();
      template().resourceCountIs('AWS::IAM::Role', 2);
      template().hasResourceProperties(DEFINITION, { ContainerProperties: { JobRoleArn: Match.absent() } });
    });

    test('may start its own pipeline', () => {
      const { pipeline, job, template } = createJob();
      pipeline.stateMachine.grantStartExecution(job);
      // fromStack refuses a template with a cycle.
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: [Match.objectLike({ Action: 'states:StartExecution' })] },
      });
    });

    test('is made for the job that something is granted to', () => {
      const { stack, pipeline, job, template } = createJob();
      pipeline.addJob('Other', { image: IMAGE });
      s3.Bucket.fromBucketName(stack, 'Data', 'data').grantRead(job, 'in/*');
      s3.Bucket.fromBucketName(stack, 'Results', 'results').grantWrite(job);
      template().resourceCountIs('AWS::IAM::Role', 3);
      template().resourceCountIs('AWS::IAM::Policy', 1);
      template().hasResourceProperties(DEFINITION, {
        ContainerProperties: { JobRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EtlJobsExtractRole'), 'Arn'] } },
      });
      template().resourcePropertiesCountIs(DEFINITION, { ContainerProperties: { JobRoleArn: Match.absent() } }, 1);
    });
  });

  describe('failures', () => {
    const GIVE_UP_ON_IMAGE = { Action: 'EXIT', OnReason: 'CannotPull*' };
    const RETRY_START = { Action: 'RETRY', OnStatusReason: 'Task failed to start*' };
    const GIVE_UP = { Action: 'EXIT', OnStatusReason: '*' };

    test('of the process are final by default, failed starts are not', () => {
      createJob().template().hasResourceProperties(DEFINITION, {
        RetryStrategy: { Attempts: 3, EvaluateOnExit: [GIVE_UP_ON_IMAGE, RETRY_START, GIVE_UP] },
        Timeout: { AttemptDurationSeconds: 86400 },
      });
    });

    test('of the process are retried where asked to', () => {
      createJob({ attempts: 4 }).template().hasResourceProperties(DEFINITION, {
        RetryStrategy: { Attempts: 4, EvaluateOnExit: [GIVE_UP_ON_IMAGE, RETRY_START, { Action: 'RETRY', OnExitCode: '*' }, GIVE_UP] },
      });
    });

    test.each(Array.from({ length: 10 }, (_, index) => index + 1).flatMap((attempts) => [
      { attempts, platform: 'FARGATE' }, { attempts, platform: 'EC2' }, { attempts, platform: 'FARGATE', spotAttempts: 5 }, { attempts, platform: 'EC2', spotAttempts: 5 },
    ] as { attempts: number; platform: string; spotAttempts?: number }[]))('are sorted by at most five rules, of which the last gives up: %j', ({ attempts, ...props }) => {
      const { attempts: most, evaluateOnExit } = retryStrategy(attempts, props);
      expect(most).toBe(attempts === 1 ? props.spotAttempts ?? 3 : attempts);
      const rules = evaluateOnExit as { action: string; onStatusReason?: string }[];
      expect(rules.length).toBeLessThanOrEqual(5);
      expect(rules[rules.length - 1]).toEqual({ action: 'EXIT', onStatusReason: '*' });
    });

    test('take tokens', () => {
      const { stack, pipeline, template } = createPipeline();
      const number = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
      pipeline.addJob('Extract', { image: IMAGE, attempts: number('Attempts'), timeout: Duration.seconds(number('Timeout')) });
      template().hasResourceProperties(DEFINITION, {
        RetryStrategy: { Attempts: { Ref: 'Attempts' } },
        Timeout: { AttemptDurationSeconds: { Ref: 'Timeout' } },
      });
      expect(definitionOf(template()).States.Extract.TimeoutSeconds).toBe(365 * 86_400);
    });

    test.each([
      [Duration.seconds(59), 59],
      [Duration.days(15), 15 * 86_400],
    ])('fails when the time-out is out of bounds', (timeout, seconds) => {
      expect(() => createJob({ timeout })).toThrow(new Error(`'timeout' must be between 60 and 1209600 seconds, got ${seconds} seconds; `
        + 'Fargate stops each task after 14 days at the latest, and no instance should be relied on for longer (at Stack/Etl/Jobs/Extract)'));
    });

    test.each([0, 11])('fails when attempts are out of bounds: %d', (attempts) => {
      expect(() => createJob({ attempts })).toThrow(new Error(
        `'attempts' must be between 1 and 10, got ${attempts}; retry more often outside of the pipeline (at Stack/Etl/Jobs/Extract)`));
    });
  });

  describe('fan-out', () => {
    test('is the size of the array that is submitted', () => {
      const { template } = createJob({ fanOut: FanOut.array(50) });
      expect(definitionOf(template()).States.Extract.Parameters.ArrayProperties).toEqual({ Size: 50 });
    });

    test('takes tokens', () => {
      const { stack, pipeline, template } = createPipeline();
      const size = new CfnParameter(stack, 'Size', { type: 'Number' }).valueAsNumber;
      pipeline.addJob('Extract', { image: IMAGE, fanOut: FanOut.array(size) });
      template().hasResourceProperties('AWS::StepFunctions::StateMachine', {
        DefinitionString: { 'Fn::Join': ['', Match.arrayWith([{ Ref: 'Size' }])] },
      });
    });

    test.each([1, 10_001])('fails when the size is out of bounds: %d', (size) => {
      expect(() => FanOut.array(size)).toThrow(new Error(`'size' must be between 2 and 10000, got ${size}; `
        + 'split the work into fewer, larger items, or omit fanOut for a single one'));
    });
  });

  describe('id', () => {
    test.each(['Two words', 'a.b', '-dash', 'x'.repeat(81)])('fails when it is no name for AWS: %s', (id) => {
      expect(() => createPipeline().pipeline.addJob(id, { image: IMAGE })).toThrow(new Error(
        `'id' must be 1 to 80 letters, digits, '-' and '_', a letter or digit first, got "${id}"; `
        + `choose another: it names the job in AWS Batch and its state in Step Functions (at Stack/Etl/Jobs/${id})`));
    });

    test('may be that of a part of the pipeline', () => {
      const { pipeline } = createPipeline();
      expect(() => pipeline.addJob('StateMachine', { image: IMAGE })).not.toThrow();
    });
  });

  test('works without an account and Region', () => {
    const { pipeline, template } = createPipeline({}, createStack({}) as Stack);
    pipeline.addJob('Extract', { image: IMAGE });
    template().hasResourceProperties(DEFINITION, {
      ContainerProperties: { LogConfiguration: { Options: { 'awslogs-region': { Ref: 'AWS::Region' } } } },
    });
  });
});
