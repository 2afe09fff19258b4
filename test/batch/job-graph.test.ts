import { LARGE_GRAPHS } from './large-graphs';
import { compileGraph, GraphNode } from '../../src/batch/graph/job-graph';

/** `A;B|C;D` for A, then B beside C, then D. */
function text(node: GraphNode): string {
  if (node.kind === 'job') return node.id;
  return `(${node.children.map(text).join(node.kind === 'series' ? ' ; ' : ' | ')})`;
}

function compile(edges: Record<string, string[]>) {
  const { root, added } = compileGraph(Object.entries(edges).map(([id, after]) => ({ id, after })));
  return { tree: text(root), added: added.map((edge) => `${edge.earlier} -> ${edge.later}`) };
}

describe('compileGraph', () => {
  describe('series-parallel graphs', () => {
    test.each([
      ['one job', { A: [] }, 'A'],
      ['a chain', { A: [], B: ['A'], C: ['B'] }, '(A ; B ; C)'],
      ['jobs without edges', { A: [], B: [], C: [] }, '(A | B | C)'],
      ['a diamond', { A: [], B: ['A'], C: ['A'], D: ['B', 'C'] }, '(A ; (B | C) ; D)'],
      ['branches of several jobs', { A: [], B: ['A'], C: ['B'], D: ['A'], E: ['C', 'D'] }, '(A ; ((B ; C) | D) ; E)'],
      ['an edge that follows from others', { A: [], B: ['A'], C: ['A', 'B'] }, '(A ; B ; C)'],
      ['two complete layers', { A: [], B: [], C: ['A', 'B'], D: ['A', 'B'] }, '((A | B) ; (C | D))'],
      ['a parallel within a parallel', { A: [], B: ['A'], C: ['B'], D: ['B'], E: ['A'] }, '(A ; ((B ; (C | D)) | E))'],
    ])('%s', (_, edges, tree) => {
      expect(compile(edges as unknown as Record<string, string[]>)).toEqual({ tree, added: [] });
    });

    test('lists branches in the order of declaration', () => {
      expect(compile({ Z: [], M: [], A: [] }).tree).toBe('(Z | M | A)');
    });

    test('of no job is empty', () => {
      expect(compileGraph([])).toEqual({ root: { kind: 'series', children: [] }, added: [], steps: 0 });
    });
  });

  describe('other graphs', () => {
    test('an N gets one edge, and keeps its longest chain of two', () => {
      expect(compile({ A: [], B: [], C: ['A', 'B'], D: ['B'] })).toEqual({ tree: '((A | B) ; (C | D))', added: ['A -> D'] });
    });

    test('only the part that holds an N pays for it', () => {
      const { tree, added } = compile({ A: [], B: [], C: ['A', 'B'], D: ['B'], Z: ['C', 'D'], Beside: [] });
      expect(tree).toBe('(((A | B) ; (C | D) ; Z) | Beside)');
      expect(added).toEqual(['A -> D']);
    });

    test('a zigzag of more jobs than are searched exhaustively gets one barrier', () => {
      const { tree, added } = compile({ A: [], B: [], C: [], D: [], E: [], V: ['A', 'B'], W: ['B', 'C'], X: ['C', 'D'], Y: ['D', 'E'] });
      expect(tree).toBe('((A | B | C | D | E) ; (V | W | X | Y))');
      expect(added).toHaveLength(12);
    });
  });

  describe('graphs of 200 jobs', () => {
    /** Time is what bench/graph.mjs prints; steps are the same on each machine. A step looks at all jobs of the part that is searched. */
    test.each([['seriesParallel', 0], ['layered', 18_000], ['tangled', 18_000], ['zigzag', 500]])('%s: the search ends within %d steps', (name, most) => {
      expect(compileGraph(LARGE_GRAPHS[name]).steps).toBeLessThanOrEqual(most);
    });

    test('the denser ones: the search ends within 40,000 steps', () => {
      const after = (later: number, every: number) => Array.from({ length: later }, (_, index) => index)
        .filter((index) => (index * 31 + later * 17) % every === 0);
      const steps = [3, 6, 12, 25, 50].map((every) => compileGraph(
        Array.from({ length: 200 }, (_, index) => ({ id: `Job${index}`, after: after(index, every).map((earlier) => `Job${earlier}`) })),
      ).steps);
      expect(Math.max(...steps)).toBeLessThanOrEqual(40_000);
      expect(Math.max(...steps)).toBeGreaterThan(1000);
    });
  });

  describe('graphs that are none', () => {
    test('fails when jobs wait for each other', () => {
      expect(() => compile({ A: [], B: ['A', 'D'], C: ['B'], D: ['C'] }))
        .toThrow(new Error("'after' must not lead back to the job itself, got B -> C -> D -> B; remove one of these edges"));
    });

    test('fails when a job waits for itself', () => {
      expect(() => compile({ A: ['A'] })).toThrow(new Error("'after' must not lead back to the job itself, got A -> A; remove one of these edges"));
    });

    test('fails when an id is used twice', () => {
      expect(() => compileGraph([{ id: 'A', after: [] }, { id: 'A', after: [] }]))
        .toThrow(new Error("'id' must be unique among the jobs of a graph, got \"A\" twice; rename one of them"));
    });

    test('fails when an edge leads nowhere', () => {
      expect(() => compile({ A: ['B'] }))
        .toThrow(new Error("'after' of \"A\" must name jobs of the same graph, got \"B\"; add that job or drop the edge"));
    });
  });
});
