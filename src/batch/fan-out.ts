import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { ItemFanOut, ItemSource } from './item-source';
import type { JobOutput } from './job-output';
import { checkInteger, checkRange } from '../private/check';
import { fail, show } from '../private/fail';

/** Options of a fan-out over items that are known at run time only. */
export interface FanOutItemsOptions {
  /**
   * How many items are under way at once, 1 to 1,000. The pipeline's `maxVcpus` is a further bound.
   *
   * AWS Batch takes 50 submissions a second in an account, so that more than a few hundred short items at once gain little. Under the hood, this is
   * `MaxConcurrency`.
   *
   * @default 40
   */
  readonly maxConcurrency?: number;

  /**
   * How many of the items may fail, in percent, while the job still counts as succeeded, 0 to 100.
   *
   * As soon as more have failed, the items under way are stopped and the job has failed. What failed within the tolerance is not done again by a redrive.
   * Under the hood, this is `ToleratedFailurePercentage`.
   *
   * @default 0
   */
  readonly toleratedFailurePercent?: number;
}

/**
 * How a job is done many times over, side by side.
 *
 * `array` is one submission for all items: cheap and fast, for work that can be split by a number. A redrive does all of an array again. The others are a
 * Map, for which each item is a submission of its own: a redrive does only the items again that did not succeed. A fan-out that must resume item by item
 * is a Map. What became of each item of a Map is written to the artifact bucket. A value holds no state: one may serve several jobs.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export class FanOut {
  /**
   * The same job `size` times, 2 to 10,000, each time with a number of its own.
   *
   * Each item finds its number, from 0 on, in `AWS_BATCH_JOB_ARRAY_INDEX` and their count in `AWS_BATCH_JOB_ARRAY_SIZE`: with both it
   * knows which part of the work is its own. One submission starts them all; as many run at once as the pipeline's `maxVcpus` allows. Each item is retried
   * on its own. The job has succeeded once all items have; one that fails for good fails the job when the others are through. Each item is charged like a
   * job; the array itself costs nothing.
   *
   * Under the hood, this is `ArrayProperties` of the submission.
   *
   * @param size how many items there are
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * pipeline.addJob('Clean', { image, fanOut: FanOut.array(50) });
   */
  public static array(size: number): FanOut {
    checkInteger(undefined, 'size', size, 2, 10_000, 'split the work into fewer, larger items, or omit fanOut for a single one');
    return new FanOut(size, undefined);
  }

  /**
   * Once for each object whose key begins with `prefix` when the job's turn has come.
   *
   * The item finds `s3://<bucket>/<key>` in `PIPELINE_ITEM`. It may not read it until it is granted to. No object is no item, and the job has succeeded.
   * Each item costs a few state transitions beside its job. Under the hood, this is an `ItemReader` with `ListObjectsV2`.
   *
   * @param bucket where the objects lie
   * @param prefix what their keys begin with; `''` for all objects
   * @param options how the items are gone through
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * declare const bucket: s3.IBucket;
   * const resize = pipeline.addJob('Resize', { image, fanOut: FanOut.objects(bucket, 'photos/', { maxConcurrency: 100 }) });
   * bucket.grantReadWrite(resize, 'photos/*');
   */
  public static objects(bucket: s3.IBucket, prefix: string, options: FanOutItemsOptions = {}): FanOut {
    return FanOut.over({ kind: 'objects', bucket, key: prefix }, options);
  }

  /**
   * Once for each object that an earlier job has written below one of its outputs. The job waits for it, and may read the objects.
   *
   * The item finds the S3 URI of its object in `PIPELINE_ITEM`. No object is no item, and the job has succeeded.
   *
   * @param output what the earlier job writes
   * @param options how the items are gone through
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * const split = pipeline.addJob('Split', { image, outputs: ['parts'] });
   * pipeline.addJob('Work', { image, fanOut: FanOut.outputObjects(split.output('parts'), { toleratedFailurePercent: 5 }) });
   */
  public static outputObjects(output: JobOutput, options: FanOutItemsOptions = {}): FanOut {
    return FanOut.over({ kind: 'output', output }, options);
  }

  /**
   * Once for each row of a CSV file in S3, whose first row has the names of the columns.
   *
   * The item finds its row in `PIPELINE_ITEM`, as a JSON object of strings. Under the hood, this is an `ItemReader` with `GetObject`.
   *
   * @param bucket where the file lies
   * @param key its key
   * @param options how the items are gone through
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * declare const bucket: s3.IBucket;
   * pipeline.addJob('Call', { image, fanOut: FanOut.csv(bucket, 'customers.csv') });
   */
  public static csv(bucket: s3.IBucket, key: string, options: FanOutItemsOptions = {}): FanOut {
    return FanOut.over({ kind: 'csv', bucket, key: checkKey(key) }, options);
  }

  /**
   * Once for each element of a JSON array in S3.
   *
   * The item finds its element in `PIPELINE_ITEM`, as JSON. Under the hood, this is an `ItemReader` with `GetObject`.
   *
   * @param bucket where the file lies
   * @param key its key
   * @param options how the items are gone through
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * declare const bucket: s3.IBucket;
   * pipeline.addJob('Call', { image, fanOut: FanOut.json(bucket, 'customers.json') });
   */
  public static json(bucket: s3.IBucket, key: string, options: FanOutItemsOptions = {}): FanOut {
    return FanOut.over({ kind: 'json', bucket, key: checkKey(key) }, options);
  }

  private static over(source: ItemSource, { maxConcurrency, toleratedFailurePercent }: FanOutItemsOptions): FanOut {
    checkInteger(undefined, 'maxConcurrency', maxConcurrency, 1, 1000, 'AWS Batch takes 50 submissions a second');
    checkRange(undefined, 'toleratedFailurePercent', toleratedFailurePercent, 0, 100, 'give the part of the items that may fail');
    return new FanOut(undefined, { source, maxConcurrency: maxConcurrency ?? 40, toleratedFailurePercent: toleratedFailurePercent ?? 0 });
  }

  private constructor(
    /** @internal How many items an array has. */
    public readonly _size: number | undefined,
    /** @internal */
    public readonly _items: ItemFanOut | undefined,
  ) {
  }

  /** @internal What must have been written before. */
  public get _inputs(): JobOutput[] {
    return this._items?.source.kind === 'output' ? [this._items.source.output] : [];
  }
}

function checkKey(key: string): string {
  if (key === '') fail(undefined, `'key' must name an object, got ${show(key)}; give the key of the list`);
  return key;
}
