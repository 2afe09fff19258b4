import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Size } from 'aws-cdk-lib/core';
import { fail } from '../private/fail';
import type { Delivery } from '../task/own-logs';

/** Options of `LogDelivery.nonBlocking`. */
export interface NonBlockingOptions {
  /**
   * How much of each container's output may wait to be delivered, 1 MiB to 1 GiB. It counts against the memory of the task.
   *
   * What comes when it is full is lost. Under the hood, this is `max-buffer-size`.
   *
   * @default Size.mebibytes(25)
   */
  readonly buffer?: Size;
}

/**
 * What happens to the output of a container that CloudWatch Logs cannot take at once.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
 */
export class LogDelivery {
  /**
   * The output waits in memory, and is lost when that is full: the application goes on in any case. What workloads have by themselves.
   *
   * @example
   * declare const orders: EcsMicroservice;
   * WorkloadLogs.of(orders).deliver(LogDelivery.nonBlocking({ buffer: Size.mebibytes(100) }));
   */
  public static nonBlocking(options: NonBlockingOptions = {}): LogDelivery {
    const { buffer = Size.mebibytes(25) } = options;
    const mebibytes = buffer.isUnresolved() ? 1 : buffer.toMebibytes({ rounding: 2 });
    if (mebibytes < 1 || mebibytes > 1024) {
      fail(undefined, `'buffer' must be between 1 MiB and 1 GiB, got ${mebibytes} MiB; it counts against the memory of the task`);
    }
    return new LogDelivery({ mode: ecs.AwsLogDriverMode.NON_BLOCKING, maxBufferSize: buffer });
  }

  /**
   * The application waits until CloudWatch Logs has taken its output: nothing is lost while it runs, and it stands still while CloudWatch Logs does not answer.
   *
   * For what must be proved: audits, payments. A health check fails then too, and ECS replaces the task.
   *
   * @example
   * declare const payments: EcsMicroservice;
   * WorkloadLogs.of(payments).deliver(LogDelivery.blocking());
   */
  public static blocking(): LogDelivery {
    return new LogDelivery({ mode: ecs.AwsLogDriverMode.BLOCKING });
  }

  private constructor(private readonly delivery: Delivery) {
  }

  /** @internal */
  public _bind(): Delivery {
    return this.delivery;
  }
}
