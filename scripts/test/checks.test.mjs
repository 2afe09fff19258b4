import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Checks } from '../lib/checks.mjs';

test('what holds is counted', () => {
  const checks = new Checks();
  checks.equal('lists', [1, { a: 2 }], [1, { a: 2 }], 'nowhere');
  checks.atLeast('a number', 3, 3, 'nowhere');
  checks.contains('a text', 'hello world', 'world', 'nowhere');
  assert.deepEqual([checks.ok, checks.passed, checks.report()], [true, 3, '']);
});

test('what does not hold is told with expected, received and where to look', () => {
  const checks = new Checks();
  checks.equal('orders are three', [1001], [1001, 1002], 'the log of orders');
  assert.equal(checks.ok, false);
  assert.equal(checks.report(), [
    'FAILED  orders are three',
    '        expected  [1001,1002]',
    '        received  [1001]',
    '        look at   the log of orders',
  ].join('\n'));
});

test('nothing at all is not a value, a number or a part', () => {
  const checks = new Checks();
  checks.equal('a value', undefined, 1, '');
  checks.atLeast('a number', undefined, 1, '');
  checks.atLeast('no number', Number.NaN, 1, '');
  checks.contains('a text', '', 'x', '');
  assert.equal(checks.failures.length, 4);
});
