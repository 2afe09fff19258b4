import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findApps } from '../lib/python-pair.mjs';

/** A folder of examples, each path one with a cdk.json. */
function examples(t, ...folders) {
  const root = mkdtempSync(join(tmpdir(), 'examples-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const folder of folders) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'cdk.json'), '{}');
  }
  return root;
}

test('an example is one app, or has a folder for each of its apps', (t) => {
  const root = examples(t, 'shop/typescript', 'shop/python', 'many/typescript/a', 'many/python/a', 'many/typescript/b', 'many/python/b');
  assert.deepEqual(findApps(root), ['many/{language}/a', 'many/{language}/b', 'shop/{language}']);
});

test('what lies beside the apps is no app', (t) => {
  const root = examples(t, 'shop/typescript', 'shop/python', 'shop/typescript/cdk.out/x', 'shop/python/node_modules/x', 'shop/services/x');
  assert.deepEqual(findApps(root), ['shop/{language}']);
});

test('an app in one language only is a mistake', (t) => {
  const root = examples(t, 'shop/typescript', 'shop/python', 'many/typescript/a', 'many/python/b');
  assert.throws(() => findApps(root), { message: 'Examples that stand in one language only: many/{language}/a, many/{language}/b' });
});

test('the examples of this repository are found', () => {
  const apps = findApps();
  for (const app of ['shop/{language}', 'platform-and-products/{language}/platform']) assert.ok(apps.includes(app), app);
});
