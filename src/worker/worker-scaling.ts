import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Duration, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { BacklogProps } from './backlog-metrics';
import { sleepWhenEmpty, trackBacklog } from './backlog-scaling';
import type { MessageTimes } from './message-times';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { checkInteger, checkRange, checkSeconds } from '../private/check';
import { fail } from '../private/fail';
import { defaultsOf } from '../private/profile-defaults';
import { createScalableTarget } from '../service/scalable-target';

/** Options of `WorkerScaling.between`. */
export interface BacklogOptions {
  /**
   * How many messages there may be for each task, waiting and being worked on, above 0.
   *
   * It is the longest that a message may wait, divided by the time that one takes, and times as many as a task works on at once: with 60 seconds to wait and
   * messages of 2 seconds, 30.
   *
   * @default - 10; 1 where a message may take longer than 120 seconds
   */
  readonly backlogPerTask?: number;

  /**
   * How long the queues must be empty, with no message being worked on, before the last task stops, 1 minute to 1 day in whole minutes. It matters where
   * `min` is 0.
   *
   * @default Duration.minutes(10)
   */
  readonly idleTime?: Duration;
}

/** What is to be scaled. */
interface ScaledWorker extends BacklogProps {
  readonly cluster: ecs.ICluster;
  readonly service: ecs.CfnService;
  readonly times: MessageTimes;
}

const SHORT_MESSAGES_PER_TASK = 10;
const LONG_MESSAGES_PER_TASK = 1;

/**
 * How many tasks a worker runs.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
export class WorkerScaling {
  /**
   * From `min` to `max` tasks, as many as keep the number of messages for each task at its target.
   *
   * Creates a scalable target and a target tracking policy on metric math; no function. Its two alarms are charged by the month. The service gets no desired
   * count, so that a deployment never resets what scaling has chosen.
   *
   * With `min` 0 no task runs while there is nothing to do: two step policies with an alarm each wake the worker within two to three minutes and send it to
   * sleep. SQS stops sending metrics of a queue that nobody has used for six hours, and takes up to 15 minutes to start again: so long may the first message
   * after a quiet night wait. Where that is too long, `min` is 1.
   *
   * @param min the smallest number of tasks, 0 to 5000
   * @param max the largest number of tasks, 1 to 5000
   *
   * @example
   * new EcsQueueWorker(this, 'Mailer', { cluster, image, scaling: WorkerScaling.between(0, 20, { backlogPerTask: 30 }) });
   *
   * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
   */
  public static between(min: number, max: number, options: BacklogOptions = {}): WorkerScaling {
    checkInteger(undefined, 'min', min, 0, 5000, '0 runs nothing while there is nothing to do');
    checkInteger(undefined, 'max', max, 1, 5000, 'a service runs 5000 tasks at most');
    if (!Token.isUnresolved(min) && !Token.isUnresolved(max) && min > max) {
      fail(undefined, `'min' must not be larger than 'max', got ${min} and ${max}; swap them`);
    }
    checkRange(undefined, 'backlogPerTask', options.backlogPerTask, 0.01, 1e6, 'divide the longest wait by the time that one message takes');
    checkSeconds(undefined, 'idleTime', options.idleTime, 60, 86400, 'an alarm looks back for a day at most');
    const idle = options.idleTime?.isUnresolved() === false ? options.idleTime.toSeconds() : 0;
    if (idle % 60 !== 0) fail(undefined, `'idleTime' must be in whole minutes, got ${idle} seconds; round it`);
    return new WorkerScaling(min, max, options);
  }

  /**
   * Always the same number of tasks. Creates nothing.
   *
   * @example
   * new EcsQueueWorker(this, 'Ledger', { cluster, image, scaling: WorkerScaling.fixed(1) });
   */
  public static fixed(tasks: number): WorkerScaling {
    checkInteger(undefined, 'tasks', tasks, 0, 5000, 'a service runs 5000 tasks at most');
    return new WorkerScaling(tasks, tasks);
  }

  /** @internal */
  public static _default(profile: ClusterProfile): WorkerScaling {
    const { minWorkerTasks, maxTasks } = defaultsOf(profile);
    return WorkerScaling.between(minWorkerTasks, maxTasks);
  }

  /** @internal */
  public readonly _isDaemon = false;

  private constructor(
    /** @internal */
    public readonly _min: number,
    private readonly max: number,
    private readonly options?: BacklogOptions,
  ) {
  }

  /** @internal What the service itself declares: nothing where scaling decides. */
  public get _desiredCount(): number | undefined {
    return this.options === undefined ? this._min : undefined;
  }

  /** @internal */
  public _bind(scope: Construct, worker: ScaledWorker): void {
    if (this.options === undefined) return;
    const { cluster, service, times } = worker;
    const target = createScalableTarget(scope, { cluster, service, min: this._min, max: this.max });
    const backlog = this.options.backlogPerTask ?? (times.long === undefined ? SHORT_MESSAGES_PER_TASK : LONG_MESSAGES_PER_TASK);
    trackBacklog(scope, target, worker, backlog);
    if (this._min !== 0) return;
    const idleMinutes = (this.options.idleTime ?? Duration.minutes(10)).toMinutes();
    sleepWhenEmpty(scope, { ...worker, target, backlog, max: this.max, idleMinutes });
  }
}
