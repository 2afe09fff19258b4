import * as fc from 'fast-check';
import { canonical, patternCovers, patternsMeet } from '../../src/ingress/patterns';
import { pathSpecificity } from '../../src/ingress/route-specificity';
import { RouteTable } from '../../src/ingress/route-table';
import { add, DrawnRoute } from '../ingress/routes';

/** The numbers that a table gives, or undefined if it refuses one of the routes. */
function allocate(routes: DrawnRoute[]): Map<DrawnRoute, number> | undefined {
  const table = new RouteTable();
  const placed = new Map<DrawnRoute, number>();
  for (const drawn of routes) {
    const answer = add(table, drawn);
    if ('problem' in answer) return undefined;
    placed.set(drawn, answer.priorities[0][0]);
  }
  return placed;
}

/** What AWS does, written anew for these tests: `*` any characters, `?` one. */
function fits(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replace(/[.$+]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(text);
}

interface Request {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly query: Record<string, string>;
  readonly address: string;
}

function reaches(drawn: DrawnRoute, request: Request): boolean {
  const oneOf = (patterns: string[] | undefined, text: string) => (patterns ?? []).length === 0 || patterns!.some((pattern) => fits(pattern, text));
  return oneOf(drawn.hosts?.map((host) => host.toLowerCase()), request.host)
    && oneOf(drawn.paths, request.path)
    && oneOf(drawn.methods, request.method)
    && Object.entries(drawn.headers ?? {}).every(([name, values]) => oneOf(values, request.headers[name] ?? '<none>'))
    && Object.entries(drawn.query ?? {}).every(([key, values]) => oneOf(values, request.query[key] ?? '<none>'))
    && (drawn.sourceIps === undefined || drawn.sourceIps.some((range) => request.address.startsWith(range.replace(/(\.0)+\/.*/, '.'))));
}

/** How specific a rule is by the order that docs/ingress.md explains, written anew: hosts, then paths, then the number of other conditions. */
function rank(drawn: DrawnRoute): number[] {
  const score = (value: string, fixed: string) => {
    if (!/[*?]/.test(value)) return [2, 0, 0, 0, 0];
    const count = (wanted: RegExp) => [...value].filter((letter) => wanted.test(letter)).length;
    return [1, fixed.length, count(/[^*?]/), count(/\?/), -count(/\*/)];
  };
  const lowest = (scores: number[][]) => scores.sort(compareRanks)[scores.length - 1];
  const hosts = drawn.hosts?.length ? drawn.hosts.map((host) => score(host, /[^*?]*$/.exec(host)![0])) : [[0, 0, 0, 0, 0]];
  const paths = (drawn.paths?.length ? drawn.paths : ['/*'])
    .map((path) => path === '/*' ? [0, 0, 0, 0, 0] : score(path, /^[^*?]*/.exec(path)![0]));
  const named = Object.keys({ ...drawn.headers, ...drawn.query });
  const others = named.length + (drawn.methods ? 1 : 0) + (drawn.sourceIps ? 1 : 0);
  return [...lowest(hosts), ...lowest(paths), others];
}

/** Negative if the first is the more specific. */
function compareRanks(one: number[], other: number[]): number {
  for (const [index, value] of one.entries()) {
    if (value !== other[index]) return other[index] - value;
  }
  return 0;
}

const segment = fc.constantFrom('a', 'ab', 'abc', 'b');
const fixedPath = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
const pathPattern = fc.tuple(fixedPath, fc.constantFrom('', '', '*', '/*', '?', '/*/b', '*c')).map((parts) => parts.join(''));
const path = fc.oneof({ weight: 9, arbitrary: pathPattern }, { weight: 1, arbitrary: fc.constantFrom('/*', '/?') });
const host = fc.constantFrom('a.example.com', 'B.example.com', '*.example.com', '*.eu.example.com', '?.example.com', 'x.eu.example.com');
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });

const drawnRoute: fc.Arbitrary<DrawnRoute> = fc.record({
  owner: fc.constantFrom('S/A', 'S/B', 'S/C', 'S/D'),
  paths: fc.array(path, { maxLength: 2 }),
  hosts: fc.oneof({ weight: 2, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: fc.array<string>(host, { maxLength: 2 }) }),
  methods: sometimes(fc.constantFrom(['GET', 'HEAD'], ['POST'], ['GET'])),
  headers: sometimes(fc.constantFrom<Record<string, string[]>>({ beta: ['yes'] }, { beta: ['y*'] }, { beta: ['no', 'none'], agent: ['*bot*'] })),
  query: seldom(fc.constantFrom<Record<string, string[]>>({ v: ['1'] }, { v: ['?'] }, { v: ['2'], debug: ['*'] })),
  sourceIps: seldom(fc.constantFrom(['10.0.0.0/8'], ['10.1.0.0/16', '192.168.0.0/16'])),
});
const sets = fc.array(drawnRoute, { minLength: 2, maxLength: 6 });

const request: fc.Arbitrary<Request> = fc.record({
  host: fc.constantFrom('a.example.com', 'b.example.com', 'x.eu.example.com', 'other.org'),
  path: fc.oneof(fixedPath, pathPattern.map((value) => value.replace(/[*?]/g, 'c')), fc.constant('/')),
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT'),
  headers: fc.constantFrom<Record<string, string>>({}, { beta: 'yes' }, { beta: 'no', agent: 'a bot' }),
  query: fc.constantFrom<Record<string, string>>({}, { v: '1' }, { v: '2', debug: 'on' }),
  address: fc.constantFrom('10.1.2.3', '10.9.9.9', '192.168.1.1', '203.0.113.7'),
});
/** Requests by chance, and for each some that differ from it in little, so that several rules match. */
const requests = fc.array(request, { minLength: 30, maxLength: 30 });

describe('any set of routes', () => {
  test('gives the first matching rule by priority to no request that a more specific rule matches', () => {
    let [accepted, contested] = [0, 0];
    fc.assert(fc.property(sets, requests, (routes, asked) => {
      const placed = allocate(routes);
      fc.pre(placed !== undefined);
      accepted++;
      for (const each of asked) {
        const [first, ...rest] = routes.filter((candidate) => reaches(candidate, each)).sort((a, b) => placed!.get(a)! - placed!.get(b)!);
        if (rest.length > 0) contested++;
        for (const other of rest) expect(compareRanks(rank(first), rank(other))).toBeLessThanOrEqual(0);
      }
    }), { numRuns: 1000 });
    expect(accepted).toBeGreaterThanOrEqual(1000);
    expect(contested).toBeGreaterThan(1000); // else the property would say little
  });

  test('comes to the same numbers, or the same refusal, in any order of declaration', () => {
    const withShuffled = sets.chain((routes) => fc.tuple(fc.constant(routes), fc.shuffledSubarray(routes, { minLength: routes.length })));
    fc.assert(fc.property(withShuffled, ([routes, shuffled]) => {
      const [one, other] = [allocate(routes), allocate(shuffled)];
      expect(other === undefined).toBe(one === undefined);
      for (const each of routes) expect(other?.get(each)).toBe(one?.get(each));
    }), { numRuns: 500 });
  });

  test('keeps its numbers when one is added or removed', () => {
    fc.assert(fc.property(sets, drawnRoute, (routes, added) => {
      const [before, after] = [allocate(routes), allocate([added, ...routes])];
      fc.pre(before !== undefined && after !== undefined);
      for (const each of routes) expect(after!.get(each)).toBe(before!.get(each));
    }), { numRuns: 500 });
  });

  test('of which one would never be reached is refused: each accepted rule has a request that an earlier one leaves to it', () => {
    fc.assert(fc.property(fc.array(drawnRoute, { minLength: 2, maxLength: 3 }), (routes) => {
      const written = routes.map((drawn, index) => ({ ...drawn, priority: index + 1 }));
      fc.pre(allocate(written) !== undefined);
      for (const [index, later] of written.entries()) {
        for (const earlier of written.slice(0, index)) {
          expect(requestsOf(later).filter((each) => reaches(later, each) && !reaches(earlier, each))).not.toEqual([]);
        }
      }
    }), { numRuns: 500 });
  });
});

/** Requests that a route asks for, with nothing in them that it does not ask for: in place of wildcards nothing, or something that no rule names. */
function requestsOf(drawn: DrawnRoute): Request[] {
  const texts = (patterns: string[] | undefined, none: string) => (patterns?.length ? patterns : [none])
    .flatMap((pattern) => ['', 'zzzzzzz'].map((filling) => pattern.toLowerCase().replace(/\?/g, 'z').replace(/\*/g, filling)));
  const named = (asked: Record<string, string[]> | undefined) => Object.entries(asked ?? {}).reduce<Record<string, string>[]>(
    (all, [name, values]) => all.flatMap((each) => texts(values, '').map((value) => ({ ...each, [name]: value }))), [{}]);
  return texts(drawn.hosts, 'other.org').flatMap((askedHost) => texts(drawn.paths, '/other').flatMap((askedPath) =>
    (drawn.methods ?? ['PUT']).flatMap((method) => named(drawn.headers).flatMap((headers) => named(drawn.query).flatMap((query) =>
      (drawn.sourceIps ?? ['203.0.113.0/24']).flatMap((range) => ['10.9.9.9', '10.1.2.3', '192.168.1.1', '203.0.113.7']
        .map((address) => ({ host: askedHost, path: askedPath, method, headers, query, address, range }))))))));
}

describe('two patterns', () => {
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '?'), { minLength: 1, maxLength: 4 }).map((letters) => letters.join(''));
  /** All texts of up to six letters; `z` stands for all that patterns do not name. */
  const TEXTS = Array.from({ length: 7 }, (_, length) => length)
    .flatMap((length) => Array.from({ length: 3 ** length }, (_, number) => number.toString(3).padStart(length, '0').slice(0, length).replace(/\d/g, (digit) => 'abz'[Number(digit)])));

  test('cover and meet as all short texts say', () => {
    fc.assert(fc.property(pattern, pattern, (one, other) => {
      const [general, special] = [canonical(one), canonical(other)];
      const matched = TEXTS.filter((text) => fits(special, text));
      expect([general, special, patternCovers(general, special)]).toEqual([general, special, matched.every((text) => fits(general, text))]);
      expect([general, special, patternsMeet(general, special)]).toEqual([general, special, matched.some((text) => fits(general, text))]);
    }), { numRuns: 2000 });
  });

  test('have one form if and only if they match the same', () => {
    fc.assert(fc.property(pattern, pattern, (one, other) => {
      const [a, b] = [canonical(one), canonical(other)];
      expect(a === b).toBe(patternCovers(a, b) && patternCovers(b, a));
    }), { numRuns: 2000 });
  });

  test('of which one covers the other are in the order of specificity', () => {
    let covering = 0;
    fc.assert(fc.property(pattern, pattern, (one, other) => {
      const [general, special] = [`/${canonical(one)}`, `/${canonical(other)}`];
      fc.pre(general !== special && patternCovers(general, special));
      covering++;
      expect(compareRanks([...pathSpecificity(special)], [...pathSpecificity(general)])).toBeLessThan(0);
    }), { numRuns: 1000 });
    expect(covering).toBeGreaterThanOrEqual(1000);
  });
});
