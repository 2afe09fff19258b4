/**
 * Makes what the compiler laid into `lib` fast to import and small to install: one file of modules, which run when they are first used; comments stand in
 * the declarations alone; what nobody can reach is left out. See docs/decisions/0050-lazy-modules.md.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lazyModules } from './lib/lazy-modules.mjs';
import { oneFile } from './lib/one-file.mjs';

const LIB = join(dirname(fileURLToPath(import.meta.url)), '..', 'lib');
const INDEX = join(LIB, 'index.js');
const MODULES = join(LIB, 'modules.js');
const DECLARATIONS = join(LIB, 'index.d.ts');
const HANDLERS = join(LIB, 'private', 'handlers') + sep; // assets: their text is their hash

/** @returns {string} the file that a module means by './x' */
function moduleFile(from, specifier, ending) {
  const path = resolve(dirname(from), specifier);
  const found = [`${path}${ending}`, join(path, `index${ending}`)].find(existsSync);
  if (found === undefined) throw new Error(`${from} names ${specifier}, which is not there`);
  return found;
}

/** A file and all that it names, and what that names in turn. */
function reached(file, ending, seen = new Map()) {
  if (seen.has(file)) return seen;
  const code = readFileSync(file, 'utf8');
  seen.set(file, code);
  for (const [, specifier] of code.matchAll(/(?:from |import\(|require\()['"](\.[^'"]*)['"]/g)) reached(moduleFile(file, specifier, ending), ending, seen);
  return seen;
}

const fileOf = (from, specifier) => moduleFile(from, specifier, '.js');
const declarations = reached(DECLARATIONS, '.d.ts');
const { index, modules } = oneFile(LIB, lazyModules(reached(INDEX, '.js'), fileOf), INDEX, fileOf);
writeFileSync(INDEX, index);
writeFileSync(MODULES, modules);

// What the compiler remembers of its last run would keep it from writing again what is removed here.
for (const file of readdirSync(LIB, { recursive: true }).map((name) => join(LIB, name))) {
  const isNeeded = file === INDEX || file === MODULES || declarations.has(file) || file.startsWith(HANDLERS);
  if (/\.(d\.ts|js|tsbuildinfo)$/.test(file) && !isNeeded) rmSync(file);
}
