import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, renderPairs, renderTable } from '../lib/table.mjs';

test('a table is as wide as its widest cells, and numbers stand at the right', () => {
  assert.equal(renderTable([{ title: 'Step' }, { title: 'Jobs', align: 'right' }], [['Extract', 1], ['Clean', 40]]), [
    '┌─────────┬──────┐',
    '│ Step    │ Jobs │',
    '├─────────┼──────┤',
    '│ Extract │    1 │',
    '│ Clean   │   40 │',
    '└─────────┴──────┘',
  ].join('\n'));
});

test('a table has an empty cell for what is not known, and stands without rows', () => {
  assert.match(renderTable([{ title: 'A' }, { title: 'B' }], [['1', undefined]]), /│ 1 │ {3}│/);
  assert.equal(renderTable([{ title: 'A' }], []).split('\n').length, 4);
});

test('names and values stand in two columns', () => {
  assert.equal(renderPairs([['Logs', 'here'], ['Results', 'there']]), '  Logs     here\n  Results  there');
});

test('durations are told in the unit that fits', () => {
  assert.deepEqual([3.4, 999, 1_000, 59_940, 61_000, 3_599_600].map(duration), ['3 ms', '999 ms', '1.0 s', '59.9 s', '1 min 1 s', '60 min 0 s']);
});
