import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import type { Answers } from './board';
import { fail, show } from '../private/fail';

/** What dashboards and stored queries know of a workload. */
export interface Watched {
  /** What it is, in one word of the docs: service, worker, task, pipeline. */
  readonly kind: string;
  readonly logGroup: logs.ILogGroup;
  /** What the streams of the application's own lines begin with, as a regular expression. Sidecars and proxies have others. */
  readonly streams: () => string[];
  /** Pages of the console, by what they show, each the part of its address after the console's own. */
  readonly pages: Record<string, string>;
  /** What runs since the dashboard was deployed. */
  readonly version?: string;
  readonly answers: (label: (title: string) => string) => Answers;
}

const workloads = new WeakMap<IConstruct, Watched>();

/** Lets dashboards and stored queries show the workload. */
export function watch(workload: IConstruct, facts: Watched): void {
  workloads.set(workload, facts);
}

export function watched(scope: IConstruct, workload: IConstruct): Watched {
  return workloads.get(workload) ?? fail(scope, `'workloads' must be services, workers, tasks and pipelines of this app, got ${show(workload.node.path)}; take it out`);
}
