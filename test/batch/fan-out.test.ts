import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { createPipeline, definitionOf } from './fixtures';
import { FanOut } from '../../src';
import { createStack, IMAGE } from '../util/fixtures';

/** A pipeline whose one job fans out over what lies in a bucket. */
function createMap(fanOut: (bucket: s3.IBucket) => FanOut) {
  const created = createPipeline();
  const bucket = s3.Bucket.fromBucketName(created.stack, 'Bucket', 'data');
  created.pipeline.addJob('Resize', { image: IMAGE, fanOut: fanOut(bucket) });
  return { ...created, state: () => definitionOf(created.template()).States.Resize };
}

describe('FanOut over items', () => {
  test('is a distributed Map whose items are jobs with the name of the pipeline\'s execution', () => {
    const state = createMap((bucket) => FanOut.objects(bucket, 'photos/')).state();
    expect(state).toMatchObject({
      Type: 'Map',
      MaxConcurrency: 40,
      ToleratedFailurePercentage: 0,
      ResultPath: null,
      End: true,
      ItemSelector: { 'execution.$': '$$.Execution.Name', 'item.$': "States.Format('s3://data/{}', $$.Map.Item.Value.Key)" },
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, StartAt: 'Resize item' },
    });
    const task = state.ItemProcessor.States['Resize item'];
    expect(task.Parameters.ContainerOverrides.Environment).toEqual([
      { 'Name': 'PIPELINE_EXECUTION_ID', 'Value.$': '$.execution' }, { 'Name': 'PIPELINE_ITEM', 'Value.$': '$.item' },
    ]);
    expect([task.ResultSelector, task.ResultPath, task.Catch]).toEqual([{}, '$', undefined]);
  });

  test.each([
    ['objects', (bucket: s3.IBucket) => FanOut.objects(bucket, 'photos/'), {
      Resource: 'arn:<AWS::Partition>:states:::s3:listObjectsV2', Parameters: { Bucket: 'data', Prefix: 'photos/' },
    }],
    ['csv', (bucket: s3.IBucket) => FanOut.csv(bucket, 'list.csv'), {
      Resource: 'arn:<AWS::Partition>:states:::s3:getObject',
      Parameters: { Bucket: 'data', Key: 'list.csv' },
      ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
    }],
    ['json', (bucket: s3.IBucket) => FanOut.json(bucket, 'list.json'), {
      Resource: 'arn:<AWS::Partition>:states:::s3:getObject', Parameters: { Bucket: 'data', Key: 'list.json' }, ReaderConfig: { InputType: 'JSON' },
    }],
  ])('reads its items: %s', (_, fanOut, reader) => {
    expect(createMap(fanOut).state().ItemReader).toEqual(reader);
  });

  test('over what an earlier job writes: waits for it and may read it', () => {
    const { pipeline, template } = createPipeline();
    const split = pipeline.addJob('Split', { image: IMAGE, outputs: ['parts'] });
    pipeline.addJob('Work', { image: IMAGE, fanOut: FanOut.outputObjects(split.output('parts'), { maxConcurrency: 5, toleratedFailurePercent: 10 }) });
    const { States: { Split, Work } } = definitionOf(template());
    expect(Split.Next).toBe('Work');
    expect(Work).toMatchObject({ MaxConcurrency: 5, ToleratedFailurePercentage: 10 });
    expect(Work.ItemReader.Parameters['Prefix.$']).toMatch(/^States\.Format\('[^/]+\/\{\}\/Split\/parts\/', \$\$\.Execution\.Name\)$/);
    const policies = Object.entries(template().findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('EtlJobsWork'));
    expect(JSON.stringify(policies)).toContain('Split/parts/*');
  });

  test('the state machine may start and redrive its own items, and list just the prefix', () => {
    const { template } = createMap((bucket) => FanOut.objects(bucket, 'photos/'));
    const [maps] = Object.values(template().findResources('AWS::IAM::Policy'));
    expect(maps.Properties.PolicyDocument.Statement.map(({ Action }: { Action: unknown }) => Action)).toEqual([
      'states:StartExecution', ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
    ]);
    expect(JSON.stringify(maps)).not.toContain('"Resource":"*"');
    const roles = JSON.stringify(template().findResources('AWS::IAM::Role'));
    expect(roles).toContain('{"Action":"s3:ListBucket","Condition":{"StringLike":{"s3:prefix":["photos/*"]}}');
  });

  test('what became of the items is written below the execution, and nothing of it is handed on', () => {
    const { state, template } = createMap((bucket) => FanOut.objects(bucket, 'photos/'));
    const { ResultWriter, ResultPath } = state();
    expect(ResultWriter).toEqual({
      Resource: 'arn:<AWS::Partition>:states:::s3:putObject',
      Parameters: {
        'Bucket': expect.stringMatching(/^<EtlArtifacts/),
        'Prefix.$': expect.stringMatching(/^States\.Format\('[\w-]+\/\{\}\/\.items\/Resize', \$\$\.Execution\.Name\)$/),
      },
    });
    expect(ResultPath).toBeNull();
    const writes = Object.values(template().findResources('AWS::IAM::Role')).flatMap((role) => role.Properties.Policies?.[0].PolicyDocument.Statement ?? [])
      .filter(({ Action }) => Action.includes?.('s3:PutObject'));
    expect(writes).toEqual([{
      Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
      Effect: 'Allow',
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^EtlArtifacts/), 'Arn'] }, expect.stringMatching(/^\/[\w-]+\/\*\/\.items\/\*$/)]] },
    }]);
  });

  test('a key of the artifact bucket is for the state machine too', () => {
    const stack = createStack();
    const artifactBucket = new s3.Bucket(stack, 'Own', { encryptionKey: new kms.Key(stack, 'Key') });
    const { pipeline, template } = createPipeline({ artifactBucket }, stack);
    pipeline.addJob('Call', { image: IMAGE, fanOut: FanOut.json(artifactBucket, 'list.json') });
    const roles = Object.entries(template().findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('EtlStateMachineRole'));
    expect(JSON.stringify(roles)).toContain('"kms:Decrypt","kms:Encrypt","kms:GenerateDataKey*","kms:ReEncrypt*"');
  });

  test('two Maps share one policy', () => {
    const { stack, pipeline, template } = createPipeline();
    const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'data');
    for (const id of ['A', 'B']) pipeline.addJob(id, { image: IMAGE, fanOut: FanOut.json(bucket, 'list.json') });
    definitionOf(template());
    template().resourceCountIs('AWS::IAM::Policy', 1);
  });

  test.each([0, 1001, 1.5])('fails when maxConcurrency is %p', (maxConcurrency) => {
    expect(() => createMap((bucket) => FanOut.csv(bucket, 'k', { maxConcurrency }))).toThrow(
      `'maxConcurrency' must be ${Number.isInteger(maxConcurrency) ? '' : 'a whole number '}between 1 and 1000, got ${maxConcurrency}; `
      + 'AWS Batch takes 50 submissions a second');
  });

  test.each([-1, 101])('fails when toleratedFailurePercent is %p', (toleratedFailurePercent) => {
    expect(() => createMap((bucket) => FanOut.csv(bucket, 'k', { toleratedFailurePercent }))).toThrow(
      `'toleratedFailurePercent' must be between 0 and 100, got ${toleratedFailurePercent}; give the part of the items that may fail`);
  });

  test('fails when a list has no key', () => {
    expect(() => createMap((bucket) => FanOut.json(bucket, ''))).toThrow("'key' must name an object, got \"\"; give the key of the list");
  });

  test('fails when the id leaves no room for the items', () => {
    const { stack, pipeline } = createPipeline();
    const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'data');
    const id = 'x'.repeat(76);
    expect(() => pipeline.addJob(id, { image: IMAGE, fanOut: FanOut.json(bucket, 'k') })).toThrow(
      `'id' must be at most 75 characters where the job has items, got "${id}"; shorten it: each item is a state named after it (at Stack/Etl/Jobs/${id})`);
  });
});
