import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { measuredMetric } from './measured-metric';
import { fail } from '../private/fail';

/**
 * What CloudWatch knows of the runs of a task or of the executions of a pipeline: for alarms and dashboards of your own. Get it from `task.metrics` or
 * `pipeline.metrics`.
 *
 * A metric creates nothing and costs nothing by itself. Each has the period of one minute unless the options say otherwise. A task that has no state machine, because
 * nothing asks for one, has no metrics: in the development profile, `timeout`, `retries` or `overlap` ask for it.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 */
export class RunMetrics {
  /** @internal */
  public static _create(scope: IConstruct, stateMachineArn?: string): RunMetrics {
    return new RunMetrics(scope, stateMachineArn);
  }

  private constructor(private readonly scope: IConstruct, private readonly stateMachineArn?: string) {
  }

  /** The runs that began, by default their sum. */
  public startedCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofMachine('ExecutionsStarted', 'startedCount', { statistic: 'Sum', ...options });
  }

  /**
   * The runs that ended well, by default their sum.
   *
   * @example
   * declare const report: EcsTask;
   * new cloudwatch.GraphWidget({ left: [report.metrics.succeededCount({ period: Duration.days(1) })] });
   */
  public succeededCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofMachine('ExecutionsSucceeded', 'succeededCount', { statistic: 'Sum', ...options });
  }

  /** The runs that failed, by default their sum. Those that somebody stopped do not count. */
  public failedCount(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofMachine('ExecutionsFailed', 'failedCount', { statistic: 'Sum', ...options });
  }

  /**
   * The milliseconds from the start to the end of runs that ended in the period, by default on average.
   *
   * @example
   * declare const etl: EcsBatchPipeline;
   * etl.metrics.duration({ statistic: 'Maximum', period: Duration.hours(1) })
   *   .createAlarm(this, 'Slow', { threshold: Duration.hours(5).toMilliseconds(), evaluationPeriods: 1 });
   */
  public duration(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.ofMachine('ExecutionTime', 'duration', options);
  }

  private ofMachine(metricName: string, method: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    const StateMachineArn = this.stateMachineArn ?? fail(this.scope, `'metrics.${method}' needs a state machine, which counts the runs, got a task without one; `
      + "give the task 'timeout', 'retries' or 'overlap'");
    return measuredMetric('AWS/States', metricName, { StateMachineArn }, options);
  }
}
