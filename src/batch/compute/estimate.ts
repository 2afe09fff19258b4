import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PipelineCeiling, PipelineEstimate } from './pipeline-ceiling';
import { checkRange } from '../../private/check';
import { show } from '../../private/fail';
import type { BatchJob } from '../batch-job';

const MOST_HOURS = 1_000_000_000;

/** What an execution of these jobs uses at worst. */
export function estimateOf(jobs: BatchJob[]): PipelineEstimate {
  const counted = jobs.filter(isCounted);
  const sum = (amountOf: (job: BatchJob) => number) => counted.reduce((total, job) => total + amountOf(job) * worstHours(job), 0);
  return {
    vcpuHours: sum((job) => job._compute.vcpus),
    gpuHours: sum((job) => job._compute.gpus),
    uncountedJobs: jobs.filter((job) => !isCounted(job)).map((job) => job.node.id),
  };
}

/** A ceiling that nothing stays below is a slip. */
export function checkCeiling(pipeline: Construct, ceiling: PipelineCeiling = {}): void {
  checkRange(pipeline, 'ceiling.vcpuHours', ceiling.vcpuHours, 0, MOST_HOURS, 'it is what an execution may use at worst');
  checkRange(pipeline, 'ceiling.gpuHours', ceiling.gpuHours, 0, MOST_HOURS, 'it is what an execution may use at worst');
}

/** What is wrong with the jobs under a ceiling. */
export function ceilingProblems(pipeline: Construct, jobs: BatchJob[], ceiling?: PipelineCeiling): string[] {
  if (ceiling === undefined) return [];
  const estimate = estimateOf(jobs);
  const remedy = "raise it, or give jobs a shorter 'timeout', fewer 'attempts' or fewer items";
  const over = (prop: string, most: number | undefined, worst: number) => most === undefined || Token.isUnresolved(most) || worst <= most
    ? []
    : [`'ceiling.${prop}' must hold what an execution uses at worst, which is ${Math.ceil(worst)}, got ${most}; ${remedy} (at ${pipeline.node.path})`];
  const uncounted = estimate.uncountedJobs.length === 0
    ? []
    : [`'ceiling' needs jobs that can be counted, got ${show(estimate.uncountedJobs)}, whose items, size or time are not known here; use FanOut.array, or `
      + `omit it (at ${pipeline.node.path})`];
  return [...uncounted, ...over('vcpuHours', ceiling.vcpuHours, estimate.vcpuHours), ...over('gpuHours', ceiling.gpuHours, estimate.gpuHours)];
}

function isCounted({ _compute: { vcpus, gpus }, _submission: { fanOut, timeout, attempts } }: BatchJob): boolean {
  const numbers = [vcpus, gpus, attempts, fanOut?._size ?? 1];
  return fanOut?._items === undefined && !timeout.isUnresolved() && !numbers.some((value) => Token.isUnresolved(value));
}

/** On Fargate on demand, what is tried again without being asked for is a failed start, which takes no time. */
function worstHours({ _compute: { platform, spot }, _attempts, _submission: { fanOut, timeout, attempts } }: BatchJob): number {
  const onSpot = spot === undefined ? 0 : attempts;
  const onDemand = spot?._escalates === false ? 0 : platform === 'FARGATE' ? _attempts : attempts;
  return timeout.toHours({ integral: false }) * (onSpot + onDemand) * (fanOut?._size ?? 1);
}
