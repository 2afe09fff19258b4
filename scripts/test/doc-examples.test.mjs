import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examplesIn, withPython } from '../lib/doc-examples.mjs';

const PAGE = 'Before\n\n```ts\nconst a = 1;\n\nconst b = 2;\n```\n\nBetween\n\n```ts\nf();\n```\n\n```sh\nls\n```\n';

test('the examples of a page are its blocks of TypeScript', () => {
  assert.deepEqual(examplesIn(PAGE), ['const a = 1;\n\nconst b = 2;', 'f();']);
});

test('Python stands below each example, and takes the place of what stood there', () => {
  const once = withPython(PAGE, of('x = 1', 'f()'));
  assert.match(once, /const b = 2;\n```\n\n<details>\n<summary>Python<\/summary>\n\n```python\nx = 1\n```\n\n<\/details>\n\nBetween\n/);
  assert.deepEqual(examplesIn(once), examplesIn(PAGE));
  assert.equal(withPython(once, of('x = 1', 'f()')), once);
  assert.equal(withPython(once, of('x = 3', 'f()')), once.replace('x = 1', 'x = 3'));
});

function of(...sources) {
  return () => sources.shift();
}
