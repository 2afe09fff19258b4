/**
 * Lays into `lib` what jsii does not compile: the Lambda handlers, which are plain JavaScript, and the table of `UpgradeSafety`. The compiled library looks for
 * them there.
 */
import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [source, target] = ['src', 'lib'].map((folder) => join(root, folder, 'private', 'handlers'));
rmSync(target, { recursive: true, force: true });
cpSync(source, target, { recursive: true });

const table = join('upgrade-safety', 'update-behaviours.json');
copyFileSync(join(root, 'src', table), join(root, 'lib', table));
