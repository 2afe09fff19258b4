import type { OverlapGuard } from './run-overlap';
import type { StateTable } from './state-table';
import { PASSING_ERRORS } from '../private/passing-errors';

/** The name of the first of the states. */
export const OVERLAP_START = 'Prepare guard';

/** What a run that was skipped leaves behind, to be told from those that ran. */
export const SKIPPED_OUTPUT = { skipped: 'another run had not ended' };

/** An execution has 25,000 events, of which each look takes about seventeen. */
const LOOKS = 200;

/** So many running executions are seen. Their ARNs come to half of what a state may hold. */
const MOST_SEEN = 500;

/** Where they stand. */
interface OverlapPlace {
  readonly partition: string;
  /** The state that begins the run itself. */
  readonly next: string;
}

/**
 * The states that come before a run and keep it from overlapping others: the oldest execution that has not ended goes on. Plain JSONPath; no CDK in here.
 *
 * Their names have blanks, which no job's id has. The input must be an object.
 *
 * Step Functions lists the latest execution first, and may list it late: so this one waits until it is in the list itself. They keep what they know in `$.Overlap`.
 */
export function overlapStates({ waitSeconds }: OverlapGuard, { partition, next }: OverlapPlace): StateTable {
  return {
    [OVERLAP_START]: { Type: 'Pass', Result: { Waited: 0 }, ResultPath: '$.Overlap', Next: 'Find runs' },
    'Find runs': {
      Type: 'Task',
      Resource: `arn:${partition}:states:::aws-sdk:sfn:listExecutions`,
      Parameters: { 'StateMachineArn.$': '$$.StateMachine.Id', 'StatusFilter': 'RUNNING', 'MaxResults': MOST_SEEN },
      ResultSelector: {
        'Arns.$': '$.Executions[*].ExecutionArn',
        'Own.$': '$$.Execution.Id',
        'IsListed.$': 'States.ArrayContains($.Executions[*].ExecutionArn, $$.Execution.Id)',
      },
      ResultPath: '$.Overlap.Runs',
      Retry: PASSING_ERRORS,
      Next: 'Is it listed?',
    },
    'Is it listed?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.Overlap.Runs.IsListed', BooleanEquals: true, Next: 'Find oldest' }],
      Default: 'Await list',
    },
    'Await list': { Type: 'Wait', Seconds: 2, Next: 'Find runs' },
    'Find oldest': {
      Type: 'Pass',
      Parameters: { 'Arn.$': 'States.ArrayGetItem($.Overlap.Runs.Arns, States.MathAdd(States.ArrayLength($.Overlap.Runs.Arns), -1))' },
      ResultPath: '$.Overlap.Oldest',
      Next: 'Is it first?',
    },
    'Is it first?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.Overlap.Oldest.Arn', StringEqualsPath: '$.Overlap.Runs.Own', Next: next }],
      Default: waitSeconds === 0 ? 'Is skipped' : 'May it wait?',
    },
    ...waitSeconds === 0 ? { 'Is skipped': { Type: 'Pass', Result: SKIPPED_OUTPUT, End: true } } : waitStates(waitSeconds),
  };
}

function waitStates(bound: number): StateTable {
  const interval = Math.max(5, Math.ceil(bound / LOOKS));
  return {
    'May it wait?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.Overlap.Waited', NumericLessThan: bound, Next: 'Await others' }],
      Default: 'Waited too long',
    },
    'Await others': { Type: 'Wait', Seconds: interval, Next: 'Count wait' },
    'Count wait': {
      Type: 'Pass', Parameters: { 'Waited.$': `States.MathAdd($.Overlap.Waited, ${interval})` }, ResultPath: '$.Overlap', Next: 'Find runs',
    },
    'Waited too long': { Type: 'Fail', Error: 'WaitedTooLong', Cause: `Other runs did not end within ${bound} seconds` },
  };
}
