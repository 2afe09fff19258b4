/** `node scripts/capacity-costs.mjs`: prints the table of docs/capacity.md from scripts/capacity-prices.json, which holds the prices with their date. */
import { readFileSync } from 'node:fs';
import { renderCapacityCosts } from './lib/capacity-costs.mjs';

console.log(renderCapacityCosts(JSON.parse(readFileSync(new URL('capacity-prices.json', import.meta.url), 'utf8'))));
