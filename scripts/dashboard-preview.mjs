/**
 * `npm run dashboard-preview`: draws the dashboards that the library makes, with generated data, into docs/images.
 *
 * `-- --check` draws nothing and fails where an image is not what it would draw.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './lib/paths.mjs';
import { dashboards } from './lib/preview/application.mjs';
import { drawDashboard } from './lib/preview/svg.mjs';

const IMAGES = join(ROOT, 'docs', 'images');
const check = process.argv.includes('--check');

mkdirSync(IMAGES, { recursive: true });
for (const [name, body] of Object.entries(dashboards())) {
  const path = join(IMAGES, `${name}.svg`);
  const drawn = drawDashboard(body);
  if (check && (!existsSync(path) || readFileSync(path, 'utf8') !== drawn)) {
    console.error(`${relative(ROOT, path)} is not what the library makes: npm run dashboard-preview draws it anew, look at it before it is committed`);
    process.exitCode = 1;
  }
  if (!check) writeFileSync(path, drawn);
}
