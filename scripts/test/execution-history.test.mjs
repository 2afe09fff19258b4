import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepsOf } from '../lib/execution-history.mjs';

let id = 0;
const at = (seconds) => new Date(seconds * 1_000);

function event(type, previousEventId, seconds, details = {}) {
  return { id: ++id, type, previousEventId, timestamp: at(seconds), ...details };
}

const entered = (name, previous, seconds) => event('TaskStateEntered', previous, seconds, { stateEnteredEventDetails: { name } });
const submitted = (jobId, previous, seconds) => event('TaskSubmitted', previous, seconds, {
  taskSubmittedEventDetails: { output: JSON.stringify({ JobId: jobId }) },
});

test('a step that succeeds has its job and its times', () => {
  const enter = entered('Extract', 0, 1);
  const submit = submitted('job-1', enter.id, 2);
  const success = event('TaskSucceeded', submit.id, 5);
  const exit = event('TaskStateExited', success.id, 6);
  assert.deepEqual(stepsOf([enter, submit, success, exit]), [
    { name: 'Extract', status: 'SUCCEEDED', startedAt: 1_000, jobId: 'job-1', endedAt: 6_000 },
  ]);
});

test('a step that fails has the cause', () => {
  const enter = entered('Train', 0, 1);
  const scheduled = event('TaskScheduled', enter.id, 2);
  const failure = event('TaskFailed', scheduled.id, 3, { taskFailedEventDetails: { cause: 'exit code 1' } });
  const [step] = stepsOf([enter, scheduled, failure]);
  assert.deepEqual([step.status, step.cause], ['FAILED', 'exit code 1']);
});

test('branches that run side by side keep their events apart', () => {
  const left = entered('Left', 0, 1);
  const right = entered('Right', 0, 1);
  const submitRight = submitted('job-right', right.id, 2);
  const submitLeft = submitted('job-left', left.id, 2);
  const success = event('TaskSucceeded', submitRight.id, 3);
  const steps = stepsOf([left, right, submitRight, submitLeft, success]);
  assert.deepEqual(steps.map(({ name, jobId, status }) => [name, jobId, status]), [
    ['Left', 'job-left', 'RUNNING'],
    ['Right', 'job-right', 'SUCCEEDED'],
  ]);
});
