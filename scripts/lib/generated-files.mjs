import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { Problem } from './problem.mjs';

/**
 * Runs a generator and demands that it changes nothing: what is generated and committed must be what the sources give.
 *
 * @param {string[]} files relative to the checkout
 * @param {() => Promise<void>} generate
 */
export async function unchangedBy(files, generate) {
  const before = files.map(digest);
  await generate();
  const changed = files.filter((file, index) => digest(file) !== before[index]);
  if (changed.length > 0) {
    throw new Problem(`${changed.join(', ')} was out of date and has been written anew: commit it.`);
  }
}

function digest(file) {
  const path = join(ROOT, file);
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'absent';
}
