import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { npmPack } from '../../scripts/lib/npm.mjs';
import { CACHE, ROOT } from '../../scripts/lib/paths.mjs';
import { format, table } from '../lib/section.mjs';

/** What must be in the package, and why. */
const PARTS = [
  ['code', 'the code', (file) => file.endsWith('.js') && !file.includes('handlers')],
  ['handlers', 'Lambda handlers', (file) => file.includes('handlers')],
  ['declarations', 'declarations, with what editors show', (file) => file.endsWith('.d.ts')],
];

/** @type {import('../lib/section.mjs').Section} */
export const PACKAGE = {
  title: 'The package',
  async measure() {
    const packed = statSync(await npmPack(ROOT, CACHE)).size / 1024;
    const files = readdirSync(join(ROOT, 'lib'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, path, name }) => join(parentPath ?? path, name));
    const rows = PARTS.map(([, label, belongs]) => row(label, files.filter(belongs)));
    return {
      markdown: 'What `npm install` downloads. There are no source maps, tests or build info in it; `.jsii` is what the other languages are made from and what documentation sites read.\n\n'
        + table(['Part', 'Files', 'KiB', 'KiB, compressed'], [...rows, row('`.jsii`: the assembly', [join(ROOT, '.jsii')]), ['the tarball', '', '', format(packed, 0)]]),
      targets: [{ what: 'tarball, KiB', value: packed, limit: 100, digits: 0 }],
    };
  },
};

function row(label, files) {
  const content = Buffer.concat(files.map((file) => readFileSync(file)));
  return [label, files.length, format(content.length / 1024, 0), format(gzipSync(content, { level: 9 }).length / 1024, 0)];
}
