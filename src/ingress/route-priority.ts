import { createHash } from 'crypto';

/** What a listener rule asks of a request. An empty list asks nothing. */
export interface RouteConditions {
  readonly hosts: string[];
  readonly paths: string[];
}

/** A route and the construct path of the service that asks for it. */
export interface OwnedRoute extends RouteConditions {
  readonly owner: string;
}

/** The numbers, both included, that an app may give to its rules: another app on the same listener has others. */
export interface PriorityRange {
  readonly first: number;
  readonly last: number;
}

/** What is given out by itself: the numbers below are free for users to write down. 50000 is the highest that a listener takes. */
export const OWN_RANGE: PriorityRange = { first: 5001, last: 50000 };

/** A narrower range has no room for the bands. */
export const SMALLEST_RANGE = 1000;

/**
 * Works out the priority of a route from the route and its owner alone.
 *
 * The listener takes the first rule that matches, lowest number first, so the more specific route must have the lower number. How specific it is selects
 * a band of numbers, and a hash the slot within its band. Nothing else enters: not the order of declaration, not the other routes. So adding or removing
 * a service never renumbers another one's rule.
 *
 * The owner enters the hash because CloudFormation makes the rule of a renamed service before it removes the old one: they must not want the same number.
 *
 * What a band cannot tell apart (two routes in one slot; overlapping paths whose lengths share a bucket) `RouteTable` refuses.
 */
export function priorityOf(route: OwnedRoute, range: PriorityRange = OWN_RANGE): number {
  const { start, slots } = bandOf(route, range);
  return start + slotOf(route, slots);
}

/** A number that nobody has taken, between `after` and `before`: in the route's own band if possible, else close to it; undefined if there is none. */
export function freePriorityFor(
  route: OwnedRoute, taken: ReadonlySet<number>, after = 0, before = OWN_RANGE.last + 1, range: PriorityRange = OWN_RANGE,
): number | undefined {
  const fits = (candidate: number) => candidate > after && candidate < before && !taken.has(candidate);
  const { start, slots } = bandOf(route, range);
  const first = slotOf(route, slots);
  for (let step = 1; step <= slots; step++) {
    const candidate = start + (first + step) % slots;
    if (fits(candidate)) return candidate;
  }
  const [lowest, highest] = range === OWN_RANGE ? [1, range.last] : [range.first, range.last]; // another app's numbers are not ours to propose
  for (let distance = 1; distance <= highest; distance++) {
    const found = [start - distance, start + slots - 1 + distance]
      .find((candidate) => candidate >= lowest && candidate <= highest && fits(candidate));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Two routes with one key ask for the same requests, whoever owns them. */
export function keyOf(route: RouteConditions): string {
  return JSON.stringify([hostsOf(route), pathsOf(route)]);
}

/** Stands for any host where a route names none. Not a legal value of `hosts`, so that nobody can write it. */
export const ANY_HOST = '*';
/** Matches every request, so it says no more than no path at all. */
export const ANY_PATH = '/*';

/** The hosts of a route in the one form in which they are compared: lower case, sorted, without duplicates, never none. */
export function hostsOf(route: RouteConditions): string[] {
  return normalised(route.hosts.map((host) => host.toLowerCase()), ANY_HOST);
}

/** The paths of a route in the one form in which they are compared. */
export function pathsOf(route: RouteConditions): string[] {
  return normalised(route.paths, ANY_PATH);
}

function normalised(values: string[], none: string): string[] {
  return values.length === 0 ? [none] : [...new Set(values.map((value) => value.replace(/\*+/g, '*')))].sort();
}

/**
 * How specific a value is, most important first, the higher the more specific: its class (2: exact, 1: with wildcards, 0: everything); the length of what
 * stands fixed before the first wildcard of a path, or behind the last one of a host; the number of all its fixed characters.
 */
type Specificity = readonly number[];

/** Compares two routes, hosts first: negative if the first is more specific and so must be asked first, 0 if neither is. */
export function compareSpecificity(one: RouteConditions, other: RouteConditions): number {
  return compare(leastSpecific(hostsOf(one), hostSpecificity), leastSpecific(hostsOf(other), hostSpecificity))
    || compare(leastSpecific(pathsOf(one), pathSpecificity), leastSpecific(pathsOf(other), pathSpecificity));
}

function hostSpecificity(host: string): Specificity {
  if (host === ANY_HOST) return [0, 0, 0];
  return hasWildcard(host) ? [1, host.length - host.search(/[^*?]*$/), fixedCharacters(host)] : [2, 0, 0];
}

function pathSpecificity(path: string): Specificity {
  if (path === ANY_PATH) return [0, 0, 0];
  return hasWildcard(path) ? [1, fixedPart(path).length, fixedCharacters(path)] : [2, 0, 0];
}

function compare(one: Specificity, other: Specificity): number {
  const index = one.findIndex((value, at) => value !== other[at]);
  return index < 0 ? 0 : other[index] - one[index];
}

/** A rule with several values is as specific as the least specific of them. */
function leastSpecific(values: string[], specificity: (value: string) => Specificity): Specificity {
  return specificity(leastSpecificOf(values, specificity));
}

function leastSpecificOf(values: string[], specificity: (value: string) => Specificity): string {
  return values.reduce((worst, value) => compare(specificity(value), specificity(worst)) > 0 ? value : worst);
}

interface Band {
  readonly start: number;
  readonly slots: number;
}

/**
 * The shortest fixed suffix in each band of wildcard hosts, longest first: `*.eu.example.com` comes before `*.example.com`. Narrow where such suffixes
 * usually end; two lengths in one bucket are told apart by `RouteTable` only.
 */
const SUFFIX_BUCKETS = [33, 25, 21, 17, 13, 0];

/** The same for the fixed part of a path, where the class is `bucketed`. */
const LENGTH_BUCKETS = [25, 17, 13, 10, 8, 6, 4, 0];

/**
 * The classes of paths, most specific first, and how many slots each has: many where many services meet. A class is named by the number of whole
 * segments in the fixed part of the path (what stands before the first wildcard) and by whether a part of one follows.
 *
 * The slots are those behind an exact host, behind each of the buckets of wildcard hosts, and behind any host. A `bucketed` class has them for each of its
 * buckets: its paths may overlap, so the longer fixed part must come first. In the other classes no two paths overlap unless their fixed parts are equal.
 */
const PATH_CLASSES = [
  { name: 'exact', slots: [1500, 150, 3000] }, //                     /orders
  { name: 'deep', slots: [20, 5, 100], bucketed: true }, //           /api/v1/orders/item*, /api/v1/eu/orders/*
  { name: '3 whole', slots: [200, 40, 1500] }, //                     /api/v1/orders/*
  { name: '2 part', slots: [30, 5, 100], bucketed: true }, //         /api/v1/orders*
  { name: '2 whole', slots: [600, 100, 3500] }, //                    /api/orders/*
  { name: '1 part', slots: [40, 8, 300], bucketed: true }, //         /api/orders*
  { name: '1 whole', slots: [2500, 300, 8000] }, //                   /orders/*
  { name: '0 part', slots: [200, 20, 400], bucketed: true }, //       /orders*
  { name: '0 whole', slots: [40, 14, 100] }, //                       /*.png
  { name: 'none', slots: [6000, 500, 50] }, //                        /* or no path
];

const layouts = new Map<string, Map<string, Band>>();

/** The bands of a range, worked out when they are first asked for. */
function bandsOf(range: PriorityRange): Map<string, Band> {
  const key = `${range.first}-${range.last}`;
  const bands = layouts.get(key) ?? layOut(range);
  layouts.set(key, bands);
  return bands;
}

/** Lays the bands one behind the other, most specific first. Each has its share of the range, and one slot at least. */
function layOut(range: PriorityRange): Map<string, Band> {
  const wanted: { name: string; slots: number }[] = [];
  const hostBands = [[2, 0], ...SUFFIX_BUCKETS.map((_, bucket) => [1, bucket]), [0, 0]];
  for (const [hostClass, hostBucket] of hostBands) {
    for (const { name, slots, bucketed } of PATH_CLASSES) {
      for (let bucket = 0; bucket < (bucketed === true ? LENGTH_BUCKETS.length : 1); bucket++) {
        wanted.push({ name: bandName(hostClass, hostBucket, name, bucket), slots: slots[2 - hostClass] });
      }
    }
  }
  const total = wanted.reduce((sum, { slots }) => sum + slots, 0);
  const spare = range.last - range.first + 1 - wanted.length;
  const bands = new Map<string, Band>();
  let sum = 0;
  wanted.forEach(({ name, slots }, index) => {
    const start = range.first + index + Math.floor(sum * spare / total);
    sum += slots;
    bands.set(name, { start, slots: range.first + index + 1 + Math.floor(sum * spare / total) - start });
  });
  return bands;
}

function bandName(hostClass: number, hostBucket: number, pathClass: string, pathBucket: number): string {
  return [hostClass, hostBucket, pathClass, pathBucket].join();
}

function bandOf(route: RouteConditions, range: PriorityRange): Band {
  const [hostClass, suffix] = leastSpecific(hostsOf(route), hostSpecificity);
  const path = leastSpecificOf(pathsOf(route), pathSpecificity);
  const { name, bucketed } = PATH_CLASSES[pathClassOf(path)];
  return bandsOf(range).get(bandName(
    hostClass, hostClass === 1 ? bucketOf(suffix, SUFFIX_BUCKETS) : 0,
    name, bucketed === true ? bucketOf(fixedPart(path).length, LENGTH_BUCKETS) : 0,
  ))!;
}

function pathClassOf(path: string): number {
  const name = path === ANY_PATH ? 'none' : hasWildcard(path) ? segmentClass(fixedPart(path)) : 'exact';
  return PATH_CLASSES.findIndex((pathClass) => pathClass.name === name);
}

function segmentClass(fixed: string): string {
  const whole = Math.max(fixed.split('/').length - 2, 0);
  const ends = fixed.endsWith('/');
  return whole > 3 || (whole === 3 && !ends) ? 'deep' : `${whole} ${ends ? 'whole' : 'part'}`;
}

function bucketOf(length: number, buckets: number[]): number {
  return buckets.findIndex((shortest) => length >= shortest);
}

function fixedPart(path: string): string {
  return path.split(/[*?]/)[0];
}

function fixedCharacters(value: string): number {
  return value.replace(/[*?]/g, '').length;
}

function hasWildcard(value: string): boolean {
  return /[*?]/.test(value);
}

function slotOf(route: OwnedRoute, slots: number): number {
  return createHash('sha256').update(JSON.stringify([route.owner, keyOf(route)])).digest().readUInt32BE(0) % slots;
}
