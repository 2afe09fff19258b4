import { Token } from 'aws-cdk-lib/core';
import type { BatchJob } from '../batch-job';
import type { GraphNode } from '../graph/job-graph';
import { stateTimeout } from '../submit-job-state';

/** An execution lasts a year at most. */
const LONGEST_EXECUTION = 365 * 86_400;

/**
 * The time after which an execution cannot still be under way, in seconds: the wait for its turn, and the longest way through the graph, with the time that each
 * job may take and wait.
 *
 * Where that is not known, it is the longest that Step Functions has.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html
 */
export function executionTimeout(root: GraphNode, jobs: BatchJob[], waitSeconds = 0): number {
  const times = new Map(jobs.map((job) => [job.node.id, timeOf(job)]));
  return Token.isUnresolved(waitSeconds) ? LONGEST_EXECUTION : Math.min(LONGEST_EXECUTION, waitSeconds + longest(root, times));
}

function longest(node: GraphNode, times: Map<string, number>): number {
  if (node.kind === 'job') return times.get(node.id)!;
  const parts = node.children.map((child) => longest(child, times));
  return node.kind === 'series' ? parts.reduce((total, part) => total + part, 0) : Math.max(0, ...parts);
}

function timeOf({ _compute: { spot }, _lane: { maxVcpus }, _submission: { fanOut, ...submission } }: BatchJob): number {
  if (fanOut?._items !== undefined) return LONGEST_EXECUTION;
  const once = stateTimeout({ arraySize: fanOut?._size, maxVcpus, ...submission });
  return spot?._escalates === true ? 2 * once : once;
}
