import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ROOT } from './paths.mjs';
import { Problem } from './problem.mjs';

const FENCED = /^(```|~~~)[\s\S]*?^\1/gm;
const LINK = /\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;
const HEADING = /^#{1,6}\s+(.+?)\s*#*$/gm;
const HTML_ANCHOR = /<a\s+(?:name|id)="([^"]+)"/g;
const EXTERNAL = /^[a-z][a-z0-9+.-]*:/i;

/** What is installed, generated or kept for later. */
const PASSED_OVER = new Set(['node_modules', '.venv', '.cache', '.git', 'cdk.out', 'lib', 'dist', '.pytest_cache']);

/**
 * Looks where each link of the repository's pages goes: the file must be there, and the heading too.
 *
 * @returns how many links were followed
 */
export function checkLinks() {
  const { followed, broken } = brokenLinks(pagesBelow(ROOT));
  if (broken.length > 0) throw new Problem('Links lead nowhere', { details: broken.join('\n') });
  return followed;
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function pagesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return PASSED_OVER.has(entry.name) || entry.name.endsWith('.snapshot') ? [] : pagesBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** @param {string[]} pages the paths of Markdown files */
export function brokenLinks(pages) {
  const broken = [];
  let followed = 0;
  for (const page of pages) {
    for (const target of linksOf(readFileSync(page, 'utf8'))) {
      followed += 1;
      const problem = problemOf(page, target);
      if (problem) broken.push(`${relative(ROOT, page)}: ${target}: ${problem}`);
    }
  }
  return { followed, broken };
}

/**
 * The links of a page that stay within the repository. What looks like one in code is none.
 *
 * @param {string} text
 */
export function linksOf(text) {
  const prose = text.replace(FENCED, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(LINK)].map(([, target]) => target).filter((target) => !EXTERNAL.test(target));
}

/**
 * The anchors of a page, as GitHub makes them of its headings: the second of equal ones gets a number.
 *
 * @param {string} text
 */
export function anchorsOf(text) {
  const seen = new Map();
  const prose = text.replace(FENCED, '');
  const anchors = [...prose.matchAll(HTML_ANCHOR)].map(([, anchor]) => anchor);
  for (const [, heading] of prose.matchAll(HEADING)) {
    const slug = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/<[^>]*>/g, '').toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.push(times === 0 ? slug : `${slug}-${times}`);
  }
  return anchors;
}

/**
 * @param {string} page
 * @param {string} target
 */
function problemOf(page, target) {
  const [path, anchor] = target.split('#');
  const file = path === '' ? page : resolve(dirname(page), decodeURIComponent(path));
  if (!file.startsWith(ROOT)) return 'is outside the repository';
  if (!existsSync(file)) return 'there is no such file';
  if (anchor === undefined || statSync(file).isDirectory()) return undefined;
  return anchorsOf(readFileSync(file, 'utf8')).includes(anchor) ? undefined : 'there is no such heading';
}
