import { Token, Tokenization } from 'aws-cdk-lib/core';
import { AfterSkipped } from './after-skipped';
import type { BatchJob } from './batch-job';

/** What a person reads of a job, in charts and runbooks. Tokens stay tokens: they become values where the text is deployed. */

/** How many times over a job is done; undefined for one that is done once. */
export function fanOutText(job: BatchJob): string | undefined {
  const { fanOut } = job._submission;
  if (fanOut?._size !== undefined) return `${Tokenization.stringifyNumber(fanOut._size)} items`;
  const items = fanOut?._items;
  if (items === undefined) return undefined;
  const things = { output: 'object', objects: 'object', csv: 'row', json: 'element' }[items.source.kind];
  return `an item for each ${things}, ${Tokenization.stringifyNumber(items.maxConcurrency)} at once`;
}

export function sizeText({ _compute: { vcpus, memory, gpus } }: BatchJob): string {
  const [cpus, mebibytes, cards] = [vcpus, memory.toMebibytes(), gpus].map((value) => Tokenization.stringifyNumber(value));
  return `${cpus} vCPU, ${mebibytes} MiB${gpus === 0 ? '' : `, ${cards} GPU`}`;
}

/** What it runs on, and why, where that was decided by a rule. */
export function computeText({ _compute: { platform, architecture, spot, on, reason } }: BatchJob): string {
  const parts = [
    platform,
    architecture?._cpuArchitecture,
    on && `shared: ${on.node.path}`,
    spot && (spot._escalates ? 'Spot, then on demand' : 'Spot'),
    reason && `since ${reason}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

export function timeoutText({ _submission: { timeout } }: BatchJob): string {
  if (timeout.isUnresolved()) return `${Tokenization.stringifyNumber(timeout.toSeconds())} s`;
  return timeout.toHumanString();
}

/** In the words of `attempts`: failed starts count apart where a failed process is final. */
export function retryText({ _attempts, _submission }: BatchJob): string {
  if (Token.isUnresolved(_attempts)) return `${Tokenization.stringifyNumber(_attempts)} attempts in all`;
  return _attempts === 1
    ? `a failed process is final; a failed start: ${_submission.attempts} attempts`
    : `${_attempts} attempts in all`;
}

/** When the job runs, as far as that is not always; undefined where it is. */
export function conditionText(job: BatchJob, maySkip: (id: string) => boolean): string | undefined {
  const when = job._when && `only if ${job._when._parts.text}`;
  const isAsked = job._after.some((earlier) => maySkip(earlier.node.id));
  const after = isAsked ? AFTER_SKIPPED_TEXTS[job._afterSkipped] : undefined;
  return [when, after].filter((text) => text !== undefined).join('; ') || undefined;
}

const AFTER_SKIPPED_TEXTS: Record<AfterSkipped, string> = {
  [AfterSkipped.SKIP]: 'skipped with any that it waits for',
  [AfterSkipped.RUN_UNLESS_ALL_SKIPPED]: 'skipped if all that it waits for were',
  [AfterSkipped.RUN]: 'runs even if what it waits for was skipped',
};
