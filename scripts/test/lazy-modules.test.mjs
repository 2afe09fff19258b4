import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { lazyModules } from '../lib/lazy-modules.mjs';
import { oneFile } from '../lib/one-file.mjs';
import { ROOT } from '../lib/paths.mjs';

const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'lazy-modules-'));
after(() => rmSync(folder, { recursive: true }));

const ES_MODULE = '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n';

/** Makes modules lazy, and gives the path of one. */
function write(name, modules) {
  const files = new Map(Object.entries(modules).map(([file, code]) => [join(folder, name, file), `${ES_MODULE}${code}`]));
  const lazy = lazyModules(files, (from, specifier) => join(from, '..', `${specifier}.js`));
  mkdirSync(join(folder, name), { recursive: true });
  for (const [file, code] of lazy) writeFileSync(file, code);
  assert.deepEqual([...lazyModules(lazy, (from, specifier) => join(from, '..', `${specifier}.js`))], [...lazy], 'a second time changes nothing');
  return (file) => join(folder, name, file);
}

const loaded = (path) => Object.keys(require.cache).includes(path);

test('a module is loaded when it is first used, and once', () => {
  const path = write('used', {
    'part.js': 'exports.count = (globalThis.partLoads = (globalThis.partLoads ?? 0) + 1);',
    'whole.js': 'exports.count = void 0;\nconst part_1 = require("./part");\nexports.count = () => part_1.count + part_1.count;',
  });
  const whole = require(path('whole.js'));
  assert.equal(loaded(path('part.js')), false);
  assert.equal(whole.count(), 2);
  assert.equal(globalThis.partLoads, 1);
});

test('parameters and members with the name of a module stay what they are; classes of a module are made with new', () => {
  const path = write('names', {
    'events.js': 'class Rule { constructor(name) { this.name = name; } }\nexports.Rule = Rule;',
    'user.js': 'const events = __importStar(require("./events"));\n'
      + 'exports.shadowed = (events) => ({ events, length: events.length });\n'
      + 'exports.made = () => new events.Rule("a").name;\n'
      + 'exports.member = (one) => one.events;\n'
      + 'exports.handedOn = () => ({ events });\n'
      + 'class Named extends events.Rule {}\nexports.Named = Named;',
  });
  const user = require(path('user.js'));
  assert.deepEqual(user.shadowed(['x']), { events: ['x'], length: 1 });
  assert.equal(user.made(), 'a');
  assert.equal(user.member({ events: 7 }), 7);
  assert.equal(user.handedOn().events, require(path('events.js')));
  assert.ok(new user.Named('b') instanceof require(path('events.js')).Rule);
});

test('an index loads only what is asked of it, and ES modules may import each name', async () => {
  const path = write('index', {
    'one.js': 'var Colour;\n(function (Colour) { Colour["RED"] = "red"; })(Colour || (exports.Colour = Colour = {}));',
    'two.js': 'class Two {}\nexports.Two = Two;\nclass Hidden {}\nexports.Hidden = Hidden;',
    'inner.js': '__exportStar(require("./one"), exports);',
    'index.js': 'exports.Two = void 0;\n__exportStar(require("./inner"), exports);\nvar two_1 = require("./two");\n'
      + 'Object.defineProperty(exports, "Two", { enumerable: true, get: function () { return two_1.Two; } });',
  });
  const index = require(path('index.js'));
  assert.deepEqual(Object.keys(index).sort(), ['Colour', 'Two']);
  assert.equal(loaded(path('one.js')) || loaded(path('two.js')), false);
  assert.equal(index.Colour.RED, 'red');
  assert.equal(loaded(path('two.js')), false);
  const { Colour, Two } = await import(pathToFileURL(path('index.js')));
  assert.deepEqual([Colour.RED, Two.name], ['red', 'Two']);
});

test('one file has the modules of many, each run at its first use, with its own place', async () => {
  const root = join(folder, 'single');
  const files = new Map(Object.entries({
    'index.js': '__exportStar(require("./deep/one"), exports);',
    'deep/one.js': 'exports.runs = void 0;\nconst two_1 = require("../two");\nexports.both = () => [two_1.place, __dirname];\nexports.runs = () => globalThis.twoRuns;',
    'two.js': 'exports.place = __dirname;\nglobalThis.twoRuns = (globalThis.twoRuns ?? 0) + 1;\nexports.text = "\u00b7\u{1f600}";',
  }).map(([file, code]) => [join(root, file), `${ES_MODULE}${code}`]));
  const fileOf = (from, specifier) => join(from, '..', `${specifier}.js`);
  const { index, modules } = oneFile(root, lazyModules(files, fileOf), join(root, 'index.js'), fileOf);
  mkdirSync(root);
  writeFileSync(join(root, 'index.js'), index);
  writeFileSync(join(root, 'modules.js'), modules);
  const { both, runs } = require(join(root, 'index.js'));
  assert.equal(runs(), undefined);
  assert.deepEqual([both(), both(), runs()], [[root, join(root, 'deep')], [root, join(root, 'deep')], 1]);
  assert.match(modules, /^[\x00-\x7f]*$/);
  assert.deepEqual(Object.keys(await import(pathToFileURL(join(root, 'index.js')))).filter((name) => /^[a-z]+$/.test(name)).sort(), ['both', 'default', 'runs']);
});

test('importing the package loads one file of ours and none of aws-cdk-lib', () => {
  const program = 'const names = Object.keys(require("./lib/index.js")); console.log(JSON.stringify({ names, files: Object.keys(require.cache) }));';
  const { names, files } = JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: ROOT, encoding: 'utf8' }));
  assert.ok(names.includes('EcsMicroservice') && names.includes('UnauthenticatedRequest'), `the package exports ${names}`);
  assert.deepEqual(files, [join(ROOT, 'lib', 'index.js')]);
});

test('ES modules may import each class and enum of the assembly by its name', () => {
  const { types } = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8'));
  const expected = Object.values(types).filter(({ kind }) => kind !== 'interface').map(({ name }) => name).sort();
  const program = `import * as all from ${JSON.stringify(pathToFileURL(join(ROOT, 'lib', 'index.js')))}; console.log(JSON.stringify(Object.keys(all)));`;
  const names = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }));
  assert.deepEqual(names.filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).sort(), expected);
});

test('the package holds no map, no build info, and only declarations that a user can reach', () => {
  const files = readdirSync(join(ROOT, 'lib'), { recursive: true });
  assert.deepEqual(files.filter((file) => file.endsWith('.js') && !file.startsWith('private/handlers/')), ['index.js', 'modules.js']);
  assert.deepEqual(files.filter((file) => /\.map$|\.tsbuildinfo$|\.ts$/.test(file) && !file.endsWith('.d.ts')), []);
  assert.ok(files.includes('service/ecs-microservice.d.ts') && !files.includes('service/create-service.d.ts'));
});
