import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { npmPackList } from '../lib/npm.mjs';
import { ROOT } from '../lib/paths.mjs';

/** Beside the declarations: what npm adds, the assembly, all modules in one file and what asks it for them, and the table of `UpgradeSafety`. */
const FIXED = [
  '.jsii', 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'lib/index.js', 'lib/modules.js', 'lib/upgrade-safety/update-behaviours.json',
];
const HANDLERS = 'private/handlers/';

let files;
let size;
before(async () => {
  const packed = await npmPackList(ROOT);
  files = packed.files.map(({ path }) => path);
  size = packed.size;
});

/** Handlers are assets: each as it is in `src`. */
function handlers() {
  return readdirSync(join(ROOT, 'src', HANDLERS), { recursive: true }).filter((path) => path.endsWith('.js'))
    .map((path) => `lib/${HANDLERS}${path.replaceAll('\\', '/')}`);
}

/** A declaration of a source that is there. */
function isDeclaration(path) {
  return /^lib\/.*\.d\.ts$/.test(path) && existsSync(join(ROOT, path.replace(/^lib/, 'src').replace(/\.d\.ts$/, '.ts')));
}

test('what is published is declarations, modules, handlers and the table, and nothing else', () => {
  const wanted = [...FIXED, ...handlers()];
  assert.deepEqual(files.filter((path) => !wanted.includes(path) && !isDeclaration(path)), [], 'published, and not wanted');
  assert.deepEqual([...wanted, 'lib/index.d.ts'].filter((path) => !files.includes(path)), [], 'wanted, and not published: compile first');
});

test('the tarball is small', () => {
  assert.ok(size < 600 * 1024, `${size} bytes`);
});
