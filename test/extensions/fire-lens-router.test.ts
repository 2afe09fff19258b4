import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Size, Stack } from 'aws-cdk-lib/core';
import { FireLensOptions, FireLensRouter } from '../../src';
import { FRESH, routerFiles, STORED } from '../../src/extensions/router-configuration';
import { createService, IMAGE } from '../util/fixtures';

function containersWith(make: (stack: Stack) => FireLensRouter, template: { of?: Template } = {}): Record<string, any> {
  const { service, stack, template: synthesise } = createService();
  service.addExtension('Logs', make(stack));
  template.of = synthesise();
  const [{ Properties }] = Object.values(template.of.findResources('AWS::ECS::TaskDefinition'));
  return Object.fromEntries(Properties.ContainerDefinitions.map((container: any) => [container.Name, container]));
}

const toDatadog = (options: FireLensOptions = {}) => new FireLensRouter({ output: { Name: 'datadog' }, ...options });

/** What the task role may do. */
function grantsOf(template: Template): any[] {
  const [role] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('OrdersTaskRole')).map(([, each]) => each);
  return (role.Properties.Policies ?? []).flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement);
}

describe('FireLensRouter', () => {
  test('takes the lines of all containers, those before and those after it, and starts first', () => {
    const { service, stack, template } = createService();
    const key = ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Key', 'datadog'));
    service.addSidecar('Before', { image: IMAGE });
    service.addExtension('Logs', new FireLensRouter({ output: { Name: 'datadog', Host: 'http-intake.logs.datadoghq.eu' }, secrets: { apikey: key } }));
    service.addSidecar('After', { image: IMAGE });
    const [{ Properties }] = Object.values(template().findResources('AWS::ECS::TaskDefinition'));
    const containers = Object.fromEntries(Properties.ContainerDefinitions.map((container: any) => [container.Name, container]));
    for (const name of ['App', 'Before', 'After']) {
      expect(containers[name].LogConfiguration).toEqual({
        LogDriver: 'awsfirelens',
        Options: { 'Name': 'datadog', 'Host': 'http-intake.logs.datadoghq.eu', 'retry_limit': 'no_limits', 'storage.total_limit_size': '1024M' },
        SecretOptions: [{ Name: 'apikey', ValueFrom: expect.anything() }],
      });
      expect(containers[name].DependsOn).toContainEqual({ ContainerName: 'LogRouter', Condition: 'HEALTHY' });
    }
    expect(containers.LogRouter).toMatchObject({ Essential: true, LogConfiguration: { LogDriver: 'awslogs' }, StopTimeout: 60 });
    expect(Object.keys(containers)).toHaveLength(4);
  });

  test('is healthy while it answers, also while its output does not', () => {
    const { LogRouter } = containersWith(() => toDatadog());
    expect(LogRouter.HealthCheck.Command).toEqual(['CMD-SHELL', 'curl -sf http://127.0.0.1:2020/api/v1/uptime || exit 1']);
    expect(LogRouter.Environment.find(({ Name }: any) => Name === 'ROUTER_FILE_0').Value).toContain('HTTP_Server On\n    HTTP_Listen 127.0.0.1\n    HTTP_Port 2020');
  });

  test('begins with files that its command writes, and FireLens includes', () => {
    const { LogRouter } = containersWith(() => toDatadog({ entryStart: "^\\S|it's $HOME %s" }));
    expect(LogRouter.FirelensConfiguration).toEqual({
      Type: 'fluentbit',
      Options: { 'enable-ecs-log-metadata': 'true', 'config-file-type': 'file', 'config-file-value': '/fluent-bit/router.conf' },
    });
    const [shell, flag, script] = LogRouter.Command;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'router-'));
    try {
      const env = Object.fromEntries(LogRouter.Environment.map(({ Name, Value }: any) => [Name, Value]));
      fs.mkdirSync(path.join(folder, 'fluent-bit'));
      fs.writeFileSync(path.join(folder, 'entrypoint.sh'), 'echo started');
      const here = script.replaceAll('/fluent-bit/', `${folder}/fluent-bit/`).replace('/entrypoint.sh', `${folder}/entrypoint.sh`);
      expect(execFileSync(shell, [flag, here], { env: { ...process.env, ...env }, encoding: 'utf8' })).toBe('started\n');
      for (const [file, text] of Object.entries(routerFiles({ parsesJson: true, entryStart: "^\\S|it's $HOME %s" }))) {
        expect(fs.readFileSync(path.join(folder, file), 'utf8')).toBe(text);
      }
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('takes as much of the disk as it is told, and what the output says itself', () => {
    const { App } = containersWith(() => new FireLensRouter({ output: { Name: 'http', Retry_Limit: '3' }, bufferSize: Size.gibibytes(5), enableEcsMetadata: false }));
    expect(App.LogConfiguration.Options).toEqual({ 'Name': 'http', 'Retry_Limit': '3', 'storage.total_limit_size': '5120M' });
  });

  test('goes to the workload\'s own log group, which it may write', () => {
    const made: { of?: Template } = {};
    const { App } = containersWith(() => FireLensRouter.toLogGroup(), made);
    expect(App.LogConfiguration.Options).toMatchObject({
      Name: 'cloudwatch_logs', region: 'us-east-1', log_group_name: { Ref: expect.stringMatching(/^OrdersLogGroup/) }, log_stream_prefix: 'ecs/', auto_create_group: 'Off',
    });
    expect(grantsOf(made.of!)).toEqual([{
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^OrdersLogGroup/), 'Arn'] },
    }]);
  });

  test('goes to a stream of Firehose, which it may write', () => {
    const made: { of?: Template } = {};
    const stream = (stack: Stack) => firehose.DeliveryStream.fromDeliveryStreamAttributes(stack, 'Stream', { deliveryStreamName: 'orders' });
    const { App } = containersWith((stack) => FireLensRouter.toFirehose(stream(stack)), made);
    expect(App.LogConfiguration.Options).toMatchObject({ Name: 'kinesis_firehose', region: 'us-east-1', delivery_stream: 'orders' });
    expect(grantsOf(made.of!)).toEqual([{ Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'], Effect: 'Allow', Resource: expect.anything() }]);
  });

  test('goes to a bucket, of which it may write what is below the prefix', () => {
    const made: { of?: Template } = {};
    const { App } = containersWith((stack) => FireLensRouter.toBucket(new s3.Bucket(stack, 'Bucket'), 'logs/orders'), made);
    expect(App.LogConfiguration.Options).toMatchObject({
      Name: 's3', bucket: { Ref: expect.stringMatching(/^Bucket/) }, s3_key_format: '/logs/orders/$TAG[0]/%Y/%m/%d/%H_%M_%S-$UUID.gz', compression: 'gzip',
    });
    const [{ Action, Resource }] = grantsOf(made.of!);
    expect(Action).toContain('s3:PutObject');
    expect(Resource).toEqual({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^Bucket/), 'Arn'] }, '/logs/orders/*']] });
  });

  test('fails when the output has no Name', () => {
    expect(() => new FireLensRouter({ output: { region: 'eu-south-1' } })).toThrow(
      new Error("'output' must have the 'Name' of an output of Fluent Bit, got none; give one such as 'firehose' or 'cloudwatch_logs'"));
  });

  test.each([[Size.kibibytes(100), 0.09765625], [Size.gibibytes(101), 103424]])('fails when the buffer is out of bounds: %#', (bufferSize, mebibytes) => {
    expect(() => toDatadog({ bufferSize })).toThrow(new Error(
      `'bufferSize' must be a whole number of MiB, from 1 MiB to 100 GiB, got ${mebibytes} MiB; it is a part of the task's disk`));
  });

  test.each(['', 'a"b', 'a\nb'])('fails when the start of entries cannot be written: %j', (entryStart) => {
    expect(() => toDatadog({ entryStart })).toThrow(new Error(
      `'entryStart' must be a regular expression without double quotes and line breaks, got ${JSON.stringify(entryStart)}; write '\\x22' for a quote`));
  });

  test.each(['', '/logs', 'logs/', '/'])('fails when the prefix of a bucket is "%s"', (prefix) => {
    const { stack } = createService();
    expect(() => FireLensRouter.toBucket(s3.Bucket.fromBucketName(stack, 'Bucket', 'lines'), prefix)).toThrow(new Error(
      `'prefix' must not begin or end with a slash or be empty, got "${prefix}"; write it as 'logs/orders'`));
  });
});

/** A section of Fluent Bit's classic form. */
interface Section {
  readonly name: string;
  readonly settings: [string, string][];
}

function sectionsOf(text: string): Section[] {
  return text.trim().split('\n\n').map((section) => {
    const [head, ...lines] = section.split('\n');
    return { name: /^\[(\w+)\]$/.exec(head)![1], settings: lines.map((line) => /^ {4}(\S+) (.+)$/.exec(line)!.slice(1) as [string, string]) };
  });
}

const settingOf = ({ settings }: Section, key: string) => settings.find(([name]) => name === key)?.[1];

describe('configuration of the router', () => {
  const TAG = 'App-firelens-0123456789abcdef0123456789abcdef';
  const files = routerFiles({ parsesJson: true, entryStart: '^\\S' });
  const [main, parsers] = Object.values(files).map(sectionsOf);

  /** The filters that a record with a tag goes through, in their order. */
  const filtersOf = (tag: string) => main.filter(({ name }) => name === 'FILTER').filter((filter) => new RegExp(settingOf(filter, 'Match_Regex')!).test(tag))
    .map((filter) => settingOf(filter, 'Name'));

  test('takes metadata off, joins, and stores on the way in; makes fields of what was stored', () => {
    expect(filtersOf(TAG)).toEqual(['record_modifier', 'multiline', 'rewrite_tag']);
    expect(filtersOf(`${TAG}.stored`)).toEqual(['parser']);
    expect(filtersOf('firelens-healthcheck')).toEqual([]);
  });

  test('hands on under a tag that FireLens sends to its output, and that is not handed on again', () => {
    const [, key, pattern, tag, keep] = /^(\S+) (\S+) (\S+) (\S+)$/.exec(settingOf(main.find((each) => settingOf(each, 'Name') === 'rewrite_tag')!, 'Rule')!)!;
    const stored = tag.replace('$TAG', TAG);
    expect([key, keep]).toEqual(['$log', 'false']);
    expect(['GET /', ''].every((line) => new RegExp(pattern).test(line))).toBe(true);
    expect(stored.startsWith('App-firelens')).toBe(true); // the output's Match is App-firelens*
    expect([new RegExp(FRESH).test(stored), new RegExp(STORED).test(stored)]).toEqual([false, true]);
  });

  test('stores on disk', () => {
    expect(settingOf(main.find((each) => settingOf(each, 'Name') === 'rewrite_tag')!, 'Emitter_Storage.type')).toBe('filesystem');
    expect(settingOf(main[0], 'storage.path')).toBe('/var/lib/fluent-bit');
  });

  test('names parsers that its files have', () => {
    expect(settingOf(main[0], 'Parsers_File')).toBe(Object.keys(files)[1]);
    const used = main.flatMap((each) => [settingOf(each, 'Parser'), settingOf(each, 'multiline.parser')]).filter((name) => name !== undefined);
    expect(parsers.map((each) => settingOf(each, 'Name') ?? settingOf(each, 'name')).sort()).toEqual(used.sort());
  });

  test.each([['^\\S', true], ['ERROR', true], ['^(INFO|ERROR)', true]])('joins by %s: a line either begins an entry or goes on', (entryStart) => {
    const [parser] = sectionsOf(Object.values(routerFiles({ parsesJson: false, entryStart }))[1]);
    const [begins, goesOn] = parser.settings.filter(([key]) => key === 'rule').map(([, rule]) => new RegExp(/^"\w+" "\/(.*)\/" "cont"$/.exec(rule)![1]));
    for (const line of ['ERROR at', '  ERROR', 'INFO', '  at main', '', 'x ERROR y']) expect([line, goesOn.test(line)]).toEqual([line, !begins.test(line)]);
  });

  test('has no parsers where nothing is parsed', () => {
    const plain = routerFiles({ parsesJson: false });
    expect(Object.keys(plain)).toEqual(['/fluent-bit/router.conf']);
    expect(JSON.stringify(plain)).not.toContain('Parser');
  });
});
