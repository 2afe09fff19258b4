import { Token } from 'aws-cdk-lib/core';
import { LAST_BAND, rangeOfBand } from './app-bands';
import type { PriorityRange } from './priority-range';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';

/**
 * The numbers that apps give to their rules on a load balancer that they share.
 *
 * Apps do not see each other's rules, and a listener takes a number once: so each app has numbers of its own. The lowest number that matches a request
 * gets it: where routes of two apps overlap, the app with the lower numbers is asked first, however specific the routes are.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export class RoutePriorities {
  /**
   * One of ten bands of 5000 numbers, which never overlap. Band 0 is of the app that owns the load balancer; the other apps have one of 1 to 9 each.
   *
   * Write down who has which band where all teams see it: nothing but a failing deployment would say that two apps have the same. On a listener that
   * others put rules on as well, write a range of your own, `{ first: 20000, last: 29999 }`.
   *
   * @param band 1 to 9
   *
   * @example
   * FargateCluster.fromParameters(this, 'Platform', '/platform', { zones: 2, priorities: RoutePriorities.band(2) });
   */
  public static band(band: number): PriorityRange {
    if (Token.isUnresolved(band)) {
      fail(undefined, "'band' must be known at synthesis: the priorities of rules are worked out from it; pass a plain number");
    }
    checkInteger(undefined, 'band', band, 1, LAST_BAND, 'each app has a band of its own, and band 0 is of the app that owns the load balancer');
    return rangeOfBand(band);
  }

  private constructor() {
  }
}
