/**
 * Makes what the compiler laid into `lib` fast to import and small to install: modules load what they need at its first use, comments stand in the
 * declarations alone, and what nobody can reach is left out. See docs/decisions/0050-lazy-modules.md.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lazyModules } from './lib/lazy-modules.mjs';

const LIB = join(dirname(fileURLToPath(import.meta.url)), '..', 'lib');
const HANDLERS = join(LIB, 'private', 'handlers') + sep; // assets: their text is their hash

/** @returns {string} the file that a module means by './x' */
function moduleFile(from, specifier, ending) {
  const path = resolve(dirname(from), specifier);
  const found = [`${path}${ending}`, join(path, `index${ending}`)].find(existsSync);
  if (found === undefined) throw new Error(`${from} names ${specifier}, which is not there`);
  return found;
}

/** Adds what a file of `lib` names, and what that names in turn. */
function reach(file, ending, seen) {
  if (seen.has(file)) return;
  seen.add(file);
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from |import\(|require\()['"](\.[^'"]*)['"]/g)) {
    reach(moduleFile(file, specifier, ending), ending, seen);
  }
}

const files = readdirSync(LIB, { recursive: true }).map((file) => join(LIB, file)).filter((file) => !file.startsWith(HANDLERS));
const modules = new Map(files.filter((file) => file.endsWith('.js')).map((file) => [file, readFileSync(file, 'utf8')]));
for (const [file, code] of lazyModules(modules, (from, specifier) => moduleFile(from, specifier, '.js'))) writeFileSync(file, code);

// What the compiler remembers of its last run would keep it from writing again what is removed here.
const reachable = new Set();
reach(join(LIB, 'index.d.ts'), '.d.ts', reachable);
reach(join(LIB, 'index.js'), '.js', reachable);
for (const file of files) {
  if (file.endsWith('.tsbuildinfo') || (/\.(d\.ts|js)$/.test(file) && !reachable.has(file))) rmSync(file);
}
