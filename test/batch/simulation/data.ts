/** An error of the Amazon States Language, and when it came up. */
export class StatesError extends Error {
  constructor(public readonly name: string, public readonly at?: number) {
    super(name);
  }
}

const MISSING = Symbol('missing');

/** What lies at a path such as `$.a.b[0]` or `$$.Execution.Name`; an error of the runtime where nothing does. */
export function evaluatePath(path: string, input: any, context: object): any {
  const found = find(path, input, context);
  if (found === MISSING) throw new StatesError('States.Runtime');
  return found;
}

function find(path: string, input: any, context: object): any {
  const [root, rest] = path.startsWith('$$') ? [context, path.slice(2)] : [input, path.slice(1)];
  if (!/^(\.[A-Za-z_][A-Za-z0-9_]*|\[\d+\])*$/.test(rest)) throw new Error(`not a path: ${path}`);
  let value: any = root;
  for (const [, key, index] of rest.matchAll(/\.([A-Za-z0-9_]+)|\[(\d+)\]/g)) {
    if (value === null || typeof value !== 'object' || !((key ?? index) in value)) return MISSING;
    value = value[key ?? index];
  }
  return value;
}

/** Input with the result put where the path says. */
export function writePath(path: string | null | undefined, input: any, result: any): any {
  if (path === null) return input;
  if (path === undefined || path === '$') return result;
  const output = structuredClone(input);
  const keys = path.slice(2).split('.');
  let place = output;
  for (const key of keys.slice(0, -1)) place = place[key] ??= {};
  place[keys[keys.length - 1]] = structuredClone(result);
  return output;
}

/** A payload template: keys that end with `.$` hold paths and intrinsic functions. */
export function evaluateTemplate(template: any, input: any, context: object): any {
  return Object.fromEntries(Object.entries<any>(template).map(([key, value]) => {
    if (!key.endsWith('.$')) return [key, value];
    const merge = /^States\.JsonMerge\((\S+), (\S+), false\)$/.exec(value);
    const found = merge === null
      ? evaluatePath(value, input, context)
      : { ...evaluatePath(merge[1], input, context), ...evaluatePath(merge[2], input, context) };
    return [key.slice(0, -2), structuredClone(found)];
  }));
}

const COMPARISONS: Record<string, (value: any, expected: any) => boolean> = {
  StringEquals: (value, expected) => value === expected,
  BooleanEquals: (value, expected) => value === expected,
  NumericGreaterThan: (value, expected) => typeof value === 'number' && value > expected,
  IsNumeric: (value) => typeof value === 'number',
};

/** Whether a rule of a Choice holds. `at` gives what lies at a path, or throws. */
export function evaluateRule(rule: any, at: (path: string) => any): boolean {
  if (rule.And !== undefined) return rule.And.every((each: any) => evaluateRule(each, at));
  if (rule.Or !== undefined) return rule.Or.some((each: any) => evaluateRule(each, at));
  if (rule.Not !== undefined) return !evaluateRule(rule.Not, at);
  const [operator, expected] = Object.entries<any>(rule).find(([key]) => key !== 'Variable' && key !== 'Next')!;
  if (operator === 'IsPresent') return isPresent(rule.Variable, at) === expected;
  if (operator === 'NumericGreaterThanPath') return at(rule.Variable) > at(expected);
  return COMPARISONS[operator](at(rule.Variable), expected);
}

function isPresent(path: string, at: (path: string) => any): boolean {
  try {
    at(path);
    return true;
  } catch (error) {
    if (error instanceof StatesError) return false;
    throw error;
  }
}
