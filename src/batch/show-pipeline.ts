import { Stack } from 'aws-cdk-lib/core';
import type { Answers } from '../observability/board';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { watch } from '../observability/watched';
import { durationGraph, executionsGraph } from '../observability/workload-metrics';

/** A pipeline that dashboards show. */
interface ShownPipeline {
  readonly stateMachineArn: string;
  /** The ids of its jobs, asked for at synthesis. */
  readonly jobs: () => string[];
}

/** Lets dashboards and stored queries show a pipeline. */
export function showPipeline(pipeline: IWatchedWorkload, { stateMachineArn, jobs }: ShownPipeline): void {
  const { region } = Stack.of(pipeline);
  watch(pipeline, {
    kind: 'pipeline',
    logGroup: pipeline.logGroup,
    streams: () => jobs().map((id) => `${id}/`),
    pages: { runs: `states/home?region=${region}#/statemachines/view/${stateMachineArn}`, jobs: `batch/home?region=${region}#jobs` },
    answers: (label) => answersOf(stateMachineArn, label),
  });
}

/** Batch itself measures nothing of a job; the account's vCPUs on Fargate are what all jobs and tasks share. */
function answersOf(stateMachineArn: string, label: (title: string) => string): Answers {
  const fargate = (kind: string) => ({
    namespace: 'AWS/Usage',
    name: 'ResourceCount',
    statistic: 'Maximum',
    dimensions: { Type: 'Resource', Resource: 'vCPU', Service: 'Fargate', Class: kind },
  });
  return {
    up: [executionsGraph(stateMachineArn, label)],
    slow: [durationGraph(stateMachineArn, label)],
    full: [{
      title: label('vCPUs on Fargate in use in the account'),
      lines: [{ label: 'on demand', metric: fargate('Standard/OnDemand') }, { label: 'Spot', metric: fargate('Standard/Spot') }],
    }],
    changed: [],
  };
}
