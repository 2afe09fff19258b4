import type { Duration } from 'aws-cdk-lib/core';
import { Token } from 'aws-cdk-lib/core';

/** A job, as the state that submits it and waits for it needs it. */
export interface SubmitJobStateProps {
  readonly partition: string;
  readonly jobName: string;
  readonly jobQueueArn: string;
  readonly jobDefinitionArn: string;
  /** Environment variables whose values only an execution knows: paths and intrinsic functions by name. */
  readonly environment: { [name: string]: string };
  /** Of a queue that is fair. */
  readonly share?: string;
  /** Handed on to whoever hears of the job, by name. */
  readonly notes?: { [name: string]: string };
  /** What `Ref::` in the command stands for: paths and intrinsic functions by name. */
  readonly parameters?: { [name: string]: string };
  readonly arraySize?: number;
  readonly vcpus: number;
  readonly maxVcpus: number;
  readonly timeout: Duration;
  readonly attempts: number;
  readonly tags: { [key: string]: string };
}

/** A Map over items, each of which is a job. */
export interface MapStateProps {
  readonly itemStateName: string;
  readonly reader: object;
  readonly writer: object;
  /** What the items' states find in their input, by name: paths and intrinsic functions. */
  readonly selector: { [name: string]: string };
  readonly maxConcurrency: number;
  readonly toleratedFailurePercent: number;
}

/**
 * What goes wrong with the submission itself: throttling (50 submissions a second and account) and faults of the service.
 *
 * A job that was submitted and failed is `States.TaskFailed`, which stays uncaught: it fails the execution, so that a redrive takes up there.
 */
const SUBMISSION_ERRORS = ['Batch.AWSBatchException', 'Batch.ServerException', 'Batch.TooManyRequestsException'];

const DAY = 86_400;

/** Beyond the time that its attempts may take, a job may wait so long for its turn. What cannot be placed at all, the queue cancels much earlier. */
const LONGEST_WAIT = 7 * DAY;

/** An execution lasts a year at most. */
const LONGEST_EXECUTION = 365 * DAY;

/**
 * The task state that submits a job and waits for its end.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 */
export function submitJobState({ parameters = {}, notes = {}, ...props }: SubmitJobStateProps): object {
  const handedOn = { ...notes, ...byPath(parameters) };
  return {
    Type: 'Task',
    Resource: `arn:${props.partition}:states:::batch:submitJob.sync`,
    Parameters: {
      JobName: props.jobName,
      JobQueue: props.jobQueueArn,
      JobDefinition: props.jobDefinitionArn,
      ...(props.arraySize === undefined ? {} : { ArrayProperties: { Size: props.arraySize } }),
      ...(props.share === undefined ? {} : { ShareIdentifier: props.share }),
      ...(Object.keys(handedOn).length === 0 ? {} : { Parameters: handedOn }),
      ContainerOverrides: {
        Environment: Object.entries(props.environment).map(([name, value]) => ({ 'Name': name, 'Value.$': value })),
      },
      Tags: props.tags,
    },
    ResultPath: null,
    TimeoutSeconds: stateTimeout(props),
    Retry: [{
      ErrorEquals: SUBMISSION_ERRORS,
      IntervalSeconds: 2,
      BackoffRate: 2,
      MaxDelaySeconds: 60,
      MaxAttempts: 10,
      JitterStrategy: 'FULL',
    }],
  };
}

/**
 * The distributed Map around the state of a job.
 *
 * What the items leave behind is dropped, item by item, and what became of them is written to S3: the result of a Map that writes nothing may have 256 KiB
 * before it is dropped, which some ten thousand items exceed, or fewer that failed and are tolerated.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export function mapState(task: object, props: MapStateProps): object {
  return {
    Type: 'Map',
    ItemReader: props.reader,
    ItemSelector: byPath(props.selector),
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: props.itemStateName,
      States: { [props.itemStateName]: { ...task, ResultSelector: {}, ResultPath: '$', End: true } },
    },
    MaxConcurrency: props.maxConcurrency,
    ToleratedFailurePercentage: props.toleratedFailurePercent,
    ResultWriter: props.writer,
    ResultPath: null,
  };
}

function byPath(paths: { [name: string]: string }): object {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [`${name}.$`, path]));
}

/** The time after which a job cannot still be under way: all attempts of all items, as many at once as there is room for, and the wait. */
export function stateTimeout(
  { arraySize = 1, vcpus, maxVcpus, timeout, attempts }: Pick<SubmitJobStateProps, 'arraySize' | 'vcpus' | 'maxVcpus' | 'timeout' | 'attempts'>,
): number {
  if (timeout.isUnresolved() || [arraySize, vcpus, maxVcpus, attempts].some((value) => Token.isUnresolved(value))) return LONGEST_EXECUTION;
  const atOnce = Math.max(1, Math.floor(maxVcpus / vcpus));
  const rounds = Math.ceil(arraySize / atOnce);
  return Math.min(LONGEST_EXECUTION, timeout.toSeconds() * attempts * rounds + LONGEST_WAIT);
}
