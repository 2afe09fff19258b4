import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stopDetached } from '../lib/local-aws.mjs';
import { CACHE } from '../lib/paths.mjs';

const NOTE = join(CACHE, 'demo', 'kept.json');

/**
 * What `--keep` left up.
 *
 * @typedef {{ endpoint: string, pid: number, folder: string }} Kept
 */

/** @returns {Kept | undefined} */
export function readKept() {
  try {
    return JSON.parse(readFileSync(NOTE, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Noted as soon as the local AWS is up, not at the end: whatever happens in between, `--stop` finds it.
 *
 * @param {Kept} kept
 */
export function noteKept(kept) {
  mkdirSync(dirname(NOTE), { recursive: true });
  writeFileSync(NOTE, JSON.stringify(kept));
}

export function forgetKept() {
  rmSync(NOTE, { force: true });
}

/**
 * Ends the local AWS that `--keep` left, with all that runs in it.
 *
 * @returns {Promise<string>} what was done
 */
export async function stopKept() {
  const kept = readKept();
  if (kept === undefined) return 'Nothing is kept: there is nothing to stop.';
  const stopped = await stopDetached(kept);
  forgetKept();
  rmSync(kept.folder, { recursive: true, force: true });
  return stopped ? `Stopped the local AWS at ${kept.endpoint} and all that ran in it.` : `The local AWS at ${kept.endpoint} was gone already.`;
}
