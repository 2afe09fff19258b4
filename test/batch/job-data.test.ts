import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { createPipeline, definitionOf } from './fixtures';
import { ClusterNetwork, ClusterProfile, EcsBatchPipeline } from '../../src';
import { createCluster, createStack, IMAGE, importedVpc } from '../util/fixtures';

/** Extract writes what Train reads. */
function createPair(artifactBucket?: (stack: import('aws-cdk-lib/core').Stack) => s3.IBucket) {
  const created = createPipeline();
  const pipeline = artifactBucket === undefined
    ? created.pipeline
    : new EcsBatchPipeline(created.stack, 'Shared', { cluster: created.cluster, artifactBucket: artifactBucket(created.stack) });
  if (artifactBucket !== undefined) created.pipeline.addJob('Extract', { image: IMAGE });
  const extract = pipeline.addJob('Extract', { image: IMAGE, outputs: ['rows', 'report'] });
  const train = pipeline.addJob('Train', { image: IMAGE, inputs: { data: extract.output('rows') } });
  return { ...created, pipeline, extract, train };
}

const variables = (state: any) => Object.fromEntries(state.Parameters.ContainerOverrides.Environment.map((each: any) => [each.Name, each['Value.$']]));

describe('data between jobs', () => {
  test('an input is an edge', () => {
    const { template } = createPair();
    const { StartAt, States } = definitionOf(template());
    expect([StartAt, States.Extract.Next, States.Train.End]).toEqual(['Extract', 'Train', true]);
  });

  test('producer and consumer find the same URI, which belongs to the execution', () => {
    const { template } = createPair();
    const { States } = definitionOf(template());
    const uri = (name: string) => expect.stringMatching(new RegExp(`^States.Format\\('s3://<EtlArtifacts[^>]+>/[^/{]+/\\{\\}/Extract/${name}', \\$\\$\\.Execution\\.Name\\)$`));
    expect(variables(States.Extract)).toEqual({
      PIPELINE_EXECUTION_ID: '$$.Execution.Name', OUTPUT_ROWS: uri('rows'), OUTPUT_REPORT: uri('report'),
    });
    expect(variables(States.Train)).toEqual({ PIPELINE_EXECUTION_ID: '$$.Execution.Name', INPUT_DATA: uri('rows') });
    expect(variables(States.Train).INPUT_DATA).toBe(variables(States.Extract).OUTPUT_ROWS);
  });

  test('the bucket is encrypted, private and forgets', () => {
    const { template } = createPair();
    template().hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }] },
      },
    });
  });

  test('a pipeline without outputs has no bucket', () => {
    const { pipeline, template } = createPipeline();
    pipeline.addJob('Extract', { image: IMAGE });
    template().resourceCountIs('AWS::S3::Bucket', 0);
  });

  test('the producer may write just its outputs, the consumer read just its inputs', () => {
    const { template } = createPair();
    const statements = (job: string) => Object.entries(template().findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith(`EtlJobs${job}`))
      .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement);
    const written = statements('Extract').find((each: any) => each.Action.includes?.('s3:PutObject'));
    expect(JSON.stringify(written.Resource)).toMatch(/Extract\/rows"/);
    expect(JSON.stringify(statements('Extract'))).not.toMatch(/"s3:\*"|Extract\/\*/);
    const read = JSON.stringify(statements('Train'));
    expect(read).toContain('s3:GetObject');
    expect(read).toContain('Extract/rows/*');
    expect(read).not.toMatch(/PutObject|DeleteObject|report/);
    expect(statements('Train').find((each: any) => each.Action === 's3:ListBucket').Condition).toEqual({
      StringLike: { 's3:prefix': [expect.stringMatching(/\*\/Extract\/rows$/), expect.stringMatching(/\*\/Extract\/rows\/\*$/)] },
    });
  });

  test('a bucket of the user with a key of the user: the jobs may use the key', () => {
    const { template } = createPair((stack) => new s3.Bucket(stack, 'Mine', { encryptionKey: new kms.Key(stack, 'Key') }));
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt', 'kms:GenerateDataKey*']) })]) },
    });
    template().resourceCountIs('AWS::S3::Bucket', 1);
  });

  test('the development profile deletes the bucket with its objects', () => {
    const stack = createStack();
    const cluster = createCluster(stack, { profile: ClusterProfile.DEVELOPMENT, network: ClusterNetwork.existing(importedVpc(stack)) });
    new EcsBatchPipeline(stack, 'Etl', { cluster }).addJob('Extract', { image: IMAGE, outputs: ['rows'] });
    Template.fromStack(stack).hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    Template.fromStack(stack).resourceCountIs('Custom::S3AutoDeleteObjects', 1);
  });

  test('fails when an output is not declared', () => {
    const { extract } = createPair();
    expect(() => extract.output('row')).toThrow("'name' must be one of the job's outputs, which are [\"rows\",\"report\"], got \"row\"; "
      + "add it to the job's 'outputs' (at Stack/Etl/Jobs/Extract)");
  });

  test.each(['', '1st', 'a-b', "it's", 'x'.repeat(64)])('fails when an output is called %p', (name) => {
    const { pipeline } = createPipeline();
    expect(() => pipeline.addJob('Extract', { image: IMAGE, outputs: [name] })).toThrow(
      `'outputs' must be 1 to 63 letters, digits and '_', a letter first, got ${JSON.stringify(name)}; `
      + 'choose another: it is part of a key in S3 and of an environment variable (at Stack/Etl/Jobs/Extract)');
  });

  test('fails when two outputs would share a variable', () => {
    const { pipeline } = createPipeline();
    expect(() => pipeline.addJob('Extract', { image: IMAGE, outputs: ['rows', 'ROWS'] })).toThrow(
      "'outputs' must not have a name twice, whatever its case, got \"ROWS\"; rename one (at Stack/Etl/Jobs/Extract)");
  });

  test('fails when an environment variable is that of an output', () => {
    const { pipeline } = createPipeline();
    expect(() => pipeline.addJob('Extract', { image: IMAGE, outputs: ['rows'], environment: { OUTPUT_ROWS: 'x' } })).toThrow(
      "'environment' must not set \"OUTPUT_ROWS\", which AWS Batch or the pipeline sets; choose another name (at Stack/Etl/Jobs/Extract)");
  });

  test('fails when an input is of another pipeline', () => {
    const { stack, cluster, extract } = createPair();
    const other = new EcsBatchPipeline(stack, 'Other', { cluster });
    expect(() => other.addJob('Train', { image: IMAGE, inputs: { rows: extract.output('rows') } })).toThrow(
      "'inputs' of \"Train\" must name jobs of the same pipeline, got Stack/Etl/Jobs/Extract; "
      + 'add that job here, or start one pipeline from the other (at Stack/Other)');
  });
});
