/**
 * Makes compiled CommonJS modules load what they need when they first use it, as aws-cdk-lib does with its own: `const x_1 = require("./x")` becomes a
 * function that loads at its first call, and `export *` becomes one getter a name. Comments go: they stand in the declarations.
 */
import ts from 'typescript';

/** What the compiler puts before `import * as x`: modules of the CDK and ours are ES modules by their mark, which it hands on as they are. */
const HELPERS = new Set(['__createBinding', '__setModuleDefault', '__importStar', '__exportStar']);

const IMPORT = /^(?:__importStar\()?require\("([^"]+)"\)\)?$/;
const EXPORT_NAMED = /^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.(\w+); \} \}\);$/;
const EXPORT_STAR = /^__exportStar\(require\("([^"]+)"\), exports\);$/;

/** By a function of its own: Node takes names that it sees defined by a getter off its list of what an ES module may import. */
const DEFINE = '\nconst lazyExport = (name, get) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });';

/**
 * @param {Map<string, string>} modules what the compiler wrote, by file
 * @param {(from: string, specifier: string) => string} fileOf the file that a module means by './x'
 * @returns {Map<string, string>}
 */
export function lazyModules(modules, fileOf) {
  const { program, checker } = parse(modules);
  const printer = ts.createPrinter({ removeComments: true });
  return new Map([...modules].map(([file, code]) => {
    const text = lazyModule(program.getSourceFile(file), checker, (specifier) => exportedNames(modules, fileOf, fileOf(file, specifier)));
    return [file, printer.printFile(ts.createSourceFile(file, applied(code, text), ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS))];
  }));
}

/** All names that a module exports, those behind its `export *` included. */
function exportedNames(modules, fileOf, file) {
  const code = modules.get(file);
  const own = [...code.matchAll(/\bexports\.(\w+) = |^Object\.defineProperty\(exports, "(\w+)"/gm)].map(([, assigned, defined]) => assigned ?? defined);
  const behind = code.split('\n').map((line) => EXPORT_STAR.exec(line)?.[1]).filter((specifier) => specifier !== undefined)
    .flatMap((specifier) => exportedNames(modules, fileOf, fileOf(file, specifier)));
  return [...new Set([...own, ...behind])].filter((name) => name !== '__esModule').sort();
}

/** Each file alone, with what its names refer to: a parameter may have the name of a module. */
function parse(modules) {
  const host = {
    ...ts.createCompilerHost({}),
    getSourceFile: (file) => (modules.has(file) ? ts.createSourceFile(file, modules.get(file), ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS) : undefined),
    fileExists: (file) => modules.has(file),
    readFile: () => undefined,
  };
  const program = ts.createProgram([...modules.keys()], { allowJs: true, noLib: true, noResolve: true, types: [] }, host);
  return { program, checker: program.getTypeChecker() };
}

function lazyModule(source, checker, namesOf) {
  const imports = new Map();
  const exported = [];
  const edits = [];
  for (const statement of source.statements) {
    const text = replacementOf(statement, checker, { imports, exported, namesOf });
    if (text === undefined) edits.push(...usesOf(source, statement, checker, imports));
    else edits.push({ start: statement.getStart(source), end: statement.end, text });
  }
  if (exported.length === 0) return edits;
  const afterUseStrict = source.statements[0].end;
  return [{ start: afterUseStrict, end: afterUseStrict, text: DEFINE }, ...edits, { start: source.end, end: source.end, text: namesForNode(exported) }];
}

/** What a statement becomes, or nothing if it stays. */
function replacementOf(statement, checker, { imports, exported, namesOf }) {
  if (ts.isVariableStatement(statement)) return lazyImport(statement.declarationList.declarations[0], checker, imports);
  const text = statement.getText();
  const star = EXPORT_STAR.exec(text)?.[1];
  const names = star === undefined ? undefined : namesOf(star);
  const [, name, from, original] = EXPORT_NAMED.exec(text) ?? [];
  exported.push(...names ?? [], ...name === undefined ? [] : [name]);
  if (name !== undefined) return `lazyExport("${name}", () => ${from}().${original});`;
  return names?.map((one) => `lazyExport("${one}", () => require("${star}").${one});`).join('\n');
}

function lazyImport({ name, initializer }, checker, imports) {
  if (HELPERS.has(name.text)) return '';
  const specifier = IMPORT.exec(initializer?.getText() ?? '')?.[1];
  if (specifier === undefined || !ts.isIdentifier(name)) return undefined;
  imports.set(checker.getSymbolAtLocation(name), name);
  return `let ${name.text} = () => { const loaded = require("${specifier}"); ${name.text} = () => loaded; return loaded; };`;
}

/** Never runs, but tells Node which names an ES module may import: it reads the text, not the getters. */
function namesForNode(names) {
  return `\n0 && (module.exports = { ${names.join(', ')} });\n`;
}

/** Each use of an import becomes a call; `new x.Y()` becomes `new (x().Y)()`. */
function usesOf(source, statement, checker, imports) {
  const edits = [];
  const insert = (at, text) => edits.push({ start: at, end: at, text });
  const isUse = (node, symbol) => imports.has(symbol) && imports.get(symbol) !== node;
  const visit = (node) => {
    if (ts.isShorthandPropertyAssignment(node)) {
      if (isUse(node.name, checker.getShorthandAssignmentValueSymbol(node))) insert(node.name.end, `: ${node.name.text}()`);
      return;
    }
    if (ts.isIdentifier(node) && isUse(node, checker.getSymbolAtLocation(node))) insert(node.end, '()');
    const root = ts.isNewExpression(node) ? rootOf(node.expression) : undefined;
    if (root !== undefined && isUse(root, checker.getSymbolAtLocation(root))) insert(node.expression.getStart(source), '(');
    ts.forEachChild(node, visit);
    if (root !== undefined && isUse(root, checker.getSymbolAtLocation(root))) insert(node.expression.end, ')');
  };
  visit(statement);
  return edits;
}

/** `x` of `x.y.Z`. */
function rootOf(expression) {
  if (ts.isPropertyAccessExpression(expression)) return rootOf(expression.expression);
  return ts.isIdentifier(expression) ? expression : undefined;
}

function applied(code, edits) {
  let text = '';
  let at = 0;
  // Sorting keeps the order of what is inserted at one place.
  for (const edit of [...edits].sort((one, other) => one.start - other.start)) {
    text += code.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + code.slice(at);
}
