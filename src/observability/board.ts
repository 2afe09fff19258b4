import type { AlarmMetric } from './alarm';

/** What a dashboard answers, in the order of an on-call person's questions. No CDK in here. */
export interface Answers {
  readonly up: Panel[];
  readonly slow: Panel[];
  readonly full: Panel[];
  readonly changed: Panel[];
}

/** One widget. */
export type Panel = GraphPanel | LogPanel | AlarmPanel | TextPanel;

export interface GraphPanel {
  readonly title: string;
  readonly lines: GraphLine[];
  /** A level to compare the lines with: a threshold, a maximum. */
  readonly levels?: { readonly label: string; readonly value: number }[];
  /** Of the vertical axis; else as the lines need. */
  readonly max?: number;
}

/** A metric, or an expression over the other lines' ids, or a search. */
export interface GraphLine {
  readonly label?: string;
  readonly id?: string;
  readonly metric?: AlarmMetric;
  readonly expression?: string;
  /** Only there to be used in an expression. */
  readonly hidden?: boolean;
}

export interface LogPanel {
  readonly title: string;
  readonly query: string;
}

export interface AlarmPanel {
  readonly title: string;
  readonly alarms: string[];
}

export interface TextPanel {
  readonly markdown: string;
  readonly height: number;
}

/** In units of the grid, which has 24 columns. */
const COLUMNS = 24;
const GRAPH_HEIGHT = 6;
const LOG_HEIGHT = 6;
const HEADING_HEIGHT = 1;
/** An alarm takes four columns and a row or so. */
const ALARMS_A_ROW = 6;
const GRAPHS_A_ROW = 3;

/** CloudWatch shows no more in one widget. */
const MOST_ALARMS = 100;

const QUESTIONS: [keyof Answers, string][] = [
  ['up', 'Is it up?'], ['slow', 'Is it slow, does it fail?'], ['full', 'Is it full?'], ['changed', 'What changed?'],
];

/**
 * The body of a dashboard: each question with the panels that answer it, up to three beside each other.
 *
 * A log and a text have a row of their own, and the next answers begin a new one.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function renderBoard(region: string, heading: TextPanel | undefined, all: Answers[]): object {
  const rows = [
    ...heading === undefined ? [] : [[heading]],
    ...QUESTIONS.filter(([question]) => all.some((answers) => answers[question].length > 0))
      .flatMap(([question, text]) => [[{ markdown: `## ${text}`, height: HEADING_HEIGHT }], ...all.flatMap((answers) => rowsOf(answers[question]))]),
  ];
  let y = 0;
  const widgets = rows.flatMap((row) => {
    const height = Math.max(...row.map(heightOf));
    const width = COLUMNS / row.length;
    const placed = row.map((panel, column) => ({ ...render(region, panel), x: column * width, y, width, height }));
    y += height;
    return placed;
  });
  return { start: '-PT3H', periodOverride: 'inherit', widgets };
}

function rowsOf(panels: Panel[]): Panel[][] {
  const rows: Panel[][] = [];
  let graphs: Panel[] = [];
  const close = () => {
    if (graphs.length > 0) rows.push(...evenly(graphs));
    graphs = [];
  };
  for (const panel of panels) {
    if ('lines' in panel) {
      graphs.push(panel);
    } else {
      close();
      rows.push(...'alarms' in panel ? pagesOf(panel).map((page) => [page]) : [[panel]]);
    }
  }
  close();
  return rows;
}

/** Four graphs are two and two, not three and a wide one. */
function evenly(graphs: Panel[]): Panel[][] {
  const count = Math.ceil(graphs.length / GRAPHS_A_ROW);
  const sizes = Array.from({ length: count }, (_, row) => Math.floor((graphs.length + row) / count)).reverse();
  let from = 0;
  return sizes.map((size) => graphs.slice(from, from += size));
}

function pagesOf({ title, alarms }: AlarmPanel): AlarmPanel[] {
  const count = Math.ceil(alarms.length / MOST_ALARMS);
  return Array.from({ length: count }, (_, page) => ({ title, alarms: alarms.slice(page * MOST_ALARMS, (page + 1) * MOST_ALARMS) }));
}

function heightOf(panel: Panel): number {
  if ('lines' in panel) return GRAPH_HEIGHT;
  if ('query' in panel) return LOG_HEIGHT;
  return 'alarms' in panel ? 1 + Math.ceil(panel.alarms.length / ALARMS_A_ROW) : panel.height;
}

function render(region: string, panel: Panel): object {
  if ('markdown' in panel) return { type: 'text', properties: { markdown: panel.markdown, background: 'transparent' } };
  if ('query' in panel) return { type: 'log', properties: { title: panel.title, region, query: panel.query, view: 'table' } };
  if ('alarms' in panel) return { type: 'alarm', properties: { title: panel.title, alarms: panel.alarms, sortBy: 'stateUpdatedTimestamp' } };
  return { type: 'metric', properties: graphProperties(region, panel) };
}

function graphProperties(region: string, { title, lines, levels, max }: GraphPanel): object {
  return {
    title,
    region,
    view: 'timeSeries',
    stacked: false,
    period: 60,
    metrics: lines.map(renderLine),
    yAxis: { left: { min: 0, max, showUnits: false } },
    annotations: levels && { horizontal: levels.map(({ label, value }) => ({ label, value, color: '#d62728' })) },
  };
}

function renderLine({ metric, label, id, expression, hidden }: GraphLine): (string | object)[] {
  const visible = hidden ? false : undefined;
  if (metric === undefined) return [{ expression, label, id, visible }];
  const dimensions = Object.entries(metric.dimensions).flat();
  return [metric.namespace, metric.name, ...dimensions, { stat: metric.statistic, label, id, visible }];
}
