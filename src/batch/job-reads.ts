import type { JobOptions } from './job-options';
import type { JobOutput } from './job-output';

/** What must have been written before a job starts: what it reads, what its items are, what its condition asks for. */
export function outputsReadBy({ inputs = {}, fanOut, when }: JobOptions): JobOutput[] {
  return [...Object.values(inputs), ...fanOut?._inputs ?? [], ...when?._parts.outputs ?? []];
}
