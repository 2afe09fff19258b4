import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { App, Size, Stack } from 'aws-cdk-lib/core';
import {
  EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, EcsTask, FireLensRouter, IWatchedWorkload, LogDelivery, LogEntry, WorkloadLogs,
} from '../../src';
import { createCluster, createService, createStack, ENV, IMAGE } from '../util/fixtures';

/** Of all containers, by their names. */
function logOptionsOf(template: Template): Record<string, Record<string, string>> {
  const [{ Properties }] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
  return Object.fromEntries(Properties.ContainerDefinitions.map(({ Name, LogConfiguration }: any) => [Name, LogConfiguration.Options]));
}

describe('WorkloadLogs', () => {
  test.each<[string, (stack: Stack) => IWatchedWorkload]>([
    ['a service', (stack) => new EcsMicroservice(stack, 'Workload', { cluster: createCluster(stack), image: IMAGE })],
    ['a worker', (stack) => new EcsQueueWorker(stack, 'Workload', { cluster: createCluster(stack), image: IMAGE })],
    ['a task', (stack) => new EcsTask(stack, 'Workload', { cluster: createCluster(stack), image: IMAGE })],
    ['a pipeline', (stack) => {
      const pipeline = new EcsBatchPipeline(stack, 'Workload', { cluster: createCluster(stack) });
      pipeline.addJob('Extract', { image: IMAGE });
      return pipeline;
    }],
  ])('keeps the log of %s as long as it is told, encrypted with a key', (_, make) => {
    const stack = createStack();
    const workload = make(stack);
    WorkloadLogs.of(workload).keep({ retention: logs.RetentionDays.ONE_YEAR, encryptionKey: new kms.Key(stack, 'Key') });
    const template = Template.fromStack(stack);
    const [group] = Object.entries(template.findResources('AWS::Logs::LogGroup')).filter(([id]) => id.startsWith('WorkloadLogGroup')).map(([, each]) => each);
    expect(group.Properties).toEqual({ RetentionInDays: 365, KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] } });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([{
          Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:us-east-1:123456789012:log-group:Stack-*']] } } },
          Effect: 'Allow',
          Principal: { Service: { 'Fn::Join': ['', ['logs.us-east-1.', { Ref: 'AWS::URLSuffix' }]] } },
          Resource: '*',
        }]),
      },
    });
  });

  test('says it to a key once, however many workloads a stack has, and once for each stack', () => {
    const app = new App();
    const [keys, shop, bank] = ['Keys', 'Shop', 'Bank'].map((id) => new Stack(app, id, { env: ENV }));
    const encryptionKey = new kms.Key(keys, 'Key');
    const cluster = createCluster(shop);
    const workloads = [
      ...['A', 'B'].map((id) => new EcsMicroservice(shop, id, { cluster, image: IMAGE })), new EcsMicroservice(bank, 'C', { cluster: createCluster(bank), image: IMAGE }),
    ];
    workloads.forEach((workload) => WorkloadLogs.of(workload).keep({ encryptionKey }));
    const [key] = Object.values(Template.fromStack(keys).findResources('AWS::KMS::Key'));
    expect(key.Properties.KeyPolicy.Statement.filter(({ Condition }: any) => Condition !== undefined)).toHaveLength(2);
  });

  test.each([
    ['leaves as it is what nobody asks for', undefined, { RetentionInDays: 30 }], ['keeps lines for ever', logs.RetentionDays.INFINITE, undefined],
  ])('%s', (_, retention, properties) => {
    const { service, template } = createService();
    WorkloadLogs.of(service).keep({ retention });
    const groups = Object.entries(template().findResources('AWS::Logs::LogGroup')).filter(([id]) => id.startsWith('OrdersLogGroup'));
    expect(groups.map(([, { Properties }]) => Properties)).toEqual([properties]);
  });

  test('fails to keep the log of another app', () => {
    const { service, stack } = createService();
    const workload = { node: service.node, logGroup: logs.LogGroup.fromLogGroupName(stack, 'Other', 'other') } as IWatchedWorkload;
    expect(() => WorkloadLogs.of(workload).keep({ retention: logs.RetentionDays.ONE_DAY })).toThrow(new Error(
      "'keep' needs a log group that this app makes, got another one; say it where that is made (at Stack/Orders)"));
  });
});

describe('LogDelivery', () => {
  const optionsWith = (delivery?: LogDelivery) => {
    const { service, template } = createService();
    service.addSidecar('Before', { image: IMAGE });
    if (delivery !== undefined) WorkloadLogs.of(service).deliver(delivery);
    service.addSidecar('After', { image: IMAGE });
    return Object.values(logOptionsOf(template())).map((options) => [options.mode, options['max-buffer-size']]);
  };

  test('does not wait, with 25 MiB, by default', () => {
    expect(optionsWith()).toEqual([['non-blocking', '26214400b'], ['non-blocking', '26214400b'], ['non-blocking', '26214400b']]);
    expect(optionsWith(LogDelivery.nonBlocking())).toEqual(optionsWith());
  });

  test('is that of all containers, those before and those after', () => {
    expect(optionsWith(LogDelivery.nonBlocking({ buffer: Size.mebibytes(4) }))).toEqual(Array(3).fill(['non-blocking', '4194304b']));
    expect(optionsWith(LogDelivery.blocking())).toEqual(Array(3).fill(['blocking', undefined]));
  });

  test('takes the bounds of the buffer', () => {
    for (const buffer of [Size.mebibytes(1), Size.gibibytes(1)]) expect(() => LogDelivery.nonBlocking({ buffer })).not.toThrow();
  });

  test.each([[Size.kibibytes(1023), 0.9990234375], [Size.mebibytes(1025), 1025]])('fails when the buffer is out of bounds: %#', (buffer, mebibytes) => {
    expect(() => LogDelivery.nonBlocking({ buffer })).toThrow(new Error(
      `'buffer' must be between 1 MiB and 1 GiB, got ${mebibytes} MiB; it counts against the memory of the task`));
  });

  test('fails for a pipeline', () => {
    const stack = createStack();
    const pipeline = new EcsBatchPipeline(stack, 'Etl', { cluster: createCluster(stack) });
    const problem = (method: string) => new Error(
      `'${method}' is for services, workers and tasks, got a pipeline, whose jobs wait for CloudWatch Logs; leave it out (at Stack/Etl)`);
    expect(() => WorkloadLogs.of(pipeline).deliver(LogDelivery.blocking())).toThrow(problem('deliver'));
    expect(() => WorkloadLogs.of(pipeline).joinLines(LogEntry.startsWith('^A'))).toThrow(problem('joinLines'));
  });

  test.each(['before', 'after'])('fails where a log router takes the lines, which is added %s', (when) => {
    const { service } = createService();
    const route = () => service.addExtension('Logs', new FireLensRouter({ output: { Name: 'firehose' } }));
    const deliver = () => WorkloadLogs.of(service).deliver(LogDelivery.blocking());
    const [first, second] = when === 'before' ? [route, deliver] : [deliver, route];
    first();
    expect(second).toThrow(new Error(
      "'WorkloadLogs' cannot say how lines are delivered and joined where a log router takes them; say it to the 'FireLensRouter' (at Stack/Orders)"));
  });
});

describe('LogEntry', () => {
  test('joins the lines of the application alone, however it is delivered', () => {
    const { service, template } = createService();
    service.addSidecar('Before', { image: IMAGE });
    const own = WorkloadLogs.of(service);
    own.joinLines(LogEntry.startsWith('^\\S'));
    own.deliver(LogDelivery.blocking());
    service.addSidecar('After', { image: IMAGE });
    const options = logOptionsOf(template());
    expect(options.App).toMatchObject({ 'mode': 'blocking', 'awslogs-multiline-pattern': '^\\S' });
    expect([options.Before, options.After].map((each) => [each.mode, each['awslogs-multiline-pattern']])).toEqual(Array(2).fill(['blocking', undefined]));
  });

  test('begins with a time', () => {
    const { service, template } = createService();
    WorkloadLogs.of(service).joinLines(LogEntry.startsWithTime('%Y-%m-%d'));
    expect(logOptionsOf(template()).App).toMatchObject({ 'mode': 'non-blocking', 'awslogs-datetime-format': '%Y-%m-%d' });
  });

  test('fails when nothing begins an entry', () => {
    expect(() => LogEntry.startsWith('')).toThrow(new Error(
      "'pattern' must be a regular expression, such as '^\\\\S', got nothing; without it each line is an entry"));
    expect(() => LogEntry.startsWithTime('')).toThrow(new Error(
      "'format' must be the form of a time, such as '%Y-%m-%d %H:%M:%S', got nothing; without it each line is an entry"));
    expect(() => LogEntry.startsWithTime('yyyy-mm-dd')).toThrow(new Error("'format' must have letters of strftime, such as '%Y-%m-%d %H:%M:%S', "
      + "got \"yyyy-mm-dd\"; use 'startsWith' for a regular expression"));
  });
});
