import {
  ANY_HOST, ANY_PATH, compareSpecificity, freePriorityFor, hostsOf, OWN_RANGE, OwnedRoute, pathsOf, priorityOf, PriorityRange, RouteConditions,
} from './route-priority';

/** A route that asks for a place on a listener. */
export interface RouteRequest extends OwnedRoute {
  /** A priority that the user wrote down. */
  readonly priority?: number;
}

/** A route in its place. */
interface PlacedRoute {
  readonly request: RouteRequest;
  readonly priority: number;
}

/** The most rules that AWS lets a load balancer have, the default action not counted. */
const MAX_RULES = 100;

/**
 * The routes of one listener: gives each its priority and refuses what cannot stand side by side. Pure: knows nothing of the CDK.
 *
 * Each reason for a refusal lies between two routes (or in their number), so that the order of declaration never decides whether a set of routes is accepted.
 */
export class RouteTable {
  private readonly byPriority = new Map<number, PlacedRoute>();
  private readonly ownerByPair = new Map<string, string>();

  /** @param range the numbers that this app may give out on the listener */
  constructor(private readonly range: PriorityRange = OWN_RANGE) {
  }

  /** The priority of the route, or the reason why it cannot have one. */
  public add(request: RouteRequest): { readonly priority: number } | { readonly problem: string } {
    const placed = { request, priority: request.priority ?? priorityOf(request, this.range) };
    const problem = this.oneTooMany(request) ?? this.claimedTwice(request) ?? this.samePriority(placed) ?? this.wrongOrder(placed);
    if (problem !== undefined) {
      return { problem };
    }
    pairsOf(request).forEach((pair) => this.ownerByPair.set(JSON.stringify(pair), request.owner));
    this.byPriority.set(placed.priority, placed);
    return { priority: placed.priority };
  }

  private oneTooMany(request: RouteRequest): string | undefined {
    if (this.byPriority.size < MAX_RULES) return undefined;
    return `'routes' of all services on one load balancer must be ${MAX_RULES} together at most, and ${request.owner} asks for one more; `
      + 'put it into another cluster, whose ingress has a load balancer of its own';
  }

  /** A request with this host and path would match two rules, and nothing says whose it is. */
  private claimedTwice(request: RouteRequest): string | undefined {
    const pair = pairsOf(request).find((claimed) => this.ownerByPair.has(JSON.stringify(claimed)));
    if (pair === undefined) return undefined;
    return `'routes' of ${this.ownerByPair.get(JSON.stringify(pair))} and ${request.owner} ask for the same requests (${describePair(pair)}); `
      + 'give them different paths or hosts';
  }

  private samePriority({ request, priority }: PlacedRoute): string | undefined {
    const other = this.byPriority.get(priority);
    if (other === undefined) return undefined;
    return `'routes' of ${named(other.request)} and ${named(request)} both have priority ${priority}; ${this.advice(request, 'keeps the order')}`;
  }

  /** What the bands could not express. A priority that the user wrote down is what the user wants. */
  private wrongOrder({ request, priority }: PlacedRoute): string | undefined {
    if (request.priority !== undefined) return undefined;
    const other = [...this.byPriority.values()].find((placed) => placed.request.priority === undefined
      && compareSpecificity(request, placed.request) * (priority - placed.priority) < 0
      && overlap(request, placed.request));
    if (other === undefined) return undefined;
    return `'routes' of ${named(other.request)} and ${named(request)} overlap, and the priorities worked out for them, ${other.priority} and ${priority}, `
      + `would give the less specific one what both match; ${this.advice(request, 'gives the right order')}`;
  }

  private advice(request: RouteRequest, because: string): string {
    const overlapping = [...this.byPriority.values()].filter((placed) => placed.priority >= 1 && overlap(request, placed.request));
    const after = overlapping.filter((placed) => compareSpecificity(placed.request, request) < 0).map((placed) => placed.priority);
    const before = overlapping.filter((placed) => compareSpecificity(placed.request, request) > 0).map((placed) => placed.priority);
    const free = freePriorityFor(request, new Set(this.byPriority.keys()), Math.max(0, ...after), Math.min(50001, ...before), this.range);
    return free === undefined
      ? "no number is free that would keep the order; write a 'priority' on both"
      : `write 'priority: ${free}' on the latter, it is free and ${because}`;
  }
}

type Pair = readonly [host: string, path: string];

function pairsOf(route: RouteConditions): Pair[] {
  return hostsOf(route).flatMap((host) => pathsOf(route).map((path): Pair => [host, path]));
}

/** Whether there is a request that both routes match. */
function overlap(one: RouteConditions, other: RouteConditions): boolean {
  return hostsOf(one).some((host) => hostsOf(other).some((otherHost) => patternsMeet(host, otherHost)))
    && pathsOf(one).some((path) => pathsOf(other).some((otherPath) => patternsMeet(path, otherPath)));
}

/** Whether there is a text that both patterns match: walks through both at once, taking from each wildcard whatever the other one needs. */
function patternsMeet(one: string, other: string): boolean {
  const seen = new Set<string>();
  const open: [number, number][] = [[0, 0]];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const [i, j] = state;
    if (i === one.length && j === other.length) return true;
    if (seen.has(`${i} ${j}`)) continue;
    seen.add(`${i} ${j}`);
    const [a, b] = [one[i], other[j]];
    if (a === '*') open.push([i + 1, j]);
    if (b === '*') open.push([i, j + 1]);
    if (a !== undefined && b !== undefined && (a === b || /[*?]/.test(a + b))) {
      open.push([a === '*' ? i : i + 1, b === '*' ? j : j + 1]);
    }
  }
  return false;
}

function named(request: RouteRequest): string {
  return `${request.owner} (${describe(request)})`;
}

function describe(route: RouteConditions): string {
  return [
    ...route.hosts.length > 0 ? [`hosts ${route.hosts.join(', ')}`] : [],
    ...route.paths.length > 0 ? [`paths ${route.paths.join(', ')}`] : [],
  ].join(' with ') || 'every request';
}

function describePair([host, path]: Pair): string {
  return [
    ...host === ANY_HOST ? [] : [`host ${host}`],
    ...path === ANY_PATH ? [] : [`path ${path}`],
  ].join(' with ') || 'every request';
}
