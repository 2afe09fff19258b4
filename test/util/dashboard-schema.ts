/**
 * What CloudWatch documents of the body of a dashboard, as a check that lists all that is wrong.
 *
 * Stricter than the page where that is silent: a property that the page does not name is wrong, and widgets must not overlap.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardProblems(body: unknown): string[] {
  const problems = checkObject('body', BODY, body);
  const widgets = Array.isArray((body as any)?.widgets) ? (body as any).widgets as any[] : [];
  widgets.forEach((widget, index) => {
    const properties = PROPERTIES[widget?.type];
    if (properties !== undefined) problems.push(...checkObject(`widgets[${index}].properties`, properties, widget.properties));
    problems.push(...placeProblems(widget, index), ...idProblems(widget, index));
    widgets.slice(index + 1).filter((other) => overlap(widget, other)).forEach((other) => {
      problems.push(`widgets[${index}] overlaps widgets[${widgets.indexOf(other)}]`);
    });
  });
  return problems;
}

/** Says what is wrong with a value at a place, or nothing. */
type Check = (at: string, value: unknown) => string[];

interface Shape {
  readonly [property: string]: { readonly check: Check; readonly required?: boolean };
}

const text: Check = (at, value) => typeof value === 'string' ? [] : [`${at} is no text`];
const someText: Check = (at, value) => typeof value === 'string' && value !== '' ? [] : [`${at} is no text, or empty`];
const flag: Check = (at, value) => typeof value === 'boolean' ? [] : [`${at} is neither true nor false`];
const decimal: Check = (at, value) => typeof value === 'number' && Number.isFinite(value) ? [] : [`${at} is no number`];
const colour = matches(/^#[0-9a-fA-F]{6}$/, 'no colour of six digits');
const period: Check = (at, value) => Number.isInteger(value) && (value as number) >= 60 && (value as number) % 60 === 0 ? [] : [`${at} is no multiple of 60`];
const statistic = matches(/^(SampleCount|Average|Sum|Minimum|Maximum|p\d{1,2}(\.\d+)?|p100)$/, 'no statistic');

function matches(pattern: RegExp, problem: string): Check {
  return (at, value) => typeof value === 'string' && pattern.test(value) ? [] : [`${at} is ${problem}: ${JSON.stringify(value)}`];
}

function oneOf(...allowed: string[]): Check {
  return (at, value) => allowed.includes(value as string) ? [] : [`${at} is none of ${allowed.join(', ')}: ${JSON.stringify(value)}`];
}

function integer(min: number, max: number): Check {
  return (at, value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? [] : [`${at} is no whole number from ${min} to ${max}`];
}

function list(item: Check, min: number, max: number): Check {
  return (at, value) => {
    if (!Array.isArray(value)) return [`${at} is no list`];
    const size = value.length < min || value.length > max ? [`${at} has ${value.length} items, not ${min} to ${max}`] : [];
    return [...size, ...value.flatMap((each, index) => item(`${at}[${index}]`, each))];
  };
}

function shape(of: Shape): Check {
  return (at, value) => checkObject(at, of, value);
}

function checkObject(at: string, of: Shape, value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is no object`];
  const unknown = Object.keys(value).filter((key) => !(key in of)).map((key) => `${at} has the unknown property ${key}`);
  const missing = Object.entries(of).filter(([key, { required }]) => required && !(key in value)).map(([key]) => `${at} has no ${key}`);
  const wrong = Object.entries(value).flatMap(([key, each]) => of[key]?.check(`${at}.${key}`, each) ?? []);
  return [...unknown, ...missing, ...wrong];
}

const AXIS: Shape = { label: { check: text }, min: { check: decimal }, max: { check: decimal }, showUnits: { check: flag } };

const LEVEL: Shape = {
  value: { check: decimal, required: true },
  label: { check: text },
  color: { check: colour },
  fill: { check: oneOf('above', 'below', 'none') },
  visible: { check: flag },
  yAxis: { check: oneOf('left', 'right') },
};

const RENDERING: Shape = {
  color: { check: colour },
  label: { check: text },
  period: { check: period },
  stat: { check: statistic },
  visible: { check: flag },
  yAxis: { check: oneOf('left', 'right') },
  id: { check: matches(/^[a-z][A-Za-z0-9_]*$/, 'no id: it starts with a small letter') },
  region: { check: text },
  accountId: { check: text },
};

const EXPRESSION: Shape = { ...RENDERING, expression: { check: someText, required: true } };

/** `[namespace, name, dimension, value…, {…}]`, or `[{ expression }]`. */
const metric: Check = (at, value) => {
  if (!Array.isArray(value)) return [`${at} is no list`];
  if (value.length === 1 && typeof value[0] === 'object') return checkObject(`${at}[0]`, EXPRESSION, value[0]);
  const rendering = typeof value.at(-1) === 'object' ? value.at(-1) : undefined;
  const names = rendering === undefined ? value : value.slice(0, -1);
  const count = names.length < 2 || names.length % 2 !== 0 || names.length > 2 + 2 * 30 ? [`${at} has dimensions without values, or no name`] : [];
  return [
    ...count,
    ...names.flatMap((name, index) => someText(`${at}[${index}]`, name)),
    ...rendering === undefined ? [] : checkObject(`${at}[${names.length}]`, RENDERING, rendering),
  ];
};

const METRIC: Shape = {
  accountId: { check: text },
  annotations: { check: shape({ horizontal: { check: list(shape(LEVEL), 1, 500) } }) },
  legend: { check: shape({ position: { check: oneOf('right', 'bottom', 'hidden'), required: true } }) },
  liveData: { check: flag },
  metrics: { check: list(metric, 1, 500), required: true },
  period: { check: period },
  region: { check: someText, required: true },
  sparkline: { check: flag },
  stacked: { check: flag },
  stat: { check: statistic },
  title: { check: someText },
  view: { check: oneOf('timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table') },
  yAxis: { check: shape({ left: { check: shape(AXIS) }, right: { check: shape(AXIS) } }) },
};

/** The sources first, then commands, each on a line of its own. */
const query = matches(/^SOURCE '[^']+'( \| SOURCE '[^']+')* \| [a-z][^\n]*(\n\| [a-z][^\n]*)*$/, 'no query with its sources first');

const PROPERTIES: Record<string, Shape> = {
  metric: METRIC,
  text: { markdown: { check: someText, required: true }, background: { check: oneOf('transparent', 'solid') } },
  log: {
    accountId: { check: text },
    region: { check: someText, required: true },
    title: { check: someText },
    query: { check: query, required: true },
    view: { check: oneOf('table', 'timeSeries', 'bar', 'pie') },
  },
  alarm: {
    alarms: { check: list(someText, 1, 100), required: true },
    sortBy: { check: oneOf('default', 'stateUpdatedTimestamp', 'timestamp') },
    states: { check: list(oneOf('ALARM', 'INSUFFICIENT_DATA', 'OK'), 0, 3) },
    title: { check: someText },
  },
};

const WIDGET: Shape = {
  type: { check: oneOf(...Object.keys(PROPERTIES)), required: true },
  x: { check: integer(0, 23), required: true },
  y: { check: integer(0, Infinity), required: true },
  width: { check: integer(1, 24), required: true },
  height: { check: integer(1, 1000), required: true },
  properties: { check: () => [], required: true },
};

const BODY: Shape = {
  widgets: { check: list(shape(WIDGET), 0, 500), required: true },
  start: { check: matches(/^-PT?\d+[MHDW]$/, 'no time before now') },
  periodOverride: { check: oneOf('auto', 'inherit') },
};

function placeProblems({ x, width }: any, index: number): string[] {
  return x + width > 24 ? [`widgets[${index}] ends beyond the 24 columns`] : [];
}

/** An id is there once, and an expression uses none that is not there. */
function idProblems({ type, properties }: any, index: number): string[] {
  if (type !== 'metric' || !Array.isArray(properties?.metrics)) return [];
  const renderings = properties.metrics.map((each: any) => each.at(-1)).filter((each: any) => typeof each === 'object');
  const ids: string[] = renderings.flatMap(({ id }: any) => id ?? []);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  const used: string[] = renderings.flatMap(({ expression = '' }: any) => expression.startsWith('SEARCH') ? [] : expression.match(/\b[a-z]\w*\b/g) ?? []);
  return [
    ...twice.map((id) => `widgets[${index}] has the id ${id} twice`),
    ...used.filter((id) => !ids.includes(id)).map((id) => `widgets[${index}] uses ${id}, which is none of its ids`),
  ];
}

function overlap(one: any, other: any): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}
