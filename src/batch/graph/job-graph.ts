import { cheapestBarrier } from './barrier';
import { JobSet } from './job-set';
import { type GraphJob, PartialOrder } from './partial-order';

/** What runs one after the other, what runs side by side, and the jobs themselves. */
export type GraphNode = JobNode | GroupNode;

export interface JobNode {
  readonly kind: 'job';
  readonly id: string;
}

export interface GroupNode {
  readonly kind: 'series' | 'parallel';
  readonly children: GraphNode[];
}

/** An edge that nobody declared: `later` waits for `earlier` all the same. */
export interface AddedEdge {
  readonly earlier: string;
  readonly later: string;
}

export interface CompiledGraph {
  readonly root: GraphNode;
  /** Sorted by id. Empty for each series-parallel graph. */
  readonly added: AddedEdge[];
  /** What the search for barriers took: how many jobs it took in, over all of its attempts. None for a series-parallel graph. */
  readonly steps: number;
}

/**
 * Compiles jobs and the edges between them into nested series and parallels.
 *
 * A state machine has no other forms. A set of jobs of which some have nothing to do with the others is a parallel; a set that falls into stages, each
 * of which waits for all of the stage before, is a series. Whatever is neither holds an N: two pairs where one job waits for both and the other for one.
 * It can only run behind a barrier, so the cheapest is added. The result depends on the edges, not on the order of declaration, but for the order in
 * which the branches of a parallel are listed.
 *
 * @see https://doi.org/10.1137/0211023 Valdes, Tarjan, Lawler: The recognition of series parallel digraphs
 */
export function compileGraph(jobs: GraphJob[]): CompiledGraph {
  const order = PartialOrder.of(jobs);
  const effort = { steps: 0 };
  const root = jobs.length === 0 ? group('series', []) : decompose(order, order.jobs, effort);
  return { root: named(root, order), added: addedEdges(root, order), steps: effort.steps };
}

/** The same tree, with the jobs' numbers. */
type NumberedNode = number | { readonly kind: 'series' | 'parallel'; readonly children: NumberedNode[] };

function decompose(order: PartialOrder, jobs: number[], effort: { steps: number }): NumberedNode {
  if (jobs.length === 1) return jobs[0];

  const branches = components(order, jobs, true);
  if (branches.length > 1) {
    const position = (branch: number[]) => Math.min(...branch.map((job) => order.position(job)));
    branches.sort((a, b) => position(a) - position(b));
    return group('parallel', branches.map((branch) => decompose(order, branch, effort)));
  }

  const stages = components(order, jobs, false);
  if (stages.length > 1) {
    stages.sort((a, b) => (order.precedes(a[0], b[0]) ? -1 : 1));
    return group('series', stages.map((stage) => decompose(order, stage, effort)));
  }

  const barrier = cheapestBarrier(order, jobs);
  effort.steps += barrier.steps;
  return group('series', [decompose(order, barrier.before, effort), decompose(order, barrier.after, effort)]);
}

/** The sets of jobs that hang together: of which one comes before the other, or for `comparable` false, of which neither does. */
function components(order: PartialOrder, jobs: number[], comparable: boolean): number[][] {
  const found: number[][] = [];
  const rest = JobSet.of(jobs, order.size);
  for (const first of jobs) {
    if (!rest.has(first)) continue;
    rest.remove(first);
    const component = [first];
    for (const job of component) rest.move(order.comparableTo[job], comparable, component);
    found.push(component.sort((a, b) => a - b));
  }
  return found;
}

/** A series within a series is the same series, and so with parallels. */
function group(kind: 'series' | 'parallel', children: NumberedNode[]): NumberedNode {
  return {
    kind,
    children: children.flatMap((child) => (typeof child !== 'number' && child.kind === kind ? child.children : [child])),
  };
}

/**
 * The edges of the tree that do not follow from the declared ones. In a series, these lead from the ends of a child to the starts of the next.
 *
 * Jobs are numbered by their ids, so that edges in the order of these numbers are in the order of the ids.
 */
function addedEdges(node: NumberedNode, order: PartialOrder): AddedEdge[] {
  const added: number[] = [];
  const visit = (inner: NumberedNode): void => {
    if (typeof inner === 'number') return;
    inner.children.forEach(visit);
    if (inner.kind === 'parallel') return;
    inner.children.slice(1).forEach((child, index) => {
      const starts = edgeOf(child, 'start');
      for (const earlier of edgeOf(inner.children[index], 'end')) {
        for (const later of starts) if (!order.precedes(earlier, later)) added.push(earlier * order.size + later);
      }
    });
  };
  visit(node);
  const edges = Float64Array.from(added).sort();
  return Array.from(edges, (edge) => ({ earlier: order.id(Math.floor(edge / order.size)), later: order.id(edge % order.size) }));
}

/** The jobs that a part of the tree starts or ends with. */
function edgeOf(node: NumberedNode, side: 'start' | 'end'): number[] {
  if (typeof node === 'number') return [node];
  if (node.kind === 'parallel') return node.children.flatMap((child) => edgeOf(child, side));
  return edgeOf(node.children[side === 'start' ? 0 : node.children.length - 1], side);
}

function named(node: NumberedNode, order: PartialOrder): GraphNode {
  return typeof node === 'number'
    ? { kind: 'job', id: order.id(node) }
    : { kind: node.kind, children: node.children.map((child) => named(child, order)) };
}
