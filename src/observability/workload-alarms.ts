import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { alarmNamed, alarmsBelow } from './told-alarms';

/**
 * The alarms of a worker, a task or a pipeline: for dashboards, for alarms on several of them, and for actions of your own. Get it from `worker.alarms`,
 * `task.alarms` or `pipeline.alarms`.
 *
 * What each means and what to do about it stands in docs/operations.md.
 */
export class WorkloadAlarms {
  /** @internal */
  public static _create(scope: Construct): WorkloadAlarms {
    return new WorkloadAlarms(scope);
  }

  private constructor(private readonly scope: Construct) {
  }

  /**
   * The alarms that tell somebody, in the order in which they were made; those of queues and triggers that are added later too, once they are there. None in the
   * development profile.
   *
   * @example
   * declare const mailer: EcsQueueWorker;
   * declare const dashboard: cloudwatch.Dashboard;
   * dashboard.addWidgets(new cloudwatch.AlarmStatusWidget({ alarms: mailer.alarms.all }));
   */
  public get all(): cloudwatch.IAlarm[] {
    return alarmsBelow(this.scope);
  }

  /**
   * One of the alarms, by the name that it has in docs/operations.md. An error if the workload has none of that name.
   *
   * @param name its path below the workload: `FailedAlarm`, or `Monthly/MissingAlarm` of a trigger that was added as `Monthly`
   *
   * @example
   * declare const report: EcsTask;
   * declare const mailer: EcsQueueWorker;
   * new cloudwatch.CompositeAlarm(this, 'NightlyMail', {
   *   alarmRule: cloudwatch.AlarmRule.anyOf(report.alarms.named('FailedAlarm'), mailer.alarms.named('DeadLetterAlarm')),
   * });
   */
  public named(name: string): cloudwatch.IAlarm {
    return alarmNamed(this.scope, name);
  }
}
