import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import type { IWatchedWorkload } from './iwatched-workload';
import type { LogDelivery } from './log-delivery';
import type { LogEntry } from './log-entry';
import { fail } from '../private/fail';
import { allowLogGroupsOf } from '../private/log-encryption';
import { OwnLogs } from '../task/own-logs';

/** Options of `WorkloadLogs.keep`. */
export interface LogKeepOptions {
  /**
   * How long lines are kept.
   *
   * @default - as the cluster's profile says: 30 days in production, 7 in development
   */
  readonly retention?: logs.RetentionDays;

  /**
   * The key that the lines are encrypted with.
   *
   * Its policy gets what CloudWatch Logs needs, for log groups of the workload's stack alone; the policy of a key of another app must have that already. A key
   * is charged by the month and by its use. Under the hood, this is `KmsKeyId`.
   *
   * @default - a key that AWS owns
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * How the logs of a workload are kept and delivered, where it shall be otherwise than the cluster's profile says.
 *
 * Each service, worker, task and pipeline has a log group of its own, which nobody else writes to. Creates nothing. Storage is charged by the GB that comes in,
 * and by what is kept.
 *
 * @example
 * declare const orders: EcsMicroservice;
 * declare const key: kms.IKey;
 * WorkloadLogs.of(orders).keep({ retention: logs.RetentionDays.ONE_YEAR, encryptionKey: key });
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
export class WorkloadLogs {
  /**
   * The logs of a service, worker, task or pipeline of this app.
   *
   * @example
   * declare const report: EcsTask;
   * const own = WorkloadLogs.of(report);
   */
  public static of(workload: IWatchedWorkload): WorkloadLogs {
    return new WorkloadLogs(workload);
  }

  private constructor(private readonly workload: IWatchedWorkload) {
  }

  /**
   * Says how long lines are kept, and by which key they are encrypted. A later call wins.
   *
   * @example
   * declare const etl: EcsBatchPipeline;
   * WorkloadLogs.of(etl).keep({ retention: logs.RetentionDays.THREE_MONTHS });
   */
  public keep(options: LogKeepOptions): void {
    const { retention, encryptionKey } = options;
    const group = this.workload.logGroup.node.defaultChild;
    if (!(group instanceof logs.CfnLogGroup)) {
      fail(this.workload, "'keep' needs a log group that this app makes, got another one; say it where that is made");
    }
    if (retention !== undefined) group.retentionInDays = retention === logs.RetentionDays.INFINITE ? undefined : retention;
    if (encryptionKey === undefined) return;
    group.kmsKeyId = encryptionKey.keyArn;
    allowLogGroupsOf(Stack.of(group), encryptionKey);
  }

  /**
   * Says what happens to output that CloudWatch Logs cannot take at once. Not for pipelines: AWS Batch has no such choice, its jobs wait.
   *
   * @example
   * declare const payments: EcsMicroservice;
   * WorkloadLogs.of(payments).deliver(LogDelivery.blocking());
   */
  public deliver(delivery: LogDelivery): void {
    this.own('deliver').deliver(delivery._bind());
  }

  /**
   * Makes one entry of several lines of the application: stack traces, for instance. Not for pipelines.
   *
   * Lines of JSON need nothing: they are one line each, and Logs Insights finds their fields.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * WorkloadLogs.of(orders).joinLines(LogEntry.startsWith('^(INFO|WARN|ERROR)'));
   */
  public joinLines(start: LogEntry): void {
    this.own('joinLines').joinEntries(start._bind());
  }

  private own(method: string): OwnLogs {
    return OwnLogs.of(this.workload)
      ?? fail(this.workload, `'${method}' is for services, workers and tasks, got a pipeline, whose jobs wait for CloudWatch Logs; leave it out`);
  }
}
