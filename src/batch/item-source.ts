import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Artifacts } from './artifacts';
import type { JobOutput } from './job-output';

/** Where the items of a Map come from. */
export type ItemSource =
  | { readonly kind: 'objects' | 'csv' | 'json'; readonly bucket: s3.IBucket; readonly key: string }
  | { readonly kind: 'output'; readonly output: JobOutput };

/** A fan-out by a Map: the items, and how they are gone through. */
export interface ItemFanOut {
  readonly source: ItemSource;
  readonly maxConcurrency: number;
  readonly toleratedFailurePercent: number;
}

/** What a Map state says of its items. */
export interface ItemReading {
  readonly reader: object;
  /** The one value that an item is told, as a path or an intrinsic function. */
  readonly item: string;
}

/** Renders where a Map reads its items, and what each of them is told. */
export function renderItemSource(source: ItemSource, artifacts: Artifacts, partition: string): ItemReading {
  const resource = (operation: string) => `arn:${partition}:states:::s3:${operation}`;
  const uriIn = (bucket: s3.IBucket) => `States.Format('s3://${bucket.bucketName}/{}', $$.Map.Item.Value.Key)`;
  switch (source.kind) {
    case 'output':
      return {
        reader: {
          Resource: resource('listObjectsV2'),
          Parameters: { 'Bucket': artifacts.bucket.bucketName, 'Prefix.$': artifacts.keyPrefix(source.output, '$$.Execution.Name') },
        },
        item: uriIn(artifacts.bucket),
      };
    case 'objects':
      return {
        reader: { Resource: resource('listObjectsV2'), Parameters: { Bucket: source.bucket.bucketName, Prefix: source.key } },
        item: uriIn(source.bucket),
      };
    default:
      return {
        reader: {
          Resource: resource('getObject'),
          Parameters: { Bucket: source.bucket.bucketName, Key: source.key },
          ReaderConfig: source.kind === 'csv' ? { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' } : { InputType: 'JSON' },
        },
        item: 'States.JsonToString($$.Map.Item.Value)',
      };
  }
}

/** Lets a state machine read the items, and nothing else. */
export function itemSourceStatements(source: ItemSource, artifacts: Artifacts): iam.PolicyStatement[] {
  if (source.kind === 'csv' || source.kind === 'json') {
    return [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [source.bucket.arnForObjects(source.key)] })];
  }
  const bucket = source.kind === 'output' ? artifacts.bucket : source.bucket;
  const prefixes = source.kind === 'output' ? artifacts.keys(source.output) : [`${source.key}*`];
  return [new iam.PolicyStatement({
    actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions: { StringLike: { 's3:prefix': prefixes } },
  })];
}
