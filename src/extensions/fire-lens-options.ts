import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Size } from 'aws-cdk-lib/core';

/** What all log routers have, wherever their lines go. */
export interface FireLensOptions {
  /**
   * The image of the router. One of your own must have what AWS for Fluent Bit has from 3.0.1 on: a shell, `curl` and `/entrypoint.sh`.
   *
   * @default - a fixed version of AWS for Fluent Bit from the public gallery of ECR
   */
  readonly image?: ecs.ContainerImage;

  /**
   * Whether cluster, task and task definition are added to each line.
   *
   * @default true
   */
  readonly enableEcsMetadata?: boolean;

  /**
   * How much of the task's disk lines may take that the output does not: while it is down, or slower than the application. 1 MiB to 100 GiB.
   *
   * When it is full, the oldest are given up. Lines that wait are lost when the task ends, but for the 30 seconds that the router has to deliver them. Under the
   * hood, this is `storage.total_limit_size` of the output.
   *
   * @default Size.gibibytes(1)
   * @see https://docs.fluentbit.io/manual/administration/buffering-and-storage
   */
  readonly bufferSize?: Size;

  /**
   * Whether a line that is an object of JSON becomes fields beside the others. Other lines stay as they are.
   *
   * @default true
   */
  readonly parseJson?: boolean;

  /**
   * What begins an entry of several lines, as a regular expression such as `^\S`: lines that do not match belong to the entry before them, as those of a stack
   * trace do. It must not have a double quote.
   *
   * @default - each line is an entry
   * @see https://docs.fluentbit.io/manual/pipeline/filters/multiline-stacktrace
   */
  readonly entryStart?: string;
}

/** Options of `FireLensRouter`. */
export interface FireLensRouterOptions extends FireLensOptions {
  /**
   * Where the lines go: an output of Fluent Bit, by its `Name`, and its settings. What it calls in AWS must be granted to the workload. What you say here wins.
   *
   * @see https://docs.fluentbit.io/manual/pipeline/outputs
   */
  readonly output: { [setting: string]: string };

  /**
   * Settings of the output whose values come from Secrets Manager or SSM Parameter Store when a task starts: a key, say.
   *
   * @default - none
   */
  readonly secrets?: { [setting: string]: ecs.Secret };
}
