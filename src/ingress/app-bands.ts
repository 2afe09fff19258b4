import type { PriorityRange } from './priority-range';

/** How many numbers each app has on a listener that it shares with others. */
const BAND_SIZE = 5000;

/** The band of the app that owns the load balancer. */
export const OWNER_BAND = 0;
/** A listener takes numbers up to 50000. */
export const LAST_BAND = 9;

/** The numbers of a band: 1 to 5000, 5001 to 10000, and so on. Bands never overlap. */
export function rangeOfBand(band: number): PriorityRange {
  return { first: band * BAND_SIZE + 1, last: (band + 1) * BAND_SIZE };
}

/** Whether two ranges have a number in common. */
export function rangesMeet(one: PriorityRange, other: PriorityRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}
