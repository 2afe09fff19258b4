import { Duration } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { AfterSkipped } from '../../src';
import { compileGraph } from '../../src/batch/graph/job-graph';
import { renderStateMachine } from '../../src/batch/machine/state-machine-definition';
import { submitJobState } from '../../src/batch/submit-job-state';
import { problemsOf } from '../util/asl';

/** Any acyclic graph: each job waits for some of those before it. */
const graphs = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 15 }).map((picks) => picks.map((earlier, index) => ({
  id: `Job${index}`, after: index === 0 ? [] : [...new Set(earlier.map((pick) => `Job${pick % index}`))],
})));

function taskOf(jobName: string): object {
  return submitJobState({
    partition: 'aws',
    jobName,
    jobQueueArn: 'queue',
    jobDefinitionArn: 'definition',
    environment: { RUN: '$$.Execution.Name' },
    vcpus: 1,
    maxVcpus: 4,
    timeout: Duration.hours(1),
    tags: {},
    attempts: 1,
  });
}

describe('state machines of any graph', () => {
  test('have nothing that an independent validator finds wrong', () => {
    fc.assert(fc.property(graphs, (jobs) => {
      const tasks = jobs.map((job) => ({ ...job, task: taskOf(job.id), afterSkipped: AfterSkipped.SKIP }));
      expect(problemsOf(renderStateMachine(compileGraph(jobs).root, tasks))).toBe('');
    }), { numRuns: 15 });
  });
});
