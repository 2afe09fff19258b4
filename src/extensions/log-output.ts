import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { fail, show } from '../private/fail';

/** What an output needs to know of the workload. */
export interface LogSource {
  readonly grantee: iam.IGrantable;
  readonly logGroup: logs.ILogGroup;
  readonly region: string;
}

/** The settings of an output of Fluent Bit. Asking for them grants what it calls. */
export type LogOutput = (source: LogSource) => Record<string, string>;

export function firehoseOutput(stream: firehose.IDeliveryStream): LogOutput {
  return ({ grantee, region }) => {
    stream.grantPutRecords(grantee);
    return { Name: 'kinesis_firehose', region, delivery_stream: stream.deliveryStreamName };
  };
}

/** Ten minutes or 50 MB an object, compressed: few requests, and no line is older than that when it arrives. */
export function bucketOutput(bucket: s3.IBucket, prefix: string): LogOutput {
  if (!/^[^/].*[^/]$|^[^/]$/.test(prefix)) fail(undefined, `'prefix' must not begin or end with a slash or be empty, got ${show(prefix)}; write it as 'logs/orders'`);
  return ({ grantee, region }) => {
    bucket.grantPut(grantee, `${prefix}/*`);
    return {
      Name: 's3',
      region,
      bucket: bucket.bucketName,
      s3_key_format: `/${prefix}/$TAG[0]/%Y/%m/%d/%H_%M_%S-$UUID.gz`,
      compression: 'gzip',
      total_file_size: '50M',
      upload_timeout: '10m',
      use_put_object: 'On',
      store_dir: '/var/lib/fluent-bit/s3',
    };
  };
}

/** As the driver of CloudWatch Logs does, but with fields. */
export function logGroupOutput(): LogOutput {
  return ({ grantee, logGroup, region }) => {
    logGroup.grantWrite(grantee);
    return { Name: 'cloudwatch_logs', region, log_group_name: logGroup.logGroupName, log_stream_prefix: 'ecs/', auto_create_group: 'Off' };
  };
}
