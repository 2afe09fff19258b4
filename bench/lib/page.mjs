import { targetTable } from './section.mjs';

const INTRODUCTION = `# Performance

How fast, how small and how cheap the library is, beside what one would take instead. \`npm run bench\` has written this page, and \`npm run bench -- --gate\` fails where a target is missed
twice. Ratios are the finding: milliseconds depend on the machine.`;

/**
 * The page with what was found now, and for what was not measured what an earlier page has.
 *
 * @param {{ title: string, markdown: string, targets: import('./section.mjs').Target[] }[]} found
 * @param {string[]} titles of all sections, in their order
 * @param {string} [before] the earlier page
 */
export function renderPage(found, titles, before = '') {
  const earlier = new Map(before.split(/^## /m).slice(1).map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]));
  const sections = titles.flatMap((title) => {
    const markdown = found.find((section) => section.title === title)?.markdown ?? earlier.get(title);
    return markdown === undefined ? [] : [`## ${title}\n\n${markdown}`];
  });
  return `${[INTRODUCTION, `## Targets\n\n${targetsOf(found, earlier.get('Targets'))}`, ...sections].join('\n\n')}\n`;
}

/** The rows of the earlier table, each replaced by that of the same target now; new ones follow. */
function targetsOf(found, earlier = '') {
  const [title, rule, ...rows] = targetTable(found.flatMap(({ targets }) => targets)).split('\n');
  const nameOf = (row) => row.split(' | ')[0];
  const fresh = new Map(rows.map((row) => [nameOf(row), row]));
  const known = earlier.split('\n').slice(2);
  const kept = known.map((row) => fresh.get(nameOf(row)) ?? row);
  return [title, rule, ...kept, ...rows.filter((row) => !known.some((one) => nameOf(one) === nameOf(row)))].join('\n');
}
