import { createHash } from 'crypto';
import { ALL_PRIORITIES, bandOf, OWN_PRIORITIES } from './priority-bands';
import type { PriorityRange } from './priority-range';
import { keyOf, NormalRoute } from './route-conditions';

export { SMALLEST_RANGE } from './priority-bands';
export type { PriorityRange } from './priority-range';

/** What the priority of a route follows from. */
export interface OwnedRoute {
  readonly route: NormalRoute;
  /** The construct path of the service that asks for it. */
  readonly owner: string;
  /** How many rules it takes, each with a number of its own. */
  readonly rules: number;
}

/**
 * Works out the priorities of a route's rules from the route and its owner alone.
 *
 * The listener takes the first rule that matches, lowest number first, so the more specific route must have the lower numbers. How specific it is selects
 * a band of numbers, and a hash the slot within its band; a route of several rules takes the slots that follow. Nothing else enters: not the order of
 * declaration, not the other routes. So adding or removing a service never renumbers another one's rules.
 *
 * The owner enters the hash because CloudFormation makes the rule of a renamed service before it removes the old one: they must not want the same number.
 *
 * What a band cannot tell apart (two routes in one slot; overlapping paths whose lengths share a bucket) `RouteTable` refuses.
 */
export function prioritiesOf({ route, owner, rules }: OwnedRoute, range: PriorityRange = OWN_PRIORITIES): number[] {
  const { start, slots } = bandOf(route, range);
  const first = createHash('sha256').update(JSON.stringify([owner, keyOf(route)])).digest().readUInt32BE(0) % slots;
  return Array.from({ length: rules }, (_, index) => start + (first + index) % slots);
}

/** Where to look for a free number, both ends excluded. */
export interface Gap {
  readonly after: number;
  readonly before: number;
  readonly taken: ReadonlySet<number>;
}

/**
 * The first of as many free numbers in a row as the route has rules: in the route's own band if possible, else close to it; undefined if there is none.
 * An app with a range of its own has no number outside it to propose.
 */
export function freePriorityFor(owned: OwnedRoute, gap: Gap, range: PriorityRange = OWN_PRIORITIES): number | undefined {
  const { start, slots } = bandOf(owned.route, range);
  const [own] = prioritiesOf({ ...owned, rules: 1 }, range);
  const bounds = range === OWN_PRIORITIES ? ALL_PRIORITIES : range;
  const fits = (candidate: number) => candidate > gap.after && candidate + owned.rules - 1 < gap.before
    && candidate >= bounds.first && candidate + owned.rules - 1 <= bounds.last
    && Array.from({ length: owned.rules }).every((_, index) => !gap.taken.has(candidate + index));
  for (let step = 1; step <= slots; step++) {
    const candidate = start + (own - start + step) % slots;
    if (fits(candidate)) return candidate;
  }
  for (let distance = 1; distance <= ALL_PRIORITIES.last; distance++) {
    const found = [start - distance, start + slots - 1 + distance].find(fits);
    if (found !== undefined) return found;
  }
  return undefined;
}
