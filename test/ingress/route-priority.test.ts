import * as fc from 'fast-check';
import { compare, DrawnRoute, priorityOf } from './routes';
import { keyOf, normalRoute } from '../../src/ingress/route-conditions';
import { freePriorityFor } from '../../src/ingress/route-priority';

const route = (paths: string[], hosts: string[] = []): DrawnRoute => ({ hosts, paths, owner: 'Stack/Service' });

describe('priority of a route', () => {
  test.each([
    ['an exact host before a wildcard host', route(['/a'], ['a.example.com']), route(['/abcdef'], ['*.example.com'])],
    ['a wildcard host before any host', route([], ['*.example.com']), route(['/abcdef/ghi'])],
    ['the longer of two wildcard hosts', route([], ['*.eu.example.com']), route(['/abcdef'], ['*.example.com'])],
    ['a longer prefix before a shorter one', route(['/orders/archive/*']), route(['/orders/*'])],
    ['a prefix within a segment before the segment', route(['/orders/arch*']), route(['/orders/*'])],
    ['an exact path before a prefix of its length', route(['/orders']), route(['/orders*'])],
    ['a path before none', route(['/*.png']), route([])],
    ['the least specific of several paths counts', route(['/orders']), route(['/orders/archive', '/*'])],
    ['the least specific of several hosts counts', route([], ['a.example.com']), route([], ['b.example.com', '*.example.com'])],
  ])('%s', (_, first, second) => {
    expect(compare(first, second)).toBeLessThan(0);
    expect(compare(second, first)).toBeGreaterThan(0);
    expect(priorityOf(first)).toBeLessThan(priorityOf(second));
  });

  test.each([
    ["'/*' and no path", route(['/*']), route([])],
    ['a doubled wildcard and a single one', route(['/a/**']), route(['/a/*'])],
    ['a value written twice and once', route(['/a', '/a']), route(['/a'])],
    ['upper and lower case of a host', route([], ['A.example.com']), route([], ['a.example.com'])],
  ])('is the same for %s', (_, one, other) => {
    expect(keyOf(normalRoute(one))).toBe(keyOf(normalRoute(other)));
    expect(priorityOf(one)).toBe(priorityOf(other));
    expect(compare(one, other)).toBe(0);
  });

  test('depends on the owner, so that the rule of a renamed service does not want the number of the old one', () => {
    const names = Array.from({ length: 20 }, (_, index) => `Stack/Service${index}`);
    expect(new Set(names.map((owner) => priorityOf({ ...route(['/orders/*']), owner }))).size).toBe(20);
  });

  const path = fc.array(fc.constantFrom('a', 'b', '-', '/', '*', '1'), { minLength: 0, maxLength: 127 }).map((chars) => `/${chars.join('')}`);
  const host = fc.constantFrom('a.example.com', 'b.example.com', '*.example.com', '*.a.very.long.name.of.a.host.example.com', '*.*');
  const routes = fc.record({ paths: fc.array(path, { maxLength: 3 }), hosts: fc.array(host, { maxLength: 2 }), owner: fc.constantFrom('A', 'B') });

  test('is legal and never among those that users write down', () => {
    fc.assert(fc.property(routes, (drawn) => {
      expect(priorityOf(drawn)).toBeGreaterThan(5000);
      expect(priorityOf(drawn)).toBeLessThanOrEqual(50000);
    }));
  });

  test.each([[1, 1000], [5001, 6000], [20000, 29999], [1, 50000]])('falls into the range %s to %s of another app, and keeps the order', (first, last) => {
    fc.assert(fc.property(routes, routes, (one, other) => {
      const [a, b] = [priorityOf(one, { first, last }), priorityOf(other, { first, last })];
      expect(a).toBeGreaterThanOrEqual(first);
      expect(a).toBeLessThanOrEqual(last);
      expect(b).toBeGreaterThanOrEqual(first);
      const [wide, wider] = [priorityOf(one), priorityOf(other)];
      if (Math.abs(wide - wider) > 8000) expect(Math.sign(a - b)).toBe(Math.sign(wide - wider));
    }));
  });

  test('does not depend on the order of values', () => {
    fc.assert(fc.property(routes, (drawn) => {
      const turned = { ...drawn, paths: [...drawn.paths].reverse(), hosts: [...drawn.hosts].reverse() };
      expect(priorityOf(turned)).toBe(priorityOf(drawn));
      expect(keyOf(normalRoute(turned))).toBe(keyOf(normalRoute(drawn)));
    }));
  });

  test('of the whole range is used: the last band ends within it', () => {
    expect(priorityOf(route([]))).toBeGreaterThan(49000);
  });
});

describe('free priority', () => {
  const orders = { route: normalRoute({ paths: ['/orders/*'] }), owner: 'Stack/Service', rules: 1 };
  const own = priorityOf(route(['/orders/*']));
  const anywhere = { after: 0, before: 50001, taken: new Set([own]) };

  test('is another number of the same band', () => {
    const free = freePriorityFor(orders, anywhere)!;
    expect(free).not.toBe(own);
    expect(Math.abs(free - own)).toBeLessThan(8000);
  });

  test('keeps to the bounds, even where they lie outside the band', () => {
    expect(freePriorityFor(orders, { ...anywhere, after: own, before: own + 2 })).toBe(own + 1);
    expect(freePriorityFor(orders, { after: 7, before: 9, taken: new Set() })).toBe(8);
    expect(freePriorityFor(orders, { after: 7, before: 9, taken: new Set([8]) })).toBeUndefined();
  });

  test('begins as many free numbers in a row as there are rules', () => {
    expect(freePriorityFor({ ...orders, rules: 3 }, { after: 7, before: 20, taken: new Set([10, 13, 17]) })).toBe(14);
    expect(freePriorityFor({ ...orders, rules: 3 }, { after: 49997, before: 50001, taken: new Set([own]) })).toBe(49998);
    expect(freePriorityFor({ ...orders, rules: 4 }, { after: 49997, before: 50001, taken: new Set([own]) })).toBeUndefined();
  });

  test('lies within the range of an app that has one', () => {
    const range = { first: 20001, last: 30000 };
    expect(freePriorityFor(orders, anywhere, range)).toBeGreaterThan(20000);
    expect(freePriorityFor(orders, { ...anywhere, before: 20001 }, range)).toBeUndefined();
  });
});
