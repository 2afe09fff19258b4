import { setTimeout as sleep } from 'timers/promises';

const PAUSE_MS = 200;

/** The first value that is there: for what happens in its own time. `minutes` are more than it takes on a slow machine. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, minutes = 4): Promise<T> {
  const deadline = Date.now() + minutes * 60_000;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(PAUSE_MS);
  }
}

/** Waits until the condition holds. */
export async function eventually(what: string, condition: () => Promise<boolean>, minutes?: number): Promise<void> {
  await until(what, async () => await condition() || undefined, minutes);
}
