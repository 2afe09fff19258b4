import type { JobOnOptions } from './job-size-options';
import { checkInteger } from '../../private/check';
import { fail, show } from '../../private/fail';

/** A fair queue refuses a job without a share; another one has no use for it. */
export function checkShare(shares: string[] | undefined, { share, priority }: JobOnOptions): void {
  if (shares === undefined) {
    if (share === undefined && priority === undefined) return;
    fail(undefined, "'share' and 'priority' of a job need compute with 'fairShare', got compute without; omit them, or give the compute shares");
  }
  if (share === undefined || !shares.includes(share)) {
    fail(undefined, `'share' must be one of those that the compute has, which are ${show(shares)}, got ${share === undefined ? 'none' : show(share)}; `
      + "choose one, or add it to 'weights'");
  }
  checkInteger(undefined, 'priority', priority, 0, 9999, 'higher ones go first within the share');
}

/** A fair queue wants a priority of each job. */
export function priorityIn(shares: string[] | undefined, { priority }: JobOnOptions): number | undefined {
  return shares === undefined ? undefined : priority ?? 0;
}
