/** `node scripts/network-costs.mjs`: prints the table of docs/network.md from scripts/network-prices.json, which holds the prices with their date. */
import { readFileSync } from 'node:fs';
import { renderCosts } from './lib/network-costs.mjs';

console.log(renderCosts(JSON.parse(readFileSync(new URL('network-prices.json', import.meta.url), 'utf8'))));
