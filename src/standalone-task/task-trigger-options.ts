import type { Duration } from 'aws-cdk-lib/core';
import type { TaskRunOptions } from './task-run-options';

/** What happens where a task cannot be started. */
export interface TaskStartOptions extends TaskRunOptions {
  /**
   * How often the start is tried again where it fails, 0 to 185 times, with growing pauses. What fails after that goes to the dead-letter queue.
   *
   * Not to be mixed up with the task's own `retries`, which are for tasks that started and failed.
   *
   * @default 185
   */
  readonly retryAttempts?: number;

  /**
   * How late a start may come at the most, 1 minute to 24 hours: a report of the night that starts at noon may be of no use.
   *
   * @default Duration.hours(1)
   */
  readonly maxEventAge?: Duration;
}

/** Options of `TaskTrigger.schedule`. */
export interface TaskScheduleOptions extends TaskStartOptions {
  /**
   * The time after the scheduled one within which the task starts, 1 minute to 24 hours. With it, tasks that are all due at midnight don't start all at once.
   *
   * @default - it starts at the time
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html
   */
  readonly flexibleWindow?: Duration;
}

/** Options of `TaskTrigger.deployment`. */
export interface TaskDeploymentOptions extends TaskRunOptions {
  /**
   * How long the task may take, from its request to its end, 1 second to 55 minutes. What takes longer is stopped, and the deployment fails.
   *
   * @default Duration.minutes(15)
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
   */
  readonly timeout?: Duration;
}
