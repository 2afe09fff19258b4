import { allOf, type FlowCondition, type Following, type Machine, REDRIVES, resultPath, type States } from './flow-job';
import { FLOW_PATH } from './outcomes';
import type { StateNames } from './state-names';

/** Whether to go on with the job, once its condition is decided. */
const DECISION = `${FLOW_PATH}.decision`;

/** The states that decide on a job. */
interface ConditionStates {
  readonly entry: string;
  readonly states: States;
}

/**
 * Reads what the condition of a job is about and decides, within a Parallel of one branch, so that the results end there and are not handed on.
 *
 * A result that cannot be decided upon (a value is missing or of another type) matches no rule, which is an error: nothing is skipped by mistake. A redrive
 * evaluates the rules of such a Choice again; the last of them then leads back to the reading.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
export function conditionStates(
  id: string, condition: FlowCondition, leads: { readonly run: string; readonly skip: string; readonly unfinished?: string }, names: StateNames,
): ConditionStates {
  const entry = names.take(`Is ${id} to run?`);
  const decision = names.take(`${id} is decided on`);
  return {
    entry,
    states: {
      [entry]: {
        Type: 'Parallel',
        Parameters: {}, // the results may fill what a state may hand on
        Branches: [branch(id, condition, names)],
        ResultSelector: { 'runs.$': '$[0].runs' },
        ResultPath: DECISION,
        ...(leads.unfinished === undefined ? {} : { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: leads.unfinished }] }),
        Next: decision,
      },
      [decision]: {
        Type: 'Choice',
        Choices: [{ Variable: `${DECISION}.runs`, BooleanEquals: true, Next: leads.run }],
        Default: leads.skip,
      },
    },
  };
}

function branch(id: string, { reads, valid, rule }: FlowCondition, names: StateNames): Machine {
  const [choice, yes, no] = [`Condition of ${id}`, `${id} is to run`, `${id} is not to run`].map((name) => names.take(name));
  const tasks = reads.map((read) => ({ ...read, name: names.take(`${id} reads ${read.name}`) }));
  const readStates = tasks.map(({ name, task }, index): [string, object] => {
    const following: Following = { Next: tasks[index + 1]?.name ?? choice };
    return [name, { ...task, ...following }];
  });
  return {
    StartAt: tasks[0].name,
    States: {
      ...Object.fromEntries(readStates),
      [choice]: {
        Type: 'Choice',
        Comment: 'no rule matches where a value is missing or of another type; a redrive reads again',
        Choices: [
          { ...allOf([...valid, rule]), Next: yes },
          { ...allOf(valid), Next: no },
          { Variable: REDRIVES, NumericGreaterThanPath: `${resultPath(0)}.redrives`, Next: tasks[0].name },
        ],
      },
      [yes]: { Type: 'Pass', Result: { runs: true }, End: true },
      [no]: { Type: 'Pass', Result: { runs: false }, End: true },
    },
  };
}
