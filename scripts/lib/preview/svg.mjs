import { ALARMS_ON, linesOf, LOG_LINES, POINTS } from './generated-data.mjs';

/** Pixels of a unit of the grid of a dashboard. */
const UNIT = { width: 50, height: 42 };
const GAP = 8;
const COLOURS = ['#1f77b4', '#ff7f0e', '#2ca02c', '#9467bd', '#8c564b', '#17becf'];
/** Of a character, in parts of the size of the letters. */
const CHARACTER = 0.55;

/**
 * Draws a dashboard as the console does, as far as one must see to judge what stands where.
 *
 * @param {{ widgets: any[] }} body
 */
export function drawDashboard({ widgets }) {
  const bottom = Math.max(...widgets.map(({ y, height }) => y + height));
  const [width, height] = [24 * UNIT.width + GAP, bottom * UNIT.height + GAP];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif">`,
    `<rect width="${width}" height="${height}" fill="#f2f3f3"/>`,
    ...widgets.map(drawWidget),
    '</svg>',
    '',
  ].join('\n');
}

function drawWidget({ type, x, y, width, height, properties }) {
  const box = { x: x * UNIT.width + GAP, y: y * UNIT.height + GAP, width: width * UNIT.width - GAP, height: height * UNIT.height - GAP };
  const draw = { metric: drawGraph, text: drawText, log: drawLog, alarm: drawAlarms }[type];
  const card = type === 'text' ? [] : [`<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="4" fill="#fff" stroke="#d5dbdb"/>`];
  const title = properties.title === undefined ? [] : [text(box.x + 12, box.y + 22, properties.title, { size: 14, bold: true, room: box.width - 24 })];
  return [...card, ...title, ...draw(properties, box)].join('\n');
}

function drawGraph({ metrics, annotations, yAxis }, box) {
  const lines = linesOf(metrics);
  const levels = annotations?.horizontal ?? [];
  const top = niceMax(Math.max(...lines.flatMap(({ values }) => values), ...levels.map(({ value }) => value), yAxis?.left?.max ?? 0));
  const area = { left: box.x + 44, right: box.x + box.width - 14, top: box.y + 38, bottom: box.y + box.height - 52 };
  const yOf = (value) => area.bottom - (value / top) * (area.bottom - area.top);
  const xOf = (at) => area.left + (at / (POINTS - 1)) * (area.right - area.left);
  return [
    ...[0, 0.5, 1].flatMap((part) => [
      `<line x1="${area.left}" x2="${area.right}" y1="${round(yOf(part * top))}" y2="${round(yOf(part * top))}" stroke="#eaeded"/>`,
      text(area.left - 6, yOf(part * top) + 4, short(part * top), { size: 11, anchor: 'end', fill: '#687078' }),
    ]),
    ...['10:30', '11:30', '12:30'].map((time, index) => text(xOf(10 + index * 20), area.bottom + 16, time, { size: 11, anchor: 'middle', fill: '#687078' })),
    ...levels.flatMap(({ label, value, color }) => [
      `<line x1="${area.left}" x2="${area.right}" y1="${round(yOf(value))}" y2="${round(yOf(value))}" stroke="${color}" stroke-dasharray="5 3"/>`,
      text(area.right, yOf(value) + (value > top * 0.8 ? 13 : -5), label, { size: 11, anchor: 'end', fill: color, room: area.right - area.left }),
    ]),
    ...lines.map(({ values }, index) => {
      const points = values.map((value, at) => `${round(xOf(at))},${round(yOf(value))}`).join(' ');
      return `<polyline points="${points}" fill="none" stroke="${COLOURS[index % COLOURS.length]}" stroke-width="1.6"/>`;
    }),
    ...drawLegend(lines, area, box.y + box.height - 21),
  ];
}

function drawLegend(lines, { left, right }, top) {
  let [x, y] = [left, top];
  return lines.flatMap(({ label }, index) => {
    const width = 15 + label.length * 12 * CHARACTER + 14;
    if (x + width > right && x > left) [x, y] = [left, y + 15];
    const at = x;
    x += width;
    return [`<rect x="${at}" y="${y - 9}" width="10" height="10" fill="${COLOURS[index % COLOURS.length]}"/>`, text(at + 15, y, label, { size: 12 })];
  });
}

function drawAlarms({ alarms }, box) {
  const states = alarms.map((name) => ({ name: name.replace(/Alarm$/, '').replace(/([a-z])([A-Z])/g, '$1 $2'), on: ALARMS_ON.test(name) }))
    .sort((one, other) => Number(other.on) - Number(one.on));
  const width = (box.width - 24) / 6;
  return states.flatMap(({ name, on }, index) => {
    const [x, y] = [box.x + 12 + (index % 6) * width, box.y + 32 + Math.floor(index / 6) * 36];
    const colour = on ? '#d13212' : '#1d8102';
    return [
      `<rect x="${round(x)}" y="${y}" width="${round(width - 8)}" height="30" rx="3" fill="${on ? '#fdf3f1' : '#f2f8f0'}" stroke="${colour}"/>`,
      text(x + 8, y + 19, `${on ? '▲' : '✓'} ${name}`, { size: 12, fill: colour, room: width - 22 }),
    ];
  });
}

function drawLog({ query }, box) {
  const columns = [['@timestamp', 12, 110], ['@message', 130, box.width - 330], ['@logStream', box.width - 190, 180]];
  const lines = query.includes("'Etl") ? LOG_LINES.map(([time, line], index) => [time, line, index % 2 ? 'Extract/default/5be1…' : 'ecs/App/8f2c1d…']) : LOG_LINES;
  const row = (cells, y, options) => cells.map((cell, index) => text(box.x + columns[index][1], y, cell, { size: 12, room: columns[index][2], ...options }));
  return [
    ...row(columns.map(([name]) => name), box.y + 50, { bold: true, fill: '#687078' }),
    ...lines.flatMap((cells, index) => [
      `<line x1="${box.x + 12}" x2="${box.x + box.width - 12}" y1="${box.y + 60 + index * 30}" y2="${box.y + 60 + index * 30}" stroke="#eaeded"/>`,
      ...row(cells, box.y + 80 + index * 30, { mono: true }),
    ]),
  ];
}

/** Of Markdown what the dashboards use: headings, bold, code and links. */
function drawText({ markdown }, box) {
  return markdown.split('\n').filter((line) => line !== '').flatMap((line, index) => {
    const y = box.y + 22 + index * 34;
    if (line.startsWith('## ')) return [text(box.x + 4, y + 6, line.slice(3), { size: 18, bold: true })];
    const parts = line.split(/(\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\)|`[^`]+`)/).filter((part) => part !== '').map((part) => {
      if (part.startsWith('**')) return `<tspan font-weight="bold">${escape(part.slice(2, -2))}</tspan>`;
      if (part.startsWith('[')) return `<tspan fill="#0073bb">${escape(/\[([^\]]+)\]/.exec(part)[1])}</tspan>`;
      return `<tspan>${escape(part.replaceAll('`', ''))}</tspan>`;
    });
    return [`<text x="${box.x + 4}" y="${y}" font-size="14" fill="#16191f" xml:space="preserve">${parts.join('')}</text>`];
  });
}

/** Cut off where there is no more room. */
function text(x, y, content, { size, bold = false, fill = '#16191f', anchor = 'start', room = Infinity, mono = false }) {
  const most = Math.floor(room / (size * (mono ? 0.6 : CHARACTER)));
  const shown = content.length > most ? `${content.slice(0, most - 1)}…` : content;
  const style = `${bold ? ' font-weight="bold"' : ''}${mono ? ' font-family="monospace"' : ''}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${fill}"${style}>${escape(shown)}</text>`;
}

function niceMax(value) {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 8, 10].map((step) => step * unit).find((step) => step >= value) ?? 10 * unit;
}

function short(value) {
  return value >= 1000 ? `${round(value / 1000)}k` : String(round(value, 2));
}

function round(value, digits = 1) {
  return Number(value.toFixed(digits));
}

function escape(content) {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
