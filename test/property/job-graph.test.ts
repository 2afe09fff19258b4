import * as fc from 'fast-check';
import { compileGraph, GraphNode } from '../../src/batch/graph/job-graph';
import type { GraphJob } from '../../src/batch/graph/partial-order';

/** What is done before what when the tree is carried out: all pairs `earlier later`. */
function orderOf(root: GraphNode): Set<string> {
  const pairs = new Set<string>();
  const visit = (node: GraphNode): string[] => {
    if (node.kind === 'job') return [node.id];
    const groups = node.children.map(visit);
    if (node.kind === 'series') {
      groups.forEach((earlier, index) => groups.slice(index + 1).flat().forEach((later) => earlier.forEach((job) => pairs.add(`${job} ${later}`))));
    }
    return groups.flat();
  };
  visit(root);
  return pairs;
}

/** What the declared edges imply: all pairs `earlier later`. */
function closureOf(jobs: GraphJob[]): Set<string> {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const known = new Map<string, Set<string>>();
  const ancestors = (id: string): Set<string> => {
    const found = known.get(id) ?? new Set(byId.get(id)!.after.flatMap((earlier) => [earlier, ...ancestors(earlier)]));
    known.set(id, found);
    return found;
  };
  return new Set(jobs.flatMap((job) => [...ancestors(job.id)].map((earlier) => `${earlier} ${job.id}`)));
}

function idsOf(node: GraphNode): string[] {
  return node.kind === 'job' ? [node.id] : node.children.flatMap(idsOf);
}

/** Numbers from 0 to below 1, the same for the same seed. Drawing thousands of them from fast-check would take most of the time. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) % 2_147_483_648;
    return Math.abs(state) / 2_147_483_648;
  };
}

function shuffled<T>(items: T[], draw: () => number): T[] {
  return items.map((item) => ({ item, at: draw() })).sort((a, b) => a.at - b.at).map(({ item }) => item);
}

/** Any acyclic graph: jobs in a random order of ids, edges from earlier to later ones, in a random order of declaration. */
const anyGraph = fc.record({
  size: fc.integer({ min: 1, max: 60 }),
  percent: fc.integer({ min: 0, max: 60 }),
  seed: fc.nat(),
}).map(({ size, percent, seed }) => {
  const draw = draws(seed);
  const names = shuffled(Array.from({ length: size }, (_, index) => `Job${index}`), draw);
  const jobs = names.map((id, later): GraphJob => ({ id, after: names.filter((_, earlier) => earlier < later && draw() * 100 < percent) }));
  return shuffled(jobs, draw);
});

/** A series-parallel graph, as a tree of which each leaf is a job. */
const anyTree = fc.letrec<{ tree: GraphNode; leaf: GraphNode; group: GraphNode }>((tie) => ({
  leaf: fc.constant<GraphNode>({ kind: 'job', id: '' }),
  group: fc.record({
    kind: fc.constantFrom('series' as const, 'parallel' as const),
    children: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }),
  }),
  tree: fc.oneof({ maxDepth: 3, depthSize: 'max', withCrossShrink: true }, { arbitrary: tie('leaf'), weight: 1 }, { arbitrary: tie('group'), weight: 4 }),
})).tree;

/** The jobs of a tree, each with edges from all ends of what stands before it. */
function graphOf(tree: GraphNode): GraphJob[] {
  const jobs: GraphJob[] = [];
  const visit = (node: GraphNode, after: string[]): string[] => {
    if (node.kind === 'job') {
      jobs.push({ id: `Job${jobs.length}`, after });
      return [jobs[jobs.length - 1].id];
    }
    return node.kind === 'series'
      ? node.children.reduce((ends, child) => visit(child, ends), after)
      : node.children.flatMap((child) => visit(child, after));
  };
  visit(tree, []);
  return jobs;
}

describe('compileGraph, whatever the graph', () => {
  test('every declared edge is respected', () => {
    fc.assert(fc.property(anyGraph, (jobs) => {
      const order = orderOf(compileGraph(jobs).root);
      expect(jobs.flatMap((job) => job.after.map((earlier) => `${earlier} ${job.id}`)).filter((edge) => !order.has(edge))).toEqual([]);
    }));
  });

  test('no job is lost or doubled', () => {
    fc.assert(fc.property(anyGraph, (jobs) => {
      expect(idsOf(compileGraph(jobs).root).sort()).toEqual(jobs.map((job) => job.id).sort());
    }));
  });

  test('no group stands in a group of its own kind, and none has a single child', () => {
    const check = (node: GraphNode): void => {
      if (node.kind === 'job') return;
      expect(node.children.length).toBeGreaterThan(1);
      expect(node.children.map((child) => child.kind)).not.toContain(node.kind);
      node.children.forEach(check);
    };
    fc.assert(fc.property(anyGraph, (jobs) => check(compileGraph(jobs).root)));
  });

  test('the listed edges and the declared ones together are the order of the tree, and no listed edge was declared', () => {
    fc.assert(fc.property(anyGraph, (jobs) => {
      const { root, added } = compileGraph(jobs);
      const declared = closureOf(jobs);
      expect(added.filter((edge) => declared.has(`${edge.earlier} ${edge.later}`))).toEqual([]);
      const addedTo = (id: string) => added.filter((edge) => edge.later === id).map((edge) => edge.earlier);
      const all = jobs.map((job) => ({ ...job, after: [...job.after, ...addedTo(job.id)] }));
      expect([...orderOf(root)].sort()).toEqual([...closureOf(all)].sort());
    }));
  });

  test('the order of declaration does not change what is added', () => {
    fc.assert(fc.property(anyGraph, fc.nat(), (jobs, seed) => {
      const [one, other] = [compileGraph(jobs), compileGraph(shuffled(jobs, draws(seed)))];
      expect(other.added).toEqual(one.added);
      expect([...orderOf(other.root)].sort()).toEqual([...orderOf(one.root)].sort());
    }));
  });
});

describe('compileGraph, for series-parallel graphs', () => {
  test('nothing is added, and only what was declared is ordered', () => {
    fc.assert(fc.property(anyTree, (tree) => {
      const jobs = graphOf(tree);
      const { root, added } = compileGraph(jobs);
      expect(added).toEqual([]);
      expect([...orderOf(root)].sort()).toEqual([...closureOf(jobs)].sort());
    }));
  });

  test('edges that follow from others change nothing', () => {
    fc.assert(fc.property(anyTree, (tree) => {
      const jobs = graphOf(tree);
      const closure = closureOf(jobs);
      const closed = jobs.map((job) => ({ id: job.id, after: jobs.map(({ id }) => id).filter((id) => closure.has(`${id} ${job.id}`)) }));
      expect(compileGraph(closed)).toEqual(compileGraph(jobs));
    }));
  });
});
