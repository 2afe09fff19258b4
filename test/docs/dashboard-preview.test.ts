import { spawnSync } from 'child_process';
import * as path from 'path';

const ROOT = path.join(__dirname, '..', '..');

test('the dashboards of docs/images are those that the library makes', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/dashboard-preview.mjs', '--check'], { cwd: ROOT, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
}, 120_000);
