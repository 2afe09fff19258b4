import { add, DrawnRoute, priorityOf, route } from './routes';
import { RouteTable } from '../../src/ingress/route-table';

function refusal(...routes: DrawnRoute[]): string | undefined {
  const table = new RouteTable();
  const answers = routes.map((drawn) => add(table, drawn));
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
    expect(problem).toBe(`'routes' of Stack/A (path /aaaa/*) and Stack/B (host x.example.com with path /bbbb/*) both have priority ${priorityOf(second)}; `
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
      expect(problem).toBe(`'routes' of Stack/Short (path /order*) and ${long.owner} (path /orders*) overlap, and the priorities worked out for them, `
        + `${priorityOf(short)} and ${priorityOf(long)}, would give the less specific one what both match; `
        + `write 'priority: ${free}' on the latter, it is free and gives the right order`);
      expect(free).toBeLessThan(priorityOf(short));
      expect(refusal(short, { ...long, priority: free })).toBeUndefined();
    });

    test.each([
      ['the less specific comes later', ['/orders*'], ['/order*'], [[], []]],
      ['wildcard hosts overlap', [], [], [['*.b.c.ex.com'], ['*.c.ex.com']]],
      ['the fixed parts are equal, and the rest is not', ['/a/*.png'], ['/a/*g'], [[], []]],
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
      const [long, short] = misplaced(['/orders*'], ['/order*x']);
      expect(refusal({ ...short, priority: 1 }, long)).toBeUndefined();
    });
  });

  test('fails when a listener would have more than 100 rules', () => {
    const table = new RouteTable();
    for (let index = 1; index <= 99; index++) {
      expect(add(table, { ...route('Stack/A', [`/${index}`]), priority: index })).toEqual({ priorities: [[index]], doubts: [] });
    }
    expect(table.add({ owner: 'Stack/B', priority: 100, parts: [{ conditions: { paths: ['/one-more'] }, rules: 2 }] })).toEqual({
      problem: "'routes' of all services on one load balancer must be 100 rules together at most, and Stack/B asks for number 101; "
        + 'put it into another cluster, whose ingress has a load balancer of its own',
    });
    expect(table.size).toBe(99);
  });

  describe('further conditions', () => {
    test('make two routes of one path different ones', () => {
      expect(refusal(
        { ...route('A', ['/a']), methods: ['GET', 'HEAD'] }, { ...route('B', ['/a']), methods: ['POST'] },
        { ...route('C', ['/a']), headers: { 'X-Beta': ['yes'] } }, route('D', ['/a']),
      )).toBeUndefined();
    });

    test.each<[string, Partial<DrawnRoute>, Partial<DrawnRoute>, string]>([
      ['a method of several', { methods: ['GET', 'HEAD'] }, { methods: ['GET'] }, 'path /a with method GET'],
      ['a header, whatever its case', { headers: { 'X-Beta': ['Yes'] } }, { headers: { 'x-beta': ['no', 'yes'] } }, 'path /a with header x-beta yes'],
      ['a query parameter', { query: { v: ['1', '2'] } }, { query: { v: ['2'] } }, 'path /a with query v 2'],
      ['a source', { sourceIps: ['10.0.0.0/8'] }, { sourceIps: ['10.0.0.0/8'] }, 'path /a with source 10.0.0.0/8'],
    ])('fails when two routes of one path claim %s', (_, one, other, both) => {
      expect(refusal({ ...route('A', ['/a']), ...one }, { ...route('B', ['/a']), ...other }))
        .toBe(`'routes' of A and B ask for the same requests (${both}); give them different paths or hosts`);
    });

    test('are named when a priority is taken', () => {
      const first = { ...route('A', ['/a', '/b']), headers: { 'X-Beta': ['yes'] }, methods: ['GET', 'HEAD'], priority: 9 };
      expect(refusal(first, { ...route('B', ['/c']), sourceIps: ['10.0.0.0/8'], priority: 9 }))
        .toContain("'routes' of A (paths /a, /b with methods GET, HEAD with header X-Beta yes) and B (path /c with source 10.0.0.0/8) both have priority 9; ");
    });
  });

  describe('written priorities', () => {
    const never = "; omit the written 'priority', or give the former a lower number than the latter";

    test.each<[string, DrawnRoute, DrawnRoute]>([
      ['a wildcard before an exact path', { ...route('A', ['/orders/*']), priority: 1 }, { ...route('B', ['/orders/new']), priority: 2 }],
      ['everything before one host', { ...route('A', []), priority: 1 }, route('B', [], ['a.b'])],
      ['a path before the same with a header', { ...route('A', ['/a']), priority: 1 }, { ...route('B', ['/a']), headers: { x: ['1'] } }],
      ['a wide range before a narrow one', { ...route('A', []), sourceIps: ['10.0.0.0/8'], priority: 1 }, { ...route('B', []), sourceIps: ['10.1.0.0/16'] }],
    ])('fails when %s leaves nothing to the later route, in any order of declaration', (_, first, second) => {
      const second2 = second.priority === undefined ? priorityOf(second) : second.priority;
      expect(second2).toBeGreaterThan(1);
      for (const problem of [refusal(first, second)!, refusal(second, first)!]) {
        expect(problem).toContain("'routes' of B (");
        expect(problem).toContain(') would never be reached: A (');
        expect(problem).toContain(') comes before it, with priority 1, and takes all its requests');
        expect(problem).toContain(never);
      }
    });

    test('may turn the order of routes that merely overlap', () => {
      expect(refusal({ ...route('A', ['/orders*']), priority: 2 }, { ...route('B', ['/*.png']), priority: 1 })).toBeUndefined();
      expect(refusal({ ...route('A', ['/orders/*']), priority: 2 }, { ...route('B', ['/orders/new']), priority: 1 })).toBeUndefined();
    });

    test('count on where a route takes several rules', () => {
      const table = new RouteTable();
      const parts = [{ conditions: { paths: ['/a/open'] }, rules: 1 }, { conditions: { paths: ['/a/*'] }, rules: 3 }];
      expect(table.add({ owner: 'A', priority: 7, parts })).toEqual({ priorities: [[7], [8, 9, 10]], doubts: [] });
      expect(add(table, { ...route('B', ['/b']), priority: 10 })).toEqual({ problem: expect.stringContaining('A (path /a/*) and B (path /b) both have priority 10') });
    });

    test('fail when they leave the range of the app', () => {
      const table = new RouteTable({ first: 1001, last: 4000 });
      expect(add(table, { ...route('A', ['/a']), priority: 7 })).toEqual({
        problem: "'priority' of a route of A must be between 1001 and 4000, the numbers of this app on the load balancer, got 7; omit it to have it worked out",
      });
      expect(table.add({ owner: 'A', priority: 3999, parts: [{ conditions: {}, rules: 3 }] })).toEqual({
        problem: "'priority' of a route of A must be between 1001 and 4000, the numbers of this app on the load balancer, got 3999, from which its rules "
          + 'take the numbers up to 4001; omit it to have it worked out',
      });
      expect(add(table, { ...route('A', ['/a']), priority: 4000 })).toEqual({ priorities: [[4000]], doubts: [] });
    });

    test('that only AWS knows pass, but not where a route takes several rules', () => {
      expect(add(new RouteTable(), { ...route('A', ['/a']), priority: -1e300 })).toEqual({ priorities: [[-1e300]], doubts: [] });
      expect(new RouteTable().add({ owner: 'A', priority: -1e300, parts: [{ conditions: {}, rules: 2 }] })).toEqual({
        problem: "'priority' of a route of A must be known at synthesis, because it takes 2 rules, which have the numbers from there on; "
          + 'pass a plain number or omit it to have it worked out',
      });
    });
  });

  test('places a hundred services, a hundred prefixes among them', () => {
    const table = new RouteTable();
    const answers = Array.from({ length: 100 }, (_, index) => add(table, route(`Stack/Service${index}`, [`/team-${index % 10}/service-${index}/*`])));
    expect(answers.filter((answer) => 'priorities' in answer).length).toBeGreaterThan(92);
  });
});
