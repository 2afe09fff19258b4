import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../lib/paths.mjs';
import { isAlive } from '../lib/processes.mjs';

const RUNS = join(CACHE, 'demo');

/**
 * A folder for all that one run writes: the assembly, logs, results, the data of the local AWS. What earlier runs left
 * is removed, so that one run's worth stays to be looked at.
 *
 * @param {string | undefined} kept the folder of an application that is still up
 */
export function makeRunFolder(kept) {
  mkdirSync(RUNS, { recursive: true });
  for (const name of readdirSync(RUNS)) {
    const [, pid] = /^run-\d+-(\d+)$/.exec(name) ?? [];
    const folder = join(RUNS, name);
    if (pid !== undefined && folder !== kept && !isAlive(Number(pid))) rmSync(folder, { recursive: true, force: true });
  }
  const folder = join(RUNS, `run-${Date.now()}-${process.pid}`);
  mkdirSync(join(folder, 'results'), { recursive: true });
  return folder;
}
