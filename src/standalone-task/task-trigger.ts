import type * as events from 'aws-cdk-lib/aws-events';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { inputOf } from './container-overrides';
import { runAtDeployment } from './deployment-run';
import { startOfTask } from './start-of-task';
import type { TaskDeploymentOptions, TaskScheduleOptions, TaskStartOptions } from './task-trigger-options';
import type { TriggeredTask } from './triggered-task';
import { startOnEvent } from '../trigger/start-on-event';
import { startOnSchedule } from '../trigger/start-on-schedule';

/**
 * When a task runs.
 *
 * A value holds no state: it may start several tasks.
 */
export class TaskTrigger {
  /**
   * At times that come again, or once at a time, in a time zone.
   *
   * Creates a schedule of EventBridge Scheduler in a group of its own, a role, the task's dead-letter queue for starts that fail and, in production, an alarm on
   * these and one on runs that are missing. Schedules cost next to nothing, alarms by the month.
   *
   * @param expression when; the time zone is in it, and UTC without one
   *
   * @example
   * const threeInTheMorning = scheduler.ScheduleExpression.cron({ hour: '3', minute: '0', timeZone: TimeZone.EUROPE_ROME });
   * new EcsTask(this, 'Report', { cluster, image, trigger: TaskTrigger.schedule(threeInTheMorning, { flexibleWindow: Duration.minutes(15) }) });
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  public static schedule(expression: scheduler.ScheduleExpression, options: TaskScheduleOptions = {}): TaskTrigger {
    return new TaskTrigger((scope, task) => startOnSchedule(scope, startOfTask(task), expression, inputOf(scope, task, options), options));
  }

  /**
   * For each event that a pattern matches, such as an object that arrives in a bucket.
   *
   * Values of `environment` may be fields of the event. Creates a rule of EventBridge, a role, the task's dead-letter queue for starts that fail and, in production, an
   * alarm on these.
   *
   * @example
   * declare const bucket: s3.Bucket; // made with eventBridgeEnabled
   * new EcsTask(this, 'Import', {
   *   cluster,
   *   image,
   *   trigger: TaskTrigger.event(
   *     { source: ['aws.s3'], detailType: ['Object Created'], detail: { bucket: { name: [bucket.bucketName] } } },
   *     { environment: { KEY: events.EventField.fromPath('$.detail.object.key') } },
   *   ),
   * });
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
   */
  public static event(pattern: events.EventPattern, options: TaskStartOptions = {}): TaskTrigger {
    return new TaskTrigger((scope, task) => startOnEvent(scope, startOfTask(task), pattern, inputOf(scope, task, options), options));
  }

  /**
   * Once in each deployment that changes the task: with its first one, and then for each new revision of its task definition and each change of these options.
   *
   * The deployment waits for its end, and fails with the end of its log if it fails. A rollback runs nothing. Overlap, time-out and retries of the task
   * are not for these runs. Creates a Lambda function with a role and a log group, and a custom resource.
   *
   * @example
   * new EcsTask(this, 'Seed', { cluster, image, trigger: TaskTrigger.deployment({ timeout: Duration.minutes(5) }) });
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
   */
  public static deployment(options: TaskDeploymentOptions = {}): TaskTrigger {
    return new TaskTrigger((scope, task) => runAtDeployment(scope, task, options));
  }

  private constructor(private readonly make: (scope: Construct, task: TriggeredTask) => void) {
  }

  /** @internal */
  public _bind(scope: Construct, task: TriggeredTask): void {
    this.make(scope, task);
  }
}
