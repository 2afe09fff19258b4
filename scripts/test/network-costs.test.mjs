import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { monthlyCost, NETWORKS, renderCosts } from '../lib/network-costs.mjs';

const PRICES = JSON.parse(readFileSync(new URL('../network-prices.json', import.meta.url), 'utf8'));

test('a month costs its hours, each endpoint in each zone', () => {
  const prices = { perHour: { natGateway: 1, interfaceEndpointInZone: 10, publicAddress: 100 }, perMonth: { key: 5 }, hoursInMonth: 2 };
  assert.equal(monthlyCost({ natGateways: 1, interfaceEndpoints: 3, publicAddresses: 2, keys: 1 }, prices), (1 + 60 + 200) * 2 + 5);
});

test('docs/network.md has the table that the script prints', () => {
  const page = readFileSync(new URL('../../docs/network.md', import.meta.url), 'utf8');
  assert.ok(page.includes(renderCosts(PRICES)), 'run node scripts/network-costs.mjs and paste what it prints');
});

test('the prices have a date and their sources', () => {
  assert.match(PRICES.asOf, /^\d{4}-\d{2}$/);
  assert.ok(PRICES.sources.every((url) => url.startsWith('https://aws.amazon.com/')));
  assert.ok(NETWORKS.length > 0);
});
