import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT, VENV_PYTHON } from './paths.mjs';
import { Problem } from './problem.mjs';
import { runOrFail } from './processes.mjs';

const DOCS = join(ROOT, 'docs');
const FIXTURE = join(ROOT, 'rosetta', 'default.ts-fixture');

/** An example, with the Python below it, if it has that already. */
const EXAMPLE = /```ts\n([\s\S]*?)\n```(?:\n\n<details>\n<summary>Python<\/summary>\n\n```python\n[\s\S]*?\n```\n\n<\/details>)?/g;

/**
 * @typedef {object} Translation
 * @property {string[]} errors of the TypeScript compiler, each with its page
 * @property {string[]} python of all examples
 * @property {Map<string, { before: string, after: string }>} pages by path: as they are, and with Python below each example
 */

/**
 * Compiles each example in docs/ as those in docstrings are compiled, and translates it into Python.
 *
 * @returns {Translation}
 */
export function translateDocs() {
  const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md')).sort()
    .map((name) => ({ name, path: join(DOCS, name), text: readFileSync(join(DOCS, name), 'utf8') }));
  const { python, errors } = translate(pages.flatMap(({ name, text }) => examplesIn(text).map((source) => ({ name, source }))));
  const next = python.values();
  const translated = pages.map(({ path, text }) => [path, { before: text, after: withPython(text, () => next.next().value) }]);
  return { errors, python, pages: new Map(translated) };
}

/**
 * Writes the Python into the pages, or fails where it is not what stands there.
 *
 * @returns how many examples there are
 */
export async function checkDocs({ write = false } = {}) {
  const { errors, python, pages } = translateDocs();
  if (errors.length > 0) throw new Problem('An example in docs/ does not compile', { details: errors.join('\n') });
  await parsePython(python);
  const stale = [...pages].filter(([, { before, after }]) => before !== after);
  if (write) stale.forEach(([path, { after }]) => writeFileSync(path, after));
  else if (stale.length > 0) {
    const names = stale.map(([path]) => relative(ROOT, path)).join(', ');
    throw new Problem(`Examples lack their Python, or have another: ${names}`, { details: 'node scripts/doc-examples.mjs --write writes it.' });
  }
  return python.length;
}

/** @param {string[]} sources */
async function parsePython(sources) {
  const program = 'import ast, json, sys\nfor source in json.loads(sys.argv[1]): ast.parse(source)';
  await runOrFail('The Python of an example does not parse', VENV_PYTHON, ['-c', program, JSON.stringify(sources)], { cwd: ROOT });
}

/** @param {string} text */
export function examplesIn(text) {
  return [...text.matchAll(EXAMPLE)].map(([, source]) => source);
}

/**
 * @param {string} text
 * @param {() => string} next the Python of the next example
 */
export function withPython(text, next) {
  return text.replace(EXAMPLE, (_, source) => (
    `\`\`\`ts\n${source}\n\`\`\`\n\n<details>\n<summary>Python</summary>\n\n\`\`\`python\n${next()}\n\`\`\`\n\n</details>`));
}

/** @param {{ name: string, source: string }[]} examples */
function translate(examples) {
  const { Translator, SnippetParameters } = createRequire(import.meta.url)('jsii-rosetta');
  const directory = compileDirectory();
  try {
    const translator = new Translator(true);
    const snippets = examples.map(({ name, source }, index) => ({
      visibleSource: source,
      completeSource: complete(source),
      location: { api: { api: 'file', fileName: name }, field: { field: 'markdown', line: index } },
      parameters: { [SnippetParameters.$COMPILATION_DIRECTORY]: directory, [SnippetParameters.$PROJECT_DIRECTORY]: directory },
    }));
    // of equal examples there is one translation
    const python = translator.translateSnippets(snippets, ['python']).map((translated) => translated.get('python').source);
    if (python.length !== snippets.length) throw new Problem('Two examples in docs/ are the same', { details: 'Point from one page to the other.' });
    return { python, errors: translator.diagnostics.map(({ formattedMessage }) => formattedMessage) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What an example imports and declares stands outside of the class around it; the reader sees neither the class nor the imports of the fixture. */
function complete(source) {
  const [before, after] = readFileSync(FIXTURE, 'utf8').split('/// here');
  const lines = source.split('\n');
  const hoisted = lines.filter((line) => /^(declare|import) /.test(line));
  const rest = lines.filter((line) => !hoisted.includes(line));
  return [...hoisted, '/// !hide', before, '/// !show', ...rest, '/// !hide', after].join('\n');
}

/** A project that has the library as its users have it. */
function compileDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'doc-examples-'));
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(ROOT, join(directory, 'node_modules', 'cdk-ecs-workloads'));
  for (const name of ['aws-cdk-lib', 'constructs', '@types']) symlinkSync(join(ROOT, 'node_modules', name), join(directory, 'node_modules', name));
  return directory;
}
