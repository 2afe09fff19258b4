/**
 * What a CPU profile says about where the time goes, by area.
 *
 * @typedef {{ id: number, callFrame: { functionName: string, url: string }, children?: number[] }} ProfileNode
 * @typedef {{ nodes: ProfileNode[], samples: number[], timeDeltas: number[] }} Profile as V8 writes it
 */

/** The first that fits. */
const AREAS = [
  ['garbage collection', ({ functionName }) => functionName === '(garbage collector)'],
  ['not running', ({ functionName }) => ['(idle)', '(program)', '(root)'].includes(functionName)],
  ['loading modules', ({ url, functionName }) => url.startsWith('node:internal/modules') || ['compileFunctionForCJSLoader', 'wrapSafe', 'internalModuleStat', 'readFileUtf8'].includes(functionName)],
  ['the library', ({ url }) => url.includes('/cdk-ecs-workloads/')],
  ['token resolution', ({ url }) => /core\/lib\/(private\/(resolve|token-map|encoding|refs|intrinsic|cloudformation-lang)|token|resolvable|string-fragments|lazy|reference)\.js$/.test(url)],
  ['stack traces of each resource', ({ url, functionName }) => /stack-trace/.test(url) || /StackTrace/.test(functionName)],
  ['logical ids', ({ url }) => /core\/lib\/private\/(uniqueid|logical-id|md5)\.js$/.test(url)],
  ['resources: properties and their checks', ({ url }) => /\.generated\.js$/.test(url) || /core\/lib\/(cfn-|runtime|util)/.test(url)],
  ['the construct tree', ({ url }) => /\/constructs\//.test(url)],
  ['core, other', ({ url }) => /aws-cdk-lib\/(core|cx-api|cloud-assembly)/.test(url)],
  ['L2 constructs', ({ url }) => /aws-cdk-lib\/aws-/.test(url)],
  ['other', () => true],
];

/**
 * @param {Profile} profile
 * @returns {Record<string, number>} the share of each area, in percent, without what did not run
 */
export function sharesOf({ nodes, samples, timeDeltas }) {
  const areaOf = new Map(nodes.map(({ id, callFrame }) => [id, AREAS.find(([, fits]) => fits(callFrame))[0]]));
  const times = Object.fromEntries(AREAS.map(([name]) => [name, 0]));
  samples.forEach((id, index) => { times[areaOf.get(id)] += timeDeltas[index]; });
  const { 'not running': _left, ...running } = times;
  const total = Object.values(running).reduce((sum, time) => sum + time, 0);
  return Object.fromEntries(Object.entries(running).map(([name, time]) => [name, (100 * time) / total]));
}
