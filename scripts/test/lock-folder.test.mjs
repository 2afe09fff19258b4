import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { withLock } from '../lib/lock-folder.mjs';

const folder = mkdtempSync(join(tmpdir(), 'lock-'));
after(() => rmSync(folder, { recursive: true }));

test('works under one lock follow each other', async () => {
  const lock = join(folder, 'one');
  const seen = [];
  const work = (name) => withLock(lock, async () => {
    seen.push(`${name} begins`);
    await turn();
    seen.push(`${name} ends`);
  }, () => seen.push('somebody waits'));
  await Promise.all([work('a'), work('b')]);
  assert.deepEqual(seen, ['a begins', 'somebody waits', 'a ends', 'b begins', 'b ends']);
  assert.equal(existsSync(lock), false);
});

test('a lock is given back when the work fails', async () => {
  const lock = join(folder, 'failing');
  await assert.rejects(withLock(lock, async () => { throw new Error('no'); }, () => {}), /no/);
  assert.equal(existsSync(lock), false);
});

test('the lock of a process that died is taken over', async () => {
  const lock = join(folder, 'abandoned');
  mkdirSync(lock);
  writeFileSync(join(lock, 'pid'), String(spawnSync(process.execPath, ['-e', '']).pid));
  assert.equal(await withLock(lock, async () => 'done', () => {}), 'done');
});
