/**
 * @typedef {{ title: string, align?: 'left' | 'right' }} Column
 */

/**
 * A table for people, drawn with lines.
 *
 * @param {Column[]} columns
 * @param {(string | number | undefined)[][]} rows
 * @returns {string}
 */
export function renderTable(columns, rows) {
  const cells = rows.map((row) => columns.map((_, index) => String(row[index] ?? '')));
  const widths = columns.map(({ title }, index) => Math.max(title.length, ...cells.map((row) => row[index].length)));
  const rule = (left, middle, right) => left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
  const line = (texts) => `│ ${texts.map((text, index) => pad(text, widths[index], columns[index].align)).join(' │ ')} │`;
  return [
    rule('┌', '┬', '┐'),
    line(columns.map(({ title }) => title)),
    rule('├', '┼', '┤'),
    ...cells.map(line),
    rule('└', '┴', '┘'),
  ].join('\n');
}

/**
 * Names and values, one pair a line.
 *
 * @param {[string, string][]} pairs
 */
export function renderPairs(pairs) {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function pad(text, width, align = 'left') {
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}
