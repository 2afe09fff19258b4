import { dirname, relative } from 'node:path';

/** The table of modules: each runs when it is first asked for, and until then is text that is not even compiled. */
const TABLE = `"use strict";
const root = __dirname;
const loaded = {};
const load = (name) => {
    if (!(name in loaded)) modules[name](loaded[name] = {});
    return loaded[name];
};
exports.load = load;
const modules = {
`;

/** Beside the table, because Node takes what a file assigns to `exports` anywhere for what an ES module may import. */
const INDEX = `"use strict";
const load = (name) => require("./modules").load(name);
`;

/**
 * Lays modules into one file, `modules.js`, before which there is an `index.js` that asks it for what the package exports.
 *
 * @param {string} folder the folder of all modules, where the files will be
 * @param {Map<string, string>} modules what `lazyModules` gives, by file
 * @param {string} main the file whose exports are those of the package
 * @param {(from: string, specifier: string) => string} fileOf the file that a module means by './x'
 * @returns {{ index: string, modules: string }}
 */
export function oneFile(folder, modules, main, fileOf) {
  const nameOf = (file) => relative(folder, file).replace(/\.js$/, '').replaceAll('\\', '/');
  const bodyOf = (file, code) => code
    .replace(/^"use strict";\n/, '')
    .replace(/\brequire\("(\.[^"]*)"\)/g, (_, specifier) => `load(${JSON.stringify(nameOf(fileOf(file, specifier)))})`);
  const placeOf = (file, code) => (/\b__dirname\b/.test(code) ? `const __dirname = require("path").join(root, ${JSON.stringify(relative(folder, dirname(file)))});\n` : '');
  const table = [...modules].filter(([file]) => file !== main)
    .map(([file, code]) => `${JSON.stringify(nameOf(file))}(exports) {\n${placeOf(file, code)}${bodyOf(file, code)}},\n`);
  return { index: INDEX + bodyOf(main, modules.get(main)), modules: inAscii(`${TABLE}${table.join('')}};\n`) };
}

/** One letter that is not in ASCII and V8 keeps the file with two bytes a letter, and takes longer to read it. What is left of them stands in strings. */
function inAscii(code) {
  return code.replace(/[^\x00-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
