/**
 * Lays the Lambda handlers, which are plain JavaScript, into `lib`, where the compiled library looks for them.
 */
import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [source, target] = ['src', 'lib'].map((folder) => join(root, folder, 'private', 'handlers'));
rmSync(target, { recursive: true, force: true });
cpSync(source, target, { recursive: true });
