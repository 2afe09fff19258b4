import * as fc from 'fast-check';
import { conditionsOf, RouteConditions } from '../../src/ingress/route-conditions';
import { rulesOf } from '../../src/ingress/route-rules';

const many = (letter: string, count: number) => Array.from({ length: count }, (_, index) => `${letter}${index}`);

/** How many rules, and how many values of each kind they have. */
function shapeOf(route: RouteConditions): number[][] | undefined {
  return rulesOf(route)?.map((rule) => conditionsOf(rule).map(({ values }) => values.length));
}

describe('rules of a route', () => {
  test.each<[string, RouteConditions, number[][]]>([
    ['five values', { paths: many('/a', 5) }, [[5]]],
    ['no value', {}, [[]]],
    ['six values of one kind', { paths: many('/a', 6) }, [[5], [1]]],
    ['twelve values of one kind', { hosts: many('a.b', 12) }, [[5], [5], [2]]],
    ['four hosts and two paths: each host with each path', { hosts: many('a.b', 4), paths: many('/a', 2) }, [[2, 2], [2, 2]]],
    ['six paths, one method and a header', { paths: many('/a', 6), methods: ['GET'], headers: { x: ['1'] } }, [[3, 1, 1], [3, 1, 1]]],
    ['values with many wildcards', { paths: ['/*/*/a', '/*/*/b', '/*/*/c'] }, [[2], [1]]],
    ['five wildcards in a value, and another value', { paths: ['/*/*/*/*/*', '/a'] }, [[2]]],
  ])('%s', (_, route, shape) => {
    expect(shapeOf(route)).toEqual(shape);
  });

  test('are none where one value of each kind is too much', () => {
    expect(rulesOf({ paths: ['/a'], headers: { a: ['1'], b: ['1'], c: ['1'], d: ['1'], e: ['1'] } })).toBeUndefined();
    expect(rulesOf({ paths: ['/*/*/*/*/*/*'] })).toBeUndefined();
    expect(rulesOf({ paths: ['/*/*/*'], hosts: ['*.*.*'] })).toBeUndefined();
  });

  test('stay as they are when a value is added at the end', () => {
    const [before, after] = [rulesOf({ paths: many('/a', 10) })!, rulesOf({ paths: many('/a', 11) })!];
    expect(after.slice(0, 2)).toEqual(before);
  });

  test('keep to the bounds, and ask for each combination of values exactly once', () => {
    const values = (letter: string, wildcard: string) => fc.uniqueArray(
      fc.tuple(fc.integer({ min: 1, max: 30 }), fc.boolean()).map(([index, wild]) => `${letter}${index}${wild ? wildcard : ''}`), { maxLength: 7 });
    fc.assert(fc.property(values('a.b', '*'), values('/a', '?*'), values('v', '*'), (hosts, paths, version) => {
      const rules = rulesOf({ hosts, paths, query: { version } })!;
      const some = (list: string[] = []) => list.length > 0 ? list : [''];
      const combinations = rules.flatMap((rule) => some(rule.hosts).flatMap((host) => some(rule.paths).flatMap((path) =>
        some(rule.query?.version).map((value) => [host, path, value].join(' ')))));
      expect(combinations.length).toBe(Math.max(hosts.length, 1) * Math.max(paths.length, 1) * Math.max(version.length, 1));
      expect(new Set(combinations).size).toBe(combinations.length);
      for (const rule of rules) {
        const all = conditionsOf(rule).flatMap((condition) => condition.values);
        expect(all.length).toBeLessThanOrEqual(5);
        expect(all.join('').replace(/[^*?]/g, '').length).toBeLessThanOrEqual(5);
      }
    }), { numRuns: 200 });
  });
});
