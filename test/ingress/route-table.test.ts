import * as fc from 'fast-check';
import { OwnedRoute, priorityOf } from '../../src/ingress/route-priority';
import { RouteRequest, RouteTable } from '../../src/ingress/route-table';

const route = (owner: string, paths: string[], hosts: string[] = []): RouteRequest => ({ hosts, paths, owner });

/** The numbers that a table gives, or undefined if it refuses one of the routes. */
function allocate(routes: RouteRequest[]): Map<RouteRequest, number> | undefined {
  const table = new RouteTable();
  const placed = new Map<RouteRequest, number>();
  for (const request of routes) {
    const answer = table.add(request);
    if ('problem' in answer) return undefined;
    placed.set(request, answer.priority);
  }
  return placed;
}

function refusal(...routes: RouteRequest[]): string | undefined {
  const table = new RouteTable();
  const answers = routes.map((request) => table.add(request));
  return answers.map((answer) => 'problem' in answer ? answer.problem : undefined).find((problem) => problem !== undefined);
}

describe('RouteTable', () => {
  test.each([
    ['one path of several', route('Stack/A', ['/a', '/b']), route('Stack/B', ['/c', '/b']), 'path /b'],
    ['one host of several', route('Stack/A', [], ['a.b', 'c.d']), route('Stack/B', [], ['C.D']), 'host c.d'],
    ['a pair of host and path', route('Stack/A', ['/a'], ['a.b']), route('Stack/B', ['/a', '/b'], ['x.y', 'a.b']), 'host a.b with path /a'],
    ["no path and '/*'", route('Stack/A', []), route('Stack/B', ['/*']), 'every request'],
  ])('fails when two routes claim %s', (_, first, second, pair) => {
    expect(refusal(first, second)).toBe(`'routes' of Stack/A and Stack/B ask for the same requests (${pair}); give them different paths or hosts`);
  });

  test('lets one path serve two hosts, and one host two paths', () => {
    expect(refusal(route('A', ['/a'], ['a.b']), route('B', ['/a'], ['c.d']), route('C', ['/a']), route('D', ['/b'], ['a.b']))).toBeUndefined();
  });

  test('fails when two routes have one priority, and names a free one of the same band', () => {
    const second = route('Stack/B', ['/bbbb/*'], ['x.example.com']);
    const first = { ...route('Stack/A', ['/aaaa/*']), priority: priorityOf(second) };
    const problem = refusal(first, second)!;
    const free = Number(/priority: (\d+)/.exec(problem)![1]);
    expect(problem).toBe(`'routes' of Stack/A (paths /aaaa/*) and Stack/B (hosts x.example.com with paths /bbbb/*) both have priority ${priorityOf(second)}; `
      + `write 'priority: ${free}' on the latter, it is free and keeps the order`);
    expect(refusal(first, { ...second, priority: free })).toBeUndefined();
  });

  describe('overlapping routes whose lengths share a bucket', () => {
    /** Owners are tried until the hashes of the two fall in the wrong order. */
    const misplaced = (longer: string[], shorter: string[], hosts: string[][] = [[], []]) => {
      for (let attempt = 0; attempt < 100; attempt++) {
        const pair = [route(`Stack/Long${attempt}`, longer, hosts[0]), route('Stack/Short', shorter, hosts[1])];
        if (priorityOf(pair[0]) > priorityOf(pair[1])) return pair;
      }
      throw new Error('the two never fall in the wrong order');
    };

    test('fails when the numbers have the wrong order, and names one that has the right one', () => {
      const [long, short] = misplaced(['/orders*'], ['/order*']);
      const problem = refusal(short, long)!;
      const free = Number(/priority: (\d+)/.exec(problem)![1]);
      expect(problem).toBe(`'routes' of Stack/Short (paths /order*) and ${long.owner} (paths /orders*) overlap, and the priorities worked out for them, `
        + `${priorityOf(short)} and ${priorityOf(long)}, would give the less specific one what both match; `
        + `write 'priority: ${free}' on the latter, it is free and gives the right order`);
      expect(free).toBeLessThan(priorityOf(short));
      expect(refusal(short, { ...long, priority: free })).toBeUndefined();
    });

    test.each([
      ['the less specific comes later', ['/orders*'], ['/order*'], [[], []]],
      ['wildcard hosts overlap', [], [], [['*.b.c.ex.com'], ['*.c.ex.com']]],
      ['the fixed parts are equal, and the rest is not', ['/a/*.png'], ['/a/*'], [[], []]],
      ['a value of a less specific rule overlaps', ['/orders*'], ['/ordersx/y*', '/abcde*'], [[], []]],
    ])('fails when %s', (_, longer, shorter, hosts) => {
      const [long, short] = misplaced(longer, shorter, hosts);
      const problem = refusal(long, short)!;
      expect(problem).toContain('overlap, and the priorities worked out for them');
      const free = Number(/priority: (\d+)/.exec(problem)![1]);
      expect(free).toBeGreaterThan(priorityOf(long));
      expect(refusal(long, { ...short, priority: free })).toBeUndefined();
    });

    test.each([
      ['paths have nothing in common', ['/orders*'], ['/users*'], [[], []]],
      ['paths end differently', ['/abcd*x'], ['/abc*y'], [[], []]],
      ['hosts have nothing in common', ['/orders*'], ['/order*'], [['a.b'], ['c.d']]],
    ])('are none when %s', (_, longer, shorter, hosts) => {
      expect(refusal(...misplaced(longer, shorter, hosts))).toBeUndefined();
    });

    test('fails without a number when none is free between', () => {
      const [long, short] = misplaced(['/orders*'], ['/order*']);
      const problem = refusal({ ...short, priority: 1 }, { ...long, priority: 1 });
      expect(problem).toContain("no number is free that would keep the order; write a 'priority' on both");
    });

    test('pass when a priority is written down: the user wants it so', () => {
      const [long, short] = misplaced(['/orders*'], ['/order*']);
      expect(refusal({ ...short, priority: 1 }, long)).toBeUndefined();
    });
  });

  test('fails when a listener would have more than 100 rules', () => {
    const table = new RouteTable();
    for (let index = 1; index <= 100; index++) {
      expect(table.add({ ...route('Stack/A', [`/${index}`]), priority: index })).toEqual({ priority: index });
    }
    expect(table.add({ ...route('Stack/B', ['/one-more']), priority: 101 })).toEqual({
      problem: "'routes' of all services on one load balancer must be 100 together at most, and Stack/B asks for one more; "
        + 'put it into another cluster, whose ingress has a load balancer of its own',
    });
  });
});

/** What AWS does, written anew for these tests: `*` any characters, `?` one, hosts without regard to case. */
function matches(drawn: OwnedRoute, host: string, path: string): boolean {
  const asExpression = (pattern: string) => new RegExp(`^${pattern.replace(/[.$+]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`);
  return (drawn.hosts.length === 0 || drawn.hosts.some((pattern) => asExpression(pattern.toLowerCase()).test(host.toLowerCase())))
    && (drawn.paths.length === 0 || drawn.paths.some((pattern) => asExpression(pattern).test(path)));
}

/** How specific a rule is by the documented order, as one number, written anew: the host decides before the path. */
function specificity(drawn: OwnedRoute): number {
  const score = (value: string, fixed: number) => /[*?]/.test(value) ? 1 + fixed : 500;
  const host = drawn.hosts.length === 0 ? 0 : Math.min(...drawn.hosts.map((value) => score(value, /[^*?]*$/.exec(value)![0].length)));
  const paths = drawn.paths.length === 0 ? ['/*'] : drawn.paths;
  const path = Math.min(...paths.map((value) => value === '/*' ? 0 : score(value, /^[^*?]*/.exec(value)![0].length)));
  return host * 1000 + path;
}

describe('any set of routes', () => {
  const segment = fc.constantFrom('a', 'ab', 'abc', 'b');
  const fixed = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
  const pattern = fc.tuple(fixed, fc.constantFrom('', '', '*', '/*', '?', '/*/b', '*c')).map((parts) => parts.join(''));
  const path = fc.oneof({ weight: 9, arbitrary: pattern }, { weight: 1, arbitrary: fc.constantFrom('/*', '/?') });
  const host = fc.constantFrom('a.example.com', 'B.example.com', '*.example.com', '*.eu.example.com', '?.example.com', 'x.eu.example.com');
  const drawn = fc.record({
    owner: fc.constantFrom('S/A', 'S/B', 'S/C', 'S/D'),
    paths: fc.array(path, { maxLength: 2 }),
    hosts: fc.oneof({ weight: 2, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: fc.array<string>(host, { maxLength: 2 }) }),
  });
  const sets = fc.array(drawn, { minLength: 2, maxLength: 6 });
  const requests = fc.array(fc.tuple(
    fc.constantFrom('a.example.com', 'b.example.com', 'x.eu.example.com', 'other.org'),
    fc.oneof(fixed, pattern.map((value) => value.replace(/[*?]/g, 'c')), fc.constant('/')),
  ), { minLength: 20, maxLength: 20 });

  test('gives the first matching rule by priority to no request that a more specific rule matches', () => {
    let accepted = 0;
    fc.assert(fc.property(sets, requests, (routes, asked) => {
      const placed = allocate(routes);
      fc.pre(placed !== undefined);
      accepted++;
      for (const [askedHost, askedPath] of asked) {
        const matching = routes.filter((candidate) => matches(candidate, askedHost, askedPath));
        const [first, ...rest] = matching.sort((a, b) => placed!.get(a)! - placed!.get(b)!);
        for (const other of rest) expect(specificity(first)).toBeGreaterThanOrEqual(specificity(other));
      }
    }), { numRuns: 500 });
    expect(accepted).toBeGreaterThanOrEqual(500);
  });

  test('comes to the same numbers, or the same refusal, in any order of declaration', () => {
    const withShuffled = sets.chain((routes) => fc.tuple(fc.constant(routes), fc.shuffledSubarray(routes, { minLength: routes.length })));
    fc.assert(fc.property(withShuffled, ([routes, shuffled]) => {
      const [one, other] = [allocate(routes), allocate(shuffled)];
      expect(other === undefined).toBe(one === undefined);
      for (const each of routes) expect(other?.get(each)).toBe(one?.get(each));
    }), { numRuns: 300 });
  });

  test('keeps its numbers when one is added or removed', () => {
    fc.assert(fc.property(sets, drawn, (routes, added) => {
      const [before, after] = [allocate(routes), allocate([added, ...routes])];
      fc.pre(before !== undefined && after !== undefined);
      for (const each of routes) expect(after!.get(each)).toBe(before!.get(each));
    }), { numRuns: 300 });
  });

  test('of a hundred services is placed, a hundred prefixes among them', () => {
    const routes = Array.from({ length: 100 }, (_, index) => route(`Stack/Service${index}`, [`/team-${index % 10}/service-${index}/*`]));
    const table = new RouteTable();
    const answers = routes.map((each) => table.add(each));
    expect(answers.filter((answer) => 'priority' in answer).length).toBeGreaterThan(95);
  });
});
