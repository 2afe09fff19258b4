import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { npmPackList } from '../lib/npm.mjs';
import { ROOT } from '../lib/paths.mjs';

/** Beside what is compiled. */
const TOP = ['.jsii', 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
const HANDLERS = 'private/handlers/';
const TABLE = 'lib/upgrade-safety/update-behaviours.json';

let files;
let size;
before(async () => {
  const packed = await npmPackList(ROOT);
  files = packed.files.map(({ path }) => path).sort();
  size = packed.size;
});

/** What `src` comes to: two files for each of TypeScript, handlers as they are, and the table. */
function expected() {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true }).map((path) => path.replaceAll('\\', '/'));
  const compiled = sources.filter((path) => path.endsWith('.ts')).flatMap((path) => ['.js', '.d.ts'].map((end) => `lib/${path.replace(/\.ts$/, end)}`));
  const handlers = sources.filter((path) => path.startsWith(HANDLERS) && path.endsWith('.js')).map((path) => `lib/${path}`);
  return [...TOP, ...compiled, ...handlers, TABLE].sort();
}

test('what is published is what src comes to, and nothing else', () => {
  const wanted = expected();
  assert.deepEqual(files.filter((path) => !wanted.includes(path)), [], 'published, and not wanted');
  assert.deepEqual(wanted.filter((path) => !files.includes(path)), [], 'wanted, and not published: compile first');
});

test('the tarball is small', () => {
  assert.ok(size < 700 * 1024, `${size} bytes`);
});
