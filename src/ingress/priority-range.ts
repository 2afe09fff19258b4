/**
 * The priorities, both ends included, that an app may give to its rules on a load balancer.
 *
 * Give each app that puts rules on one listener a range of its own: apps do not see each other's rules, and a listener takes a number once.
 */
export interface PriorityRange {
  /** The lowest number, from 1. */
  readonly first: number;

  /** The highest number, up to 50000; at least 999 more than the first: a narrower range has no room for the order of routes. */
  readonly last: number;
}
