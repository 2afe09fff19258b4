import type { Machine, States } from './flow-job';
import { type FlowParameter, PARAMETERS_PATH, PARAMETERS_START, parameterStates } from './parameter-states';
import { OVERLAP_START, overlapStates } from '../../task/overlap-states';
import type { OverlapGuard } from '../../task/run-overlap';

/** What comes before the jobs. */
export interface Prelude {
  readonly partition: string;
  readonly parameters: FlowParameter[];
  readonly guard?: OverlapGuard;
  readonly takesMessages: boolean;
}

/** The name of the state after which the jobs begin. */
const BEGIN = 'Begin the jobs';

/**
 * A state machine that first checks its input, then waits for its turn, and then does what it did before. Where there is neither to do, it stays as it is.
 *
 * What comes first leaves behind just the parameters: the list of the other executions, say, would take room that results need.
 */
export function withPrelude(machine: Machine, { partition, parameters, guard, takesMessages }: Prelude): Machine {
  if (parameters.length === 0 && guard === undefined && !takesMessages) return machine;
  const turn = guard === undefined ? BEGIN : OVERLAP_START;
  return {
    StartAt: PARAMETERS_START,
    States: {
      ...parameters.length === 0 ? withoutInput(turn) : parameterStates(parameters, { next: turn, takesMessages }),
      ...guard === undefined ? {} : overlapStates(guard, { partition, next: BEGIN }),
      [BEGIN]: { Type: 'Pass', ...parameters.length === 0 ? { Result: {} } : { Parameters: { 'parameters.$': PARAMETERS_PATH } }, Next: machine.StartAt },
      ...machine.States,
    },
  };
}

/** No state of a job looks at the input, which need not even be an object. */
function withoutInput(next: string): States {
  return { [PARAMETERS_START]: { Type: 'Pass', Comment: 'The pipeline has no parameters', Result: {}, Next: next } };
}
