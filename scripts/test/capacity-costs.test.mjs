import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { renderCapacityCosts, RUNNING } from '../lib/capacity-costs.mjs';

const PRICES = JSON.parse(readFileSync(new URL('../capacity-prices.json', import.meta.url), 'utf8'));

test('a task costs its vCPUs and its memory, an instance its hours and its disk', () => {
  const prices = { perHour: { 'fargateVcpu': 4, 'fargateGibibyte': 2, 'm7g.large': 3, 'g6.xlarge': 5 }, perMonth: { gp3Gibibyte: 1 }, hoursInMonth: 10 };
  assert.deepEqual(RUNNING.map(({ monthly }) => monthly(prices)), [20, 80, 80, 100]);
});

test('docs/capacity.md has the table that the script prints', () => {
  const page = readFileSync(new URL('../../docs/capacity.md', import.meta.url), 'utf8');
  assert.ok(page.includes(renderCapacityCosts(PRICES)), 'run node scripts/capacity-costs.mjs and paste what it prints');
});
