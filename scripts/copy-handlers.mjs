/**
 * Lays into `lib` what jsii does not compile: the Lambda handlers, which are plain JavaScript, and the table of `UpgradeSafety`. The compiled library looks for
 * them there. And takes out what is left of sources that are gone: it would be published.
 */
import { copyFileSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [SRC, LIB] = ['src', 'lib'].map((folder) => join(root, folder));

for (const file of readdirSync(LIB, { recursive: true })) {
  const compiled = /^(.*?)(\.d\.ts|\.js|\.js\.map)$/.exec(file);
  if (compiled !== null && !existsSync(join(SRC, `${compiled[1]}.ts`))) rmSync(join(LIB, file));
}

const [source, target] = [SRC, LIB].map((folder) => join(folder, 'private', 'handlers'));
rmSync(target, { recursive: true, force: true });
cpSync(source, target, { recursive: true });

const table = join('upgrade-safety', 'update-behaviours.json');
copyFileSync(join(SRC, table), join(LIB, table));
