import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareLane } from './lane.mjs';
import { isMet, targetTable } from './section.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { SECTIONS } from '../sections/index.mjs';

const PAGE = join(ROOT, 'docs', 'performance.md');
const INTRODUCTION = `# Performance

How fast, how small and how cheap the library is, beside what one would take instead. \`npm run bench\` has written this page, and \`npm run bench -- --gate\` fails where a target is missed
twice. Ratios are the finding: milliseconds depend on the machine.`;

/**
 * Measures the sections whose title has one of the words, or all.
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
    found.push({ ...section, ...findings });
  }
  const targets = found.flatMap((section) => section.targets);
  console.log(`\n${targetTable(targets)}`);
  if (words.length === 0) writeFileSync(PAGE, pageOf(found, targets));
  if (isGate && !targets.every(isMet)) process.exitCode = 1;
}

/** The try that meets more targets. */
function better(first, second) {
  const missed = ({ targets }) => targets.filter((target) => !isMet(target)).length;
  return missed(second) < missed(first) ? second : first;
}

function pageOf(found, targets) {
  const sections = found.map(({ title, markdown }) => `## ${title}\n\n${markdown}`);
  return `${[INTRODUCTION, '## Targets', targetTable(targets), ...sections].join('\n\n')}\n`;
}
