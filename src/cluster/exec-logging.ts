import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';

/** Where a cluster keeps what is typed and shown in ECS Exec sessions. */
export interface ExecLogging {
  /** The log group that holds the sessions. */
  readonly logGroup: logs.ILogGroup;

  /** The key that encrypts sessions on their way and in the log group. */
  readonly key: kms.IKey;
}
