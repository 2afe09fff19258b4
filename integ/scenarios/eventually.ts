import { setTimeout as sleep } from 'timers/promises';

/** Longer than anything takes on a slow machine. */
const PATIENCE_MS = 240_000;

/** Waits until the condition holds: for what happens in its own time. */
export async function eventually(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(200);
  }
}
