import type { Duration } from 'aws-cdk-lib/core';
import type { PipelineOutcome } from './pipeline-outcome';

/** What a trigger gives to the executions that it starts, and what happens where it cannot start one. */
export interface PipelineStartOptions {
  /**
   * Values for the pipeline's parameters, by their names. Parameters that are not named have their defaults.
   *
   * All are written as texts: `'7'` is a number and `'true'` a flag where the parameter is declared so. With events, also a field of the event
   * (`events.EventField.fromPath`), which keeps its type; with schedules, also what EventBridge Scheduler puts in (`<aws.scheduler.scheduled-time>`). They are no
   * place for secrets.
   *
   * @default - the defaults of the parameters
   */
  readonly parameters?: { [name: string]: string };

  /**
   * How often the start is tried again where it fails, 0 to 185 times, with growing pauses. What fails after that goes to the dead-letter queue.
   *
   * Not to be mixed up with the `attempts` of jobs.
   *
   * @default 185
   */
  readonly retryAttempts?: number;

  /**
   * How late a start may come at the most, 1 minute to 24 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxEventAge?: Duration;
}

/** Options of `PipelineTrigger.schedule`. */
export interface PipelineScheduleOptions extends PipelineStartOptions {
  /**
   * The time after the scheduled one within which the pipeline starts, 1 minute to 24 hours.
   *
   * @default - it starts at the time
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html
   */
  readonly flexibleWindow?: Duration;
}

/** Options of `PipelineTrigger.objectCreated`. */
export interface PipelineObjectOptions extends PipelineStartOptions {
  /**
   * What the key of the object begins with, as in `in/`.
   *
   * @default - anything
   */
  readonly prefix?: string;

  /**
   * What the key of the object ends with, as in `.csv`.
   *
   * @default - anything
   */
  readonly suffix?: string;
}

/** Options of `PipelineTrigger.queue`. */
export interface PipelineQueueOptions {
  /**
   * Values for the pipeline's parameters, by their names. Parameters that are not named have their defaults.
   *
   * All are written as texts: `'7'` is a number and `'true'` a flag where the parameter is declared so. One that is just a path of EventBridge Pipes, such as
   * `'<$.body.order.id>'`, stands for what the message has there, a number for a number. They are no place for secrets.
   *
   * @default - the body of the message is a JSON object of parameters
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
   */
  readonly parameters?: { [name: string]: string };
}

/** Options of `PipelineTrigger.pipelineEnded`. */
export interface PipelineEndedOptions extends PipelineStartOptions {
  /**
   * The ends of the other pipeline that count. An execution that was skipped by `RunOverlap.skip` has not ended in this sense.
   *
   * @default - [PipelineOutcome.SUCCEEDED]
   */
  readonly outcomes?: PipelineOutcome[];
}
