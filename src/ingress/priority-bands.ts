import { fixedEnd, fixedStart, hasWildcard } from './patterns';
import type { PriorityRange } from './priority-range';
import { ANY_HOST, ANY_PATH, NormalRoute } from './route-conditions';
import { hostSpecificity, leastSpecificOf, pathSpecificity } from './route-specificity';

/** The numbers of the routes that are about equally specific. */
export interface Band {
  readonly start: number;
  readonly slots: number;
}

/** Any priority that a listener takes. */
export const ALL_PRIORITIES: PriorityRange = { first: 1, last: 50000 };
/** What is given out by itself, unless another range is asked for. The numbers below are free for users to write down. */
export const OWN_PRIORITIES: PriorityRange = { first: 5001, last: 50000 };
/** The fewest numbers in which each band has its place. */
export const SMALLEST_RANGE = 1000;

/**
 * The shortest fixed end in each band of wildcard hosts, longest first: `*.eu.example.com` comes before `*.example.com`. Narrow where such ends
 * usually lie; two lengths in one bucket are told apart by `RouteTable` only.
 */
const SUFFIX_BUCKETS = [33, 25, 21, 17, 13, 0];

/** The same for the fixed start of a path, where the class is `bucketed`; coarser behind a wildcard host, where few routes are. */
const LENGTH_BUCKETS = [25, 17, 13, 10, 8, 6, 4, 0];
const COARSE_LENGTH_BUCKETS = [17, 10, 6, 0];

/**
 * The classes of paths, most specific first, and how many slots each has: many where many services meet. A class is named by the number of whole
 * segments in the fixed start of the path and by whether a part of one follows.
 *
 * The slots are those behind an exact host, behind each of the buckets of wildcard hosts, and behind any host. A `bucketed` class has them for each of its
 * buckets: its paths may overlap, so the longer fixed start must come first. In the `whole` classes no two paths overlap unless their fixed starts are
 * equal; they come in two parts, first the paths that go on after the first wildcard (`/orders/*` + `/items`), then those that end there.
 */
const PATH_CLASSES = [
  { name: 'exact', slots: [1500, 150, 3000] }, //                     /orders
  { name: 'deep', slots: [20, 10, 100], bucketed: true }, //          /api/v1/orders/item*, /api/v1/eu/orders/*
  { name: '3 whole', slots: [200, 40, 1500] }, //                     /api/v1/orders/*
  { name: '2 part', slots: [30, 10, 100], bucketed: true }, //        /api/v1/orders*
  { name: '2 whole', slots: [600, 100, 3500] }, //                    /api/orders/*
  { name: '1 part', slots: [40, 16, 300], bucketed: true }, //        /api/orders*
  { name: '1 whole', slots: [2500, 300, 9000] }, //                   /orders/*
  { name: '0 part', slots: [200, 40, 550], bucketed: true }, //       /orders*
  { name: '0 whole', slots: [40, 14, 100] }, //                       /*.png
  { name: 'none', slots: [7500, 500, 50] }, //                        /* or no path
];

/** Of the slots of a `whole` class, those for paths that go on after the first wildcard. */
const REFINED_SHARES = [0.15, 0.85];

/** Of the slots of equal hosts and paths, those for two or more further conditions, for one, and for none. */
const FURTHER_SHARES = [0.04, 0.2, 0.76];

/** The band of a route within a range: it follows from how specific the route is, and from nothing else. */
export function bandOf(route: NormalRoute, range: PriorityRange): Band {
  const host = leastSpecificOf(route.hosts, hostSpecificity);
  const path = leastSpecificOf(route.paths, pathSpecificity);
  const further = FURTHER_SHARES.length - 1 - Math.min(route.further.length, FURTHER_SHARES.length - 1);
  const [hostKind, hostBucket] = hostPlace(host);
  return bandsOf(range).get([hostKind, hostBucket, ...pathPlace(path, lengthBuckets(hostKind)), further].join())!;
}

/** In the order of the slots: an exact host, one with wildcards, any. */
function hostPlace(host: string): [kind: number, bucket: number] {
  if (host === ANY_HOST) return [2, 0];
  return hasWildcard(host) ? [1, bucketOf(fixedEnd(host), SUFFIX_BUCKETS)] : [0, 0];
}

function lengthBuckets(hostKind: number): number[] {
  return hostKind === 1 ? COARSE_LENGTH_BUCKETS : LENGTH_BUCKETS;
}

function pathPlace(path: string, buckets: number[]): [pathClass: string, part: number] {
  if (path === ANY_PATH) return ['none', 0];
  if (!hasWildcard(path)) return ['exact', 0];
  const fixed = fixedStart(path);
  const name = segmentClass(fixed);
  if (name.endsWith('whole')) return [name, path === `${fixed}*` ? 1 : 0];
  return [name, bucketOf(fixed, buckets)];
}

function segmentClass(fixed: string): string {
  const whole = Math.max(fixed.split('/').length - 2, 0);
  const ends = fixed.endsWith('/');
  return whole > 3 || (whole === 3 && !ends) ? 'deep' : `${whole} ${ends ? 'whole' : 'part'}`;
}

function bucketOf(fixed: string, buckets: number[]): number {
  return buckets.findIndex((shortest) => fixed.length >= shortest);
}

const layouts = new Map<string, Map<string, Band>>();

/** The bands of a range, laid out when they are first asked for. */
function bandsOf(range: PriorityRange): Map<string, Band> {
  const key = `${range.first}-${range.last}`;
  const bands = layouts.get(key) ?? layOut(range);
  layouts.set(key, bands);
  return bands;
}

/** Lays the bands one behind the other, most specific first. Each has its share of the range, and one slot at least. */
function layOut(range: PriorityRange): Map<string, Band> {
  const shares = bandShares();
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  const spare = range.last - range.first + 1 - shares.length;
  const bands = new Map<string, Band>();
  let sum = 0;
  shares.forEach(({ name, share }, index) => {
    const start = range.first + index + Math.floor(sum * spare / total);
    sum += share;
    bands.set(name, { start, slots: range.first + index + 1 + Math.floor(sum * spare / total) - start });
  });
  return bands;
}

function bandShares(): { name: string; share: number }[] {
  const hosts: [number, number][] = [[0, 0], ...SUFFIX_BUCKETS.map((_, bucket): [number, number] => [1, bucket]), [2, 0]];
  return hosts.flatMap(([kind, bucket]) => PATH_CLASSES.flatMap(({ name, slots, bucketed }) =>
    partsOf(name, bucketed ? lengthBuckets(kind) : []).flatMap((partShare, part) => FURTHER_SHARES.map((furtherShare, further) => (
      { name: [kind, bucket, name, part, further].join(), share: slots[kind] * partShare * furtherShare }
    )))));
}

function partsOf(name: string, buckets: number[]): number[] {
  if (buckets.length > 0) return buckets.map(() => 1);
  return name.endsWith('whole') ? REFINED_SHARES : [1];
}
