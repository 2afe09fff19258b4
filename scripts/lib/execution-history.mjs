/**
 * One step of an execution as its history tells it.
 *
 * @typedef {object} Step
 * @property {string} name the state
 * @property {'RUNNING' | 'SUCCEEDED' | 'FAILED'} status
 * @property {number} startedAt
 * @property {number} [endedAt]
 * @property {string} [jobId] of the Batch job that the step submitted
 * @property {string} [cause] why it failed
 */

/**
 * The task states of an execution, in the order in which they began. Branches of a Parallel state mix their events, so
 * that an event belongs to the state from which its chain of `previousEventId` comes.
 *
 * @param {import('@aws-sdk/client-sfn').HistoryEvent[]} events
 * @returns {Step[]}
 */
export function stepsOf(events) {
  const byEvent = new Map();
  const steps = [];
  for (const event of events) {
    const step = event.type === 'TaskStateEntered' ? enter(event, steps) : byEvent.get(event.previousEventId);
    if (step === undefined) continue;
    byEvent.set(event.id, step);
    learn(step, event);
    if (event.type === 'TaskStateExited') byEvent.delete(event.id);
  }
  return steps;
}

function enter(event, steps) {
  const step = { name: event.stateEnteredEventDetails.name, status: 'RUNNING', startedAt: Number(event.timestamp) };
  steps.push(step);
  return step;
}

function learn(step, event) {
  switch (event.type) {
    case 'TaskSubmitted':
      step.jobId = JSON.parse(event.taskSubmittedEventDetails.output).JobId;
      break;
    case 'TaskSucceeded':
    case 'TaskStateExited':
      step.status = 'SUCCEEDED';
      step.endedAt = Number(event.timestamp);
      break;
    case 'TaskFailed':
    case 'TaskTimedOut':
    case 'TaskSubmitFailed':
      step.status = 'FAILED';
      step.endedAt = Number(event.timestamp);
      step.cause = (event.taskFailedEventDetails ?? event.taskTimedOutEventDetails ?? event.taskSubmitFailedEventDetails)?.cause;
      break;
    default:
  }
}
