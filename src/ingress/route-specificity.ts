import { parseRange } from './address-ranges';
import { fixedEnd, fixedStart, hasWildcard, wildcardsIn } from './patterns';
import { ANY_HOST, ANY_PATH, Condition, NormalRoute, SOURCE } from './route-conditions';

/**
 * How specific a route is, most important first, the higher the more specific.
 *
 * Two routes are compared by their hosts, then by their paths, then by how many further conditions they have, then by the values of those. A value is compared
 * by its class (2: exact, 1: with wildcards, 0: everything); by the length of what stands fixed before the first wildcard (of a host: behind the
 * last one); by the number of all its fixed characters; by the number of `?`; by having few `*`. Of two different patterns of which one covers the other, the
 * covered one is always the more specific by this order: so the first rule that matches a request is never one that leaves nothing to a later rule.
 */
export type Specificity = readonly number[];

export function specificityOf(route: NormalRoute): Specificity {
  return [
    ...leastSpecific(route.hosts, hostSpecificity),
    ...leastSpecific(route.paths, pathSpecificity),
    route.further.length,
    ...route.further.flatMap(({ on, values }: Condition) => leastSpecific(values, on === SOURCE ? rangeSpecificity : valueSpecificity)),
  ];
}

/** Negative if the first is more specific and so must be asked first, 0 if neither is. */
export function compareSpecificity(one: Specificity, other: Specificity): number {
  const index = one.findIndex((value, at) => value !== other[at]);
  return index < 0 ? 0 : other[index] - one[index];
}

/** Several values are as specific as the least specific of them. */
export function leastSpecificOf(values: string[], specificity: (value: string) => Specificity): string {
  return values.reduce((worst, value) => compareSpecificity(specificity(value), specificity(worst)) > 0 ? value : worst);
}

export function hostSpecificity(host: string): Specificity {
  return host === ANY_HOST ? [0, 0, 0, 0, 0] : patternSpecificity(host, fixedEnd(host));
}

export function pathSpecificity(path: string): Specificity {
  return path === ANY_PATH ? [0, 0, 0, 0, 0] : patternSpecificity(path, fixedStart(path));
}

function valueSpecificity(value: string): Specificity {
  return patternSpecificity(value, fixedStart(value));
}

function patternSpecificity(value: string, fixed: string): Specificity {
  if (!hasWildcard(value)) return [2, 0, 0, 0, 0];
  const stars = value.split('*').length - 1;
  return [1, fixed.length, value.length - wildcardsIn(value), wildcardsIn(value) - stars, -stars];
}

/** A longer prefix is a narrower range. */
function rangeSpecificity(range: string): Specificity {
  return [1, parseRange(range)?.bits ?? 0, 0, 0, 0];
}

function leastSpecific(values: string[], specificity: (value: string) => Specificity): Specificity {
  return specificity(leastSpecificOf(values, specificity));
}
