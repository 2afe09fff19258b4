import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './processes.mjs';
import { Problem } from './problem.mjs';

const WAIT_MS = 15 * 60_000;

/** A holder writes its id right after it made the folder. One without an id for this long is nobody's. */
const NAMELESS_MS = 5_000;

/**
 * Runs `work` while no other process runs its own under the same folder. A folder whose maker has died is taken over.
 *
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} work
 * @param {() => void} onWait called once if somebody else is at work
 * @returns {Promise<T>}
 */
export async function withLock(folder, work, onWait) {
  mkdirSync(dirname(folder), { recursive: true });
  const deadline = Date.now() + WAIT_MS;
  const patience = { namelessSince: 0 };
  for (let waited = false; !taken(folder); waited = true) {
    if (!waited) onWait();
    if (Date.now() > deadline) throw new Problem(`Another set-up has been running for too long. If there is none, delete ${folder} and try again.`);
    removeIfAbandoned(folder, patience);
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Making a folder succeeds for one process only. */
function taken(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(folder, 'pid'), String(process.pid));
  return true;
}

function removeIfAbandoned(folder, patience) {
  let pid;
  try {
    pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (pid) {
    patience.namelessSince = 0;
    if (isAlive(pid)) return;
  } else {
    patience.namelessSince ||= Date.now();
    if (Date.now() - patience.namelessSince < NAMELESS_MS) return;
  }
  // Of several waiting processes one succeeds in renaming: nobody removes a folder that another one has just made.
  const grave = `${folder}.${process.pid}`;
  try {
    renameSync(folder, grave);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmSync(grave, { recursive: true, force: true });
}
