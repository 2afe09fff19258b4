import { REDRIVES, type Machine } from '../machine/flow-job';

/** How Batch words the loss of capacity, without the asterisk. What it says of anything else begins otherwise. */
export const LOSSES: Record<string, string[]> = {
  EC2: ['Host EC2'],
  FARGATE: ['Your Spot Task was interrupted'],
};

/** Nowhere to be had for hours: the queue has cancelled the job. */
export const NO_CAPACITY = 'Canceled by JobStateTimeLimit action due to reason: CAPACITY:';

/** Where the states of an escalation keep what they know. */
const LOSS = '$.loss';
const READ_REASON = `${LOSS}.read.job.StatusReason`;

/** A job on Spot, and the same job on demand. */
export interface EscalationProps {
  readonly jobName: string;
  readonly platform: string;
  /** The task on either queue. */
  readonly onSpot: object;
  readonly onDemand: object;
}

/** The longest id whose states have names that AWS takes. */
export const LONGEST_ESCALATED_ID = 60;

/**
 * A job on Spot that goes on on demand once its capacity was taken away as often as it is tried: one state, with a machine of its own inside.
 *
 * It is decided by the reason that Batch gives for the job as a whole, which is that of its last attempt. An error of the job itself, and a cause that
 * cannot be read, matches no rule, which is an error: no job runs on demand by mistake. A redrive evaluates the rules again; the last of them then leads
 * back to Spot. The attempt on demand is not caught, so that a redrive repeats just that.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
export function escalation(props: EscalationProps): object {
  return { Type: 'Parallel', Branches: [machine(props)], ResultPath: null };
}

function machine({ jobName, platform, onSpot, onDemand }: EscalationProps): Machine {
  const [spot, failed, cause, read, choice, demand] = ['on Spot', 'failed on Spot', 'has a cause', 'has a cause to read', 'was taken away?', 'on demand']
    .map((what) => `${jobName} ${what}`);
  return {
    StartAt: spot,
    States: {
      // a time-out of the state is another error, and not one of Spot.
      [spot]: { ...onSpot, Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: LOSS, Next: failed }], End: true },
      [failed]: { Type: 'Pass', Parameters: { 'redrives.$': REDRIVES, 'Cause.$': `${LOSS}.Cause` }, ResultPath: LOSS, Next: cause },
      [cause]: {
        Type: 'Parallel',
        Branches: [{ StartAt: read, States: { [read]: { Type: 'Pass', Parameters: { 'job.$': `States.StringToJson(${LOSS}.Cause)` }, End: true } } }],
        ResultSelector: { 'job.$': '$[0].job' },
        ResultPath: `${LOSS}.read`,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: `${LOSS}.unreadable`, Next: choice }],
        Next: choice,
      },
      [choice]: {
        Type: 'Choice',
        Comment: 'no rule matches where the job failed by its own fault or its cause cannot be read, so that the execution fails; a redrive begins on Spot again',
        Choices: [
          { And: [{ Variable: READ_REASON, IsPresent: true }, { Variable: READ_REASON, IsString: true }, { Or: reasons(platform) }], Next: demand },
          { Variable: REDRIVES, NumericGreaterThanPath: `${LOSS}.redrives`, Next: spot },
        ],
      },
      [demand]: { ...onDemand, End: true },
    },
  };
}

function reasons(platform: string): object[] {
  return [...LOSSES[platform] ?? [], NO_CAPACITY].map((text) => ({ Variable: READ_REASON, StringMatches: `${text}*` }));
}
