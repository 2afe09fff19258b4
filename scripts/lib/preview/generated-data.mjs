/**
 * Numbers for the graphs of a dashboard that nobody measured: one story for all, so that the picture shows what a person would see. A new version is
 * deployed after two thirds of the time, fails a part of the requests, and is rolled back.
 */

/** Of three hours, one every three minutes. */
export const POINTS = 60;

const DEPLOYED = 40;
const ROLLED_BACK = 52;

/**
 * @param {string} name of the metric
 * @param {string} statistic
 * @param {string} salt makes two lines of one metric differ
 * @param {boolean} [calm] it is none of what the new version does
 * @returns {number[]}
 */
export function valuesOf(name, statistic, salt, calm = false) {
  const noise = noiseOf(`${name}${statistic}${salt}`);
  if (salt.includes('DeadLetter')) return Array.from({ length: POINTS }, () => 0);
  return Array.from({ length: POINTS }, (_, at) => Math.max(0, valueAt(name, statistic, at, noise, calm)));
}

function valueAt(name, statistic, at, noise, calm) {
  const bad = !calm && at >= DEPLOYED && at < ROLLED_BACK;
  const changes = !calm && (at === DEPLOYED || at === ROLLED_BACK);
  const wave = Math.sin(at / 9);
  switch (name) {
    case 'DesiredTaskCount': return at < 20 ? 3 : 4;
    case 'RunningTaskCount': return (at < 20 ? 3 : 4) + (changes ? 1 : 0);
    case 'PendingTaskCount': return at === 20 || changes ? 1 : 0;
    case 'HealthyHostCount': return (at < 21 ? 3 : 4) - (bad ? 1 : 0);
    case 'UnHealthyHostCount': return bad ? 1 : 0;
    case 'DeploymentCount': return bad ? 2 : 1;
    case 'RequestCount': return 420 + 140 * wave + 40 * noise();
    case 'HTTPCode_Target_5XX_Count': return bad ? 60 + 12 * noise() : 1 + noise();
    case 'HTTPCode_Target_4XX_Count': return 9 + 4 * noise();
    case 'TargetResponseTime': return (bad ? 2.4 : 1) * { p50: 0.12, p90: 0.6, p99: 1.9 }[statistic] * (1 + 0.15 * noise());
    case 'CPUUtilization': return (statistic === 'Maximum' ? 68 : 48) + 12 * wave + 4 * noise();
    case 'MemoryUtilization': return (statistic === 'Maximum' ? 61 : 55) + at * 0.1 + noise();
    case 'ApproximateNumberOfMessagesVisible': return bad ? 30 + (at - DEPLOYED) * 9 : 14 + 8 * wave + 3 * noise();
    case 'ApproximateNumberOfMessagesNotVisible': return 9 + 2 * noise();
    case 'ApproximateAgeOfOldestMessage': return bad ? 20 + (at - DEPLOYED) * 30 : 18 + 6 * noise();
    case 'NumberOfMessagesSent': return 90 + 20 * wave + 6 * noise();
    case 'NumberOfMessagesDeleted': return bad ? 55 + 6 * noise() : 90 + 20 * wave + 6 * noise();
    case 'ExecutionsStarted': return at % 15 === 4 ? 1 : 0;
    case 'ExecutionsSucceeded': return at % 15 === 9 && !bad ? 1 : 0;
    case 'ExecutionsFailed': return at === 47 ? 1 : 0;
    case 'ExecutionTime': return (statistic === 'Maximum' ? 1.1e6 : 8.2e5) * (1 + 0.1 * noise());
    case 'ResourceCount': return 11 + 3 * wave + noise();
    default: return 0;
  }
}

/** The same from run to run: between -1 and 1. */
function noiseOf(text) {
  let state = [...text].reduce((hash, character) => Math.imul(hash ^ character.charCodeAt(0), 16777619) >>> 0, 2166136261);
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/**
 * The lines of a graph.
 *
 * @param {any[][]} metrics of a widget
 * @returns {{ label: string, values: number[] }[]}
 */
export function linesOf(metrics) {
  const byId = new Map();
  return metrics.flatMap((metric) => {
    const options = typeof metric.at(-1) === 'object' ? metric.at(-1) : {};
    if (options.expression?.startsWith('SEARCH')) return found(options.expression);
    const values = options.expression === undefined ? valuesOf(metric[1], options.stat, `${metric.slice(2, -1)}`) : calculated(options.expression, byId);
    if (options.id !== undefined) byId.set(options.id, values);
    return options.visible === false ? [] : [{ label: options.label ?? metric[1], values }];
  });
}

/** A search finds what there is: three services. */
function found(expression) {
  const [, name] = /MetricName="(\w+)"/.exec(expression);
  const [, statistic] = /', '(\w+)'/.exec(expression);
  const services = expression.includes('TargetGroup') ? ['targetgroup/orders', 'targetgroup/web'] : ['Mailer', 'Orders', 'Web'];
  return services.map((label) => ({ label, values: valuesOf(name, statistic, label, !/orders/i.test(label)) }));
}

/** `100 * FILL(errors, 0) / requests`: ids, numbers and operators, point by point. */
function calculated(expression, byId) {
  if (!/^[\w\s.,*/+()-]+$/.test(expression)) throw new Error(`No preview of the expression ${expression}`);
  const ids = [...byId.keys()];
  const of = new Function('FILL', ...ids, `return ${expression};`);
  return Array.from({ length: POINTS }, (_, at) => of((value) => value, ...ids.map((id) => byId.get(id)[at])));
}

/** In the alarm state while the preview is taken: what the story would set off. */
export const ALARMS_ON = /ServerErrors|UnhealthyHosts|OldestMessage/;

export const LOG_LINES = [
  ['13:04:51.220', '{"level":"error","message":"connect ECONNREFUSED 10.0.3.17:5432","path":"/orders"}', 'ecs/App/8f2c1d…'],
  ['13:04:50.874', '{"level":"error","message":"connect ECONNREFUSED 10.0.3.17:5432","path":"/orders/4711"}', 'ecs/App/8f2c1d…'],
  ['13:04:49.031', 'Unhandled exception in GET /orders: pool is exhausted', 'ecs/App/17aa90…'],
  ['13:04:47.566', '{"level":"error","message":"connect ECONNREFUSED 10.0.3.17:5432","path":"/orders"}', 'ecs/App/8f2c1d…'],
];
