import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. Everything that the scripts write lies in it. */
export const ROOT = resolve(fileURLToPath(import.meta.url), '..', '..', '..');

export const CACHE = join(ROOT, '.cache');

export const NODE_MODULES = join(ROOT, 'node_modules');

export const VENV = join(ROOT, '.venv');

/** The Python that runs the local AWS, with its packages. */
export const VENV_PYTHON = join(VENV, 'bin', 'python');

export const LOCAL_AWS = join(ROOT, 'local-aws');
