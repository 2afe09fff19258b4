import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenceProblems, pinProblems, publishedProblems, scriptProblems } from './dependencies.mjs';
import { npmAudit } from './npm.mjs';
import { ROOT } from './paths.mjs';
import { Problem } from './problem.mjs';

/** Each folder with a lock file. */
const PROJECTS = ['', join('compat', 'newest')];

/** Dependencies, licences, scripts at installation, and, where the registry answers, known vulnerabilities. */
export async function checkDependencies() {
  const published = readJson('', 'package.json');
  const problems = [...publishedProblems(published), ...PROJECTS.flatMap(judge)];
  if (problems.length > 0) throw new Problem('The dependencies are not as they must be', { details: problems.join('\n') });
  const { found, unanswered } = vulnerabilitiesIn(await npmAudit(ROOT));
  if (found.length > 0) throw new Problem('Dependencies have known vulnerabilities', { details: found.join('\n') });
  return { passed: 1 + 3 * PROJECTS.length + (unanswered === undefined ? 1 : 0), failed: 0, notChecked: unanswered === undefined ? [] : [unanswered] };
}

/**
 * What `npm audit --json` says: serious vulnerabilities by package, or why it says nothing.
 *
 * @param {string} output
 * @returns {{ found: string[], unanswered?: string }}
 */
export function vulnerabilitiesIn(output) {
  const report = parse(output);
  if (report?.vulnerabilities === undefined) return { found: [], unanswered: 'known vulnerabilities of dependencies: the registry gave no answer to npm audit' };
  const serious = Object.values(report.vulnerabilities).filter(({ severity }) => severity === 'high' || severity === 'critical');
  return { found: serious.map(({ name, severity, range }) => `${name} ${range}: ${severity}`) };
}

function judge(folder) {
  const [manifest, lock] = ['package.json', 'package-lock.json'].map((name) => readJson(folder, name));
  return [...pinProblems(manifest, lock), ...licenceProblems(lock), ...scriptProblems(lock)].map((problem) => `${folder === '' ? '' : `${folder}: `}${problem}`);
}

function readJson(folder, name) {
  return JSON.parse(readFileSync(join(ROOT, folder, name), 'utf8'));
}

/** Warnings of npm may stand before the JSON. */
function parse(output) {
  try {
    return JSON.parse(output.slice(output.indexOf('{')));
  } catch {
    return undefined;
  }
}
