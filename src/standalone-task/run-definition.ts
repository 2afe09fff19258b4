import { PASSING_ERRORS } from '../private/passing-errors';
import { OVERLAP_START, overlapStates } from '../task/overlap-states';
import type { OverlapGuard } from '../task/run-overlap';
import type { StateTable } from '../task/state-table';

/** What the state machine of a task needs to know. */
export interface RunDefinitionProps {
  readonly partition: string;
  /** The parameters of `ecs:runTask.sync`, without overrides. */
  readonly runTask: object;
  readonly clusterArn: string;
  readonly family: string;
  readonly guard?: OverlapGuard;
  readonly timeoutSeconds?: number;
  readonly retries: number;
}

/** In seconds; a retry waits twice as long as the one before it. */
const FIRST_RETRY = 10;

/** The task could not even be started: no capacity, throttling. */
const NOT_STARTED = {
  ErrorEquals: ['ECS.AmazonECSException', 'ECS.ServerException', 'ECS.ThrottlingException'],
  IntervalSeconds: 15,
  MaxAttempts: 5,
  BackoffRate: 2,
  JitterStrategy: 'FULL',
};

/**
 * The state machine that runs a task to its end: after those before it, for no longer than it may, and again where it fails. Plain JSONPath; no CDK in here.
 *
 * The execution's input may have `ContainerOverrides`, as RunTask has them.
 */
export function runDefinition(props: RunDefinitionProps): object {
  return {
    Comment: 'Runs a task',
    StartAt: 'ReadInput',
    States: {
      ReadInput: {
        Type: 'Pass',
        Parameters: { 'Defaults': { ContainerOverrides: [] }, 'Given.$': '$$.Execution.Input' },
        Next: 'PrepareRun',
      },
      PrepareRun: {
        Type: 'Pass',
        Parameters: { 'Overrides.$': 'States.JsonMerge($.Defaults, $.Given, false)' },
        Next: props.guard === undefined ? 'Run' : OVERLAP_START,
      },
      ...props.guard === undefined ? {} : overlapStates(props.guard, { partition: props.partition, next: 'Run' }),
      ...runStates(props),
    },
  };
}

/** `States.TaskFailed` is every error but a time-out: also a container that ends with another exit code than 0. */
function runStates(props: RunDefinitionProps): StateTable {
  const { partition, runTask, retries, timeoutSeconds } = props;
  const failed = { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: FIRST_RETRY, MaxAttempts: retries, BackoffRate: 2 };
  return {
    Run: {
      Type: 'Task',
      Resource: `arn:${partition}:states:::ecs:runTask.sync`,
      Parameters: { ...runTask, 'Group.$': '$$.Execution.Name', 'Overrides': { 'ContainerOverrides.$': '$.Overrides.ContainerOverrides' } },
      Retry: retries === 0 ? [NOT_STARTED] : [NOT_STARTED, failed],
      ...timeoutSeconds === undefined ? {} : {
        TimeoutSeconds: timeoutSeconds, Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.TimedOut', Next: 'FindTasks' }],
      },
      End: true,
    },
    ...timeoutSeconds === undefined ? {} : timeoutStates(props, timeoutSeconds),
  };
}

/**
 * Stops the task of a run whose time is over: Step Functions promises to do so when an execution is stopped, and says nothing of a state that times out.
 *
 * It has no ARN at hand, so it looks for the task of its own group.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 */
function timeoutStates({ partition, clusterArn, family }: RunDefinitionProps, seconds: number): StateTable {
  const call = (operation: string, parameters: object, rest: object) => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:ecs:${operation}`,
    Parameters: { Cluster: clusterArn, ...parameters },
    Retry: PASSING_ERRORS,
    ...rest,
  });
  return {
    FindTasks: call('listTasks', { Family: family }, { ResultPath: '$.Found', Next: 'FoundAny' }),
    FoundAny: { Type: 'Choice', Choices: [{ Variable: '$.Found.TaskArns[0]', IsPresent: true, Next: 'DescribeTasks' }], Default: 'TimedOut' },
    DescribeTasks: call('describeTasks', { 'Tasks.$': '$.Found.TaskArns' }, { ResultPath: '$.Described', Next: 'StopOwnTask' }),
    StopOwnTask: {
      Type: 'Map',
      ItemsPath: '$.Described.Tasks',
      ItemSelector: { 'Task.$': '$$.Map.Item.Value.TaskArn', 'Group.$': '$$.Map.Item.Value.Group', 'Own.$': '$$.Execution.Name' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'IsOwn',
        States: {
          IsOwn: { Type: 'Choice', Choices: [{ Variable: '$.Group', StringEqualsPath: '$.Own', Next: 'StopTask' }], Default: 'OfAnotherRun' },
          StopTask: call('stopTask', { 'Task.$': '$.Task', 'Reason': `The run took longer than ${seconds} seconds` }, { End: true }),
          OfAnotherRun: { Type: 'Succeed' },
        },
      },
      Next: 'TimedOut',
    },
    TimedOut: { Type: 'Fail', Error: 'TaskTimedOut', Cause: `The run took longer than ${seconds} seconds` },
  };
}
