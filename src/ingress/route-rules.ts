import { wildcardsIn } from './patterns';
import { Condition, conditionsOf, RouteConditions } from './route-conditions';

/** The most condition values that one listener rule may have. */
export const MAX_VALUES = 5;
/** The most wildcards that one listener rule may have over all its condition values. */
export const MAX_WILDCARDS = 5;

/**
 * The rules that a route takes: one if all its values fit, else as few as possible, which together ask for the same.
 *
 * Values stay in the order in which they were written, so that a value added at the end leaves the other rules as they are.
 *
 * Undefined if no rule can hold one value of each kind.
 */
export function rulesOf(route: RouteConditions): RouteConditions[] | undefined {
  const conditions = conditionsOf(route);
  if (fits(conditions)) return [route];
  const splits = shapes(conditions.length)
    .map((shape) => conditions.map((condition, index) => groupsOf(condition, shape[index])))
    .map(combinations)
    .filter((rules) => rules.length > 0 && rules.every(fits));
  if (splits.length === 0) return undefined;
  return splits.reduce((best, rules) => rules.length < best.length ? rules : best).map(toRoute);
}

function fits(conditions: Condition[]): boolean {
  const values = conditions.flatMap((condition) => condition.values);
  return values.length <= MAX_VALUES && values.reduce((sum, value) => sum + wildcardsIn(value), 0) <= MAX_WILDCARDS;
}

/** How many values, and how many wildcards at most, a rule takes of one kind. */
interface Share {
  readonly values: number;
  readonly wildcards: number;
}

/** All ways to share a rule's values and wildcards among so many kinds. */
function shapes(kinds: number): Share[][] {
  return partitions(kinds, MAX_VALUES, 1).flatMap((values) => partitions(kinds, MAX_WILDCARDS, 0)
    .map((wildcards) => values.map((count, index) => ({ values: count, wildcards: wildcards[index] }))));
}

function partitions(parts: number, total: number, least: number): number[][] {
  if (parts === 1) return total < least ? [] : [[total]];
  return Array.from({ length: Math.max(total - least + 1, 0) }, (_, index) => least + index)
    .flatMap((first) => partitions(parts - 1, total - first, least).map((rest) => [first, ...rest]));
}

/** The values of one kind in groups that keep to a share. A value with more wildcards than the share stands alone, and no rule fits it. */
function groupsOf({ on, values }: Condition, share: Share): Condition[] {
  const groups: string[][] = [];
  for (const value of values) {
    const last = groups[groups.length - 1];
    const wildcards = [...last ?? [], value].reduce((sum, each) => sum + wildcardsIn(each), 0);
    if (last !== undefined && last.length < share.values && wildcards <= share.wildcards) last.push(value);
    else groups.push([value]);
  }
  return groups.map((group) => ({ on, values: group }));
}

function combinations(groups: Condition[][]): Condition[][] {
  return groups.reduce<Condition[][]>((rules, kind) => rules.flatMap((rule) => kind.map((condition) => [...rule, condition])), [[]]);
}

function toRoute(conditions: Condition[]): RouteConditions {
  const valuesOn = (on: string) => conditions.find((condition) => condition.on === on)?.values;
  const named = (prefix: string) => Object.fromEntries(conditions
    .filter(({ on }) => on.startsWith(prefix))
    .map(({ on, values }) => [on.slice(prefix.length), values]));
  return {
    hosts: valuesOn('host'),
    paths: valuesOn('path'),
    methods: valuesOn('method'),
    sourceIps: valuesOn('source'),
    headers: named('header '),
    query: named('query '),
  };
}
