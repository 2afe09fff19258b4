import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { anchorsOf, brokenLinks, linksOf } from '../lib/doc-links.mjs';
import { ROOT } from '../lib/paths.mjs';

mkdirSync(join(ROOT, '.cache'), { recursive: true });
const folder = mkdtempSync(join(ROOT, '.cache', 'links-'));
after(() => rmSync(folder, { recursive: true }));

function page(name, text) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

test('links are those in prose that stay here', () => {
  const text = 'See [one](one.md#top) and [AWS](https://aws.amazon.com), `[no](no.md)`.\n\n```md\n[no](no.md)\n```\n![two](two.svg)';
  assert.deepEqual(linksOf(text), ['one.md#top', 'two.svg']);
});

test('anchors are made as GitHub makes them', () => {
  const text = '# What it costs\n## `a.b()`, and [more](x.md)!\n## What it costs\n```sh\n# no heading\n```\n<a name="Api"></a>';
  assert.deepEqual(anchorsOf(text).sort(), ['Api', 'ab-and-more', 'what-it-costs', 'what-it-costs-1']);
});

test('a missing file, a missing heading and a way out are named with their page', () => {
  page('there.md', '# Here');
  const from = page('sub/from.md', '[a](../there.md) [b](../there.md#here) [c](../gone.md) [d](../there.md#gone) [e](#gone) [f](/etc/hostname)');
  const { followed, broken } = brokenLinks([from]);
  assert.equal(followed, 6);
  assert.deepEqual(broken.map((line) => line.split(': ').slice(1).join(': ')), [
    '../gone.md: there is no such file', '../there.md#gone: there is no such heading', '#gone: there is no such heading',
    '/etc/hostname: is outside the repository',
  ]);
});
