/**
 * What a part of the benchmark has to say: text and tables for docs/performance.md, and how far its targets are met.
 *
 * @typedef {{ what: string, value: number, limit: number, digits?: number }} Target met where the value is not above the limit
 * @typedef {{ markdown: string, targets: Target[] }} Findings
 * @typedef {{ title: string, measure: () => Promise<Findings> }} Section
 */

/** @param {Target} target */
export function isMet({ value, limit }) {
  return value <= limit;
}

/**
 * A table in Markdown; numbers to the right.
 *
 * @param {string[]} titles
 * @param {(string | number)[][]} rows
 */
export function table(titles, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const isNumber = (index) => rows.every((row) => /^[\d.,$ ]*$/.test(String(row[index]).replaceAll('**', '')));
  return [line(titles), line(titles.map((_, index) => (isNumber(index) ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

/** @param {Target[]} targets */
export function targetTable(targets) {
  return table(['Target', 'At most', 'Measured', 'Met'], targets.map((target) => [
    target.what, format(target.limit, target.digits), format(target.value, target.digits), isMet(target) ? 'yes' : '**no**',
  ]));
}

export function format(value, digits = 2) {
  return value.toFixed(digits);
}
