import { Token } from 'aws-cdk-lib/core';
import { LAST_BAND, OWNER_BAND, rangeOfBand, rangesMeet } from '../../src/ingress/app-bands';
import { RoutePriorities } from '../../src/ingress/route-priorities';

const BANDS = Array.from({ length: LAST_BAND - OWNER_BAND + 1 }, (_, index) => OWNER_BAND + index);

describe('number bands of apps', () => {
  test('cover all numbers of a listener, one behind the other', () => {
    const ranges = BANDS.map(rangeOfBand);
    expect([ranges[0].first, ranges[ranges.length - 1].last]).toEqual([1, 50000]);
    ranges.slice(1).forEach(({ first }, index) => expect(first).toBe(ranges[index].last + 1));
  });

  test.each(BANDS.flatMap((one) => BANDS.map((other) => [one, other])))('%d and %d meet only if they are the same', (one, other) => {
    expect(rangesMeet(rangeOfBand(one), rangeOfBand(other))).toBe(one === other);
  });

  test.each([
    [{ first: 10, last: 20 }, { first: 20, last: 30 }, true],
    [{ first: 10, last: 20 }, { first: 21, last: 30 }, false],
    [{ first: 10, last: 40 }, { first: 20, last: 30 }, true],
  ])('%j and %j meet: %s', (one, other, expected) => {
    expect([rangesMeet(one, other), rangesMeet(other, one)]).toEqual([expected, expected]);
  });
});

describe('RoutePriorities', () => {
  test.each([1, 9])('takes band %d', (band) => {
    expect(RoutePriorities.band(band)).toEqual(rangeOfBand(band));
  });

  test.each([[0, 'between'], [10, 'between'], [-1, 'between'], [1.5, 'a whole number between']])('fails when the band is %d', (band, must) => {
    expect(() => RoutePriorities.band(band)).toThrow(new Error(
      `'band' must be ${must} 1 and 9, got ${band}; each app has a band of its own, and band 0 is of the app that owns the load balancer`,
    ));
  });

  test('fails when the band is a token', () => {
    const token = Token.asNumber({ Ref: 'Band' });
    expect(() => RoutePriorities.band(token)).toThrow(new Error(
      "'band' must be known at synthesis: the priorities of rules are worked out from it; pass a plain number",
    ));
  });
});
