import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/** What a dashboard and stored queries can show: an `EcsMicroservice`, `EcsQueueWorker`, `EcsTask` or `EcsBatchPipeline` of this app. */
export interface IWatchedWorkload extends IConstruct {
  /** Where the output of its containers goes. */
  readonly logGroup: logs.ILogGroup;
}
