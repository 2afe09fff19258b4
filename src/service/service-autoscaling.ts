import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { TimeZone, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { clockTime, officeHoursCron } from './office-hours';
import type { ScaledBounds } from './scaled-bounds';
import { checkInteger, checkPattern } from '../private/check';
import { fail } from '../private/fail';

/** Options of `ServiceAutoscaling.onSchedule`. */
export interface ScheduledScalingOptions {
  /** When the bounds change. */
  readonly schedule: appscaling.Schedule;

  /**
   * The time zone that the schedule is meant in; it follows summer time.
   *
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;

  /**
   * The smallest number of tasks from then on, 0 to 5000.
   *
   * @default - stays as it is
   */
  readonly min?: number;

  /**
   * The largest number of tasks from then on, 0 to 5000.
   *
   * @default - stays as it is
   */
  readonly max?: number;
}

/** Options of `ServiceAutoscaling.officeHours`. */
export interface OfficeHoursOptions {
  /** The time zone of the office; it follows summer time. */
  readonly timeZone: TimeZone;

  /**
   * When the service gets its own bounds, `HH:MM`. Leave it the time that its tasks take to start.
   *
   * @default '08:00'
   */
  readonly opens?: string;

  /**
   * When it goes down to `tasksWhenClosed`, `HH:MM`, later on the same day.
   *
   * @default '20:00'
   */
  readonly closes?: string;

  /**
   * The days of the week, as cron has them: `MON-FRI`, `MON,WED,FRI`, `*`.
   *
   * @default 'MON-FRI'
   */
  readonly days?: string;

  /**
   * How many tasks run outside of the hours, 0 to 5000.
   *
   * @default 0
   */
  readonly tasksWhenClosed?: number;
}

/** Options of `ServiceAutoscaling.trackMetric`. */
export interface MetricTrackingOptions {
  /** A metric that falls when there are more tasks, such as a load per task. Not a total: twice the tasks must mean half of it. */
  readonly metric: cloudwatch.IMetric;

  /** The value to hold. */
  readonly target: number;
}

/** Options of `ServiceAutoscaling.stepOnMetric`. */
export interface MetricStepsOptions {
  /** The metric whose value selects the step. */
  readonly metric: cloudwatch.IMetric;

  /** By how many tasks the service changes in which range of the metric: at least two ranges, one of which changes nothing. */
  readonly steps: appscaling.ScalingInterval[];

  /**
   * How many minutes in a row the metric must be in a range, 1 or more.
   *
   * @default 1
   */
  readonly minutes?: number;
}

/**
 * What scales a service beside its CPU and memory: schedules, office hours, metrics of your own.
 *
 * Get it from `service.scaling`. Policies add up: of all that ask for a number of tasks, the largest wins.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
export class ServiceAutoscaling {
  /** @internal */
  public static _create(service: Construct, bounds?: ScaledBounds): ServiceAutoscaling {
    return new ServiceAutoscaling(service, bounds);
  }

  private readonly actions: appscaling.CfnScalableTarget.ScheduledActionProperty[] = [];

  private constructor(private readonly service: Construct, private readonly bounds?: ScaledBounds) {
  }

  /**
   * Changes the bounds at given times: for load that is known to come.
   *
   * Free of charge. A deployment that changes `ServiceScaling` sets its bounds at once; the schedule's come back at its next time. With `min` and `max` 0
   * nothing runs, and only a schedule wakes the service again. Under the hood, this is a scheduled action of the scalable target.
   *
   * @param id names the action; unique in the service
   * @param options when, and which bounds
   *
   * @example
   * declare const orders: EcsMicroservice;
   * orders.scaling.onSchedule('Sale', { schedule: appscaling.Schedule.cron({ minute: '45', hour: '8', weekDay: 'FRI' }), timeZone: TimeZone.EUROPE_ROME, min: 10 });
   *
   * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
   */
  public onSchedule(id: string, options: ScheduledScalingOptions): void {
    const { target } = this.scalable('onSchedule');
    this.checkSchedule(id, options);
    this.actions.push({
      scheduledActionName: id,
      schedule: options.schedule.expressionString,
      timezone: (options.timeZone ?? TimeZone.ETC_UTC).timezoneName,
      scalableTargetAction: { minCapacity: options.min, maxCapacity: options.max },
    });
    target.scheduledActions = this.actions;
  }

  /**
   * Runs the service in office hours only: its own bounds from `opens` to `closes`, no task outside of them.
   *
   * Free of charge, and it saves what tasks would cost at night. It may be called once. Who deploys the service for the first time outside of the hours finds
   * it running until the hours end. Under the hood, these are two scheduled actions of the scalable target.
   *
   * @example
   * declare const backOffice: EcsMicroservice;
   * backOffice.scaling.officeHours({ timeZone: TimeZone.EUROPE_ROME, opens: '07:30', closes: '19:00' });
   *
   * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
   */
  public officeHours(options: OfficeHoursOptions): void {
    const { min, max } = this.scalable('officeHours');
    const { timeZone, opens = '08:00', closes = '20:00', days = 'MON-FRI', tasksWhenClosed = 0 } = options;
    this.checkOfficeHours(opens, closes, days);
    checkInteger(this.service, 'tasksWhenClosed', tasksWhenClosed, 0, 5000, 'a service runs 5000 tasks at most');
    const at = (time: string) => appscaling.Schedule.expression(officeHoursCron(time, days));
    this.onSchedule('OfficeOpens', { schedule: at(opens), timeZone, min, max });
    this.onSchedule('OfficeCloses', { schedule: at(closes), timeZone, min: tasksWhenClosed, max: tasksWhenClosed });
  }

  /**
   * Runs as many tasks as hold a metric of your own at its target.
   *
   * Creates a policy with two alarms, which are charged by the month. Under the hood, this is a target tracking policy on a customised metric.
   *
   * @param id names the policy; unique in the service
   * @param options the metric and its target
   *
   * @example
   * declare const orders: EcsMicroservice;
   * declare const openOrdersPerTask: cloudwatch.IMetric;
   * orders.scaling.trackMetric('OpenOrders', { metric: openOrdersPerTask, target: 50 });
   *
   * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html
   */
  public trackMetric(id: string, options: MetricTrackingOptions): void {
    const scalable = this.scalable('trackMetric');
    if (!Token.isUnresolved(options.target) && !(options.target > 0)) {
      fail(this.service, `'target' of ${JSON.stringify(id)} must be above 0, got ${options.target}; give the value that one task can bear`);
    }
    new appscaling.TargetTrackingScalingPolicy(this.scope(), id, {
      scalingTarget: this.view(scalable),
      customMetric: options.metric,
      targetValue: options.target,
    });
  }

  /**
   * Adds and removes tasks in steps that you choose, by a metric of your own.
   *
   * For metrics that do not fall when there are more tasks, or that need a quick answer. Creates two policies with an alarm each, which are charged by the
   * month. Under the hood, these are step scaling policies.
   *
   * @param id names the policies; unique in the service
   * @param options the metric and the steps
   *
   * @example
   * declare const orders: EcsMicroservice;
   * declare const waiting: cloudwatch.IMetric;
   * orders.scaling.stepOnMetric('Waiting', { metric: waiting, steps: [{ upper: 10, change: -1 }, { lower: 100, change: 2 }, { lower: 1000, change: 10 }] });
   *
   * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html
   */
  public stepOnMetric(id: string, options: MetricStepsOptions): void {
    const scalable = this.scalable('stepOnMetric');
    checkInteger(this.service, 'minutes', options.minutes, 1, 1440, 'one minute answers fastest');
    if (options.steps.length < 2) {
      fail(this.service, `'steps' of ${JSON.stringify(id)} must be at least 2, got ${options.steps.length}; say where tasks are added and where they are removed`);
    }
    new appscaling.StepScalingPolicy(this.scope(), id, {
      scalingTarget: this.view(scalable),
      metric: options.metric,
      scalingSteps: options.steps,
      evaluationPeriods: options.minutes,
    });
  }

  private scalable(method: string): ScaledBounds {
    return this.bounds ?? fail(this.service, `'${method}' needs a service that scales, and this one has a fixed number of tasks; `
      + "give it 'scaling: ServiceScaling.between(...)'");
  }

  private scope(): Construct {
    return (this.service.node.tryFindChild('Scaling') as Construct | undefined) ?? new Construct(this.service, 'Scaling');
  }

  /** Not the resource itself: the policies would take a part of its id for the whole. */
  private view({ target }: ScaledBounds): appscaling.IScalableTarget {
    const scope = this.scope();
    return (scope.node.tryFindChild('Target') as appscaling.ScalableTarget | undefined)
      ?? appscaling.ScalableTarget.fromScalableTargetAttributes(scope, 'Target', {
        scalableTargetId: target.ref, scalableDimension: target.scalableDimension, serviceNamespace: target.serviceNamespace,
      });
  }

  private checkSchedule(id: string, { min, max }: ScheduledScalingOptions): void {
    checkPattern(this.service, 'id', id, /^[^|:/]{1,256}$/, "1 to 256 characters other than '|', ':' and '/'", 'choose another name');
    if (this.actions.some((action) => action.scheduledActionName === id)) {
      fail(this.service, `'id' must be unique among the schedules of a service, got ${JSON.stringify(id)} twice; choose another name`);
    }
    if (min === undefined && max === undefined) {
      fail(this.service, `'min' or 'max' must be given for the schedule ${JSON.stringify(id)}, got neither; say what it changes`);
    }
    checkInteger(this.service, 'min', min, 0, 5000, 'a service runs 5000 tasks at most');
    checkInteger(this.service, 'max', max, 0, 5000, 'a service runs 5000 tasks at most');
    if (min !== undefined && max !== undefined && ![min, max].some((value) => Token.isUnresolved(value)) && min > max) {
      fail(this.service, `'min' must not be larger than 'max', got ${min} and ${max}; swap them`);
    }
  }

  private checkOfficeHours(opens: string, closes: string, days: string): void {
    const [from, to] = [clockTime(opens), clockTime(closes)];
    for (const [prop, given, time] of [['opens', opens, from], ['closes', closes, to]] as const) {
      if (time === undefined) {
        fail(this.service, `'${prop}' must be a time of the day, HH:MM, known at synthesis, got ${JSON.stringify(given)}; write '08:00'`);
      }
    }
    if (from! >= to!) {
      fail(this.service, `'closes' must be later on the same day than 'opens', got "${closes}" and "${opens}"; for hours past midnight use 'onSchedule' twice`);
    }
    checkPattern(this.service, 'days', days, /^(\*|[A-Z1-7,-]+)$/, 'days of the week as cron has them', "write 'MON-FRI'");
  }
}
