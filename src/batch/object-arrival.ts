import * as events from 'aws-cdk-lib/aws-events';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PipelineStart } from './pipeline-start';
import type { PipelineObjectOptions } from './pipeline-trigger-options';
import { fail, show } from '../private/fail';
import { warn, WarningId } from '../private/warnings';

/** The name that CDK gives to what keeps the notifications of a bucket. */
const NOTIFICATIONS = 'Notifications';

/** What S3 tells of a new object. */
export function arrivalPattern(bucket: s3.IBucket, { prefix, suffix }: PipelineObjectOptions): events.EventPattern {
  const keys = keyPattern(prefix, suffix);
  return {
    source: ['aws.s3'],
    detailType: ['Object Created'],
    detail: { bucket: { name: [bucket.bucketName] }, ...keys === undefined ? {} : { object: { key: keys } } },
  };
}

/** Two comparisons in a list are alternatives; both at once is a wildcard. */
function keyPattern(prefix?: string, suffix?: string): object[] | undefined {
  const literally = (text: string) => text.replace(/[\\*]/g, '\\$&');
  if (prefix !== undefined && suffix !== undefined) return [{ wildcard: `${literally(prefix)}*${literally(suffix)}` }];
  if (prefix !== undefined) return [{ prefix }];
  return suffix === undefined ? undefined : [{ suffix }];
}

/** Rejects arrivals that the pipeline's own artifacts are: each execution would start the next. */
export function checkArrivals(trigger: Construct, bucket: s3.IBucket, { prefix = '' }: PipelineObjectOptions, { artifacts }: PipelineStart): void {
  if (!artifacts.areIn(bucket) || Token.isUnresolved(prefix) || !`${artifacts.prefix}/`.startsWith(prefix)) return;
  fail(trigger, `'prefix' must leave out the pipeline's own artifacts, which lie below ${show(`${artifacts.prefix}/`)} in this bucket, got ${show(prefix)}; `
    + 'each execution would start the next');
}

/** A bucket of this app is told to send its events; of others nobody knows. */
export function sendEvents(trigger: Construct, bucket: s3.IBucket): void {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof s3.CfnBucket)) {
    warn(trigger, WarningId.BUCKET_EVENTS_UNKNOWN, `${bucket.node.path} is not made in this app: this trigger starts nothing unless the bucket sends its events to EventBridge. `
      + 'Turn that on where the bucket is made, and acknowledge this.');
    return;
  }
  if (bucket.node.tryFindChild(NOTIFICATIONS) !== undefined) {
    bucket.enableEventBridgeNotification();
    return;
  }
  // by the property, which takes no function; where a function keeps the notifications, it would turn this off again.
  resource.addPropertyOverride('NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled', true);
  trigger.node.addValidation({
    validate: () => (bucket.node.tryFindChild(NOTIFICATIONS) === undefined ? [] : [
      `the bucket ${bucket.node.path} must be made with 'eventBridgeEnabled: true', since notifications were added to it after this trigger, got none; `
        + `set it (at ${trigger.node.path})`,
    ]),
  });
}
