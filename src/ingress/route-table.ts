import { ALL_PRIORITIES, OWN_PRIORITIES } from './priority-bands';
import type { PriorityRange } from './priority-range';
import { covers, describe, namedByBoth, NormalRoute, normalRoute, overlap, RouteConditions } from './route-conditions';
import { freePriorityFor, prioritiesOf } from './route-priority';
import { compareSpecificity, Specificity, specificityOf } from './route-specificity';
import { isNear } from '../private/quotas';

/** A part of a route: requests that are treated alike. */
export interface RoutePart {
  readonly conditions: RouteConditions;
  /** How many listener rules it takes. */
  readonly rules: number;
}

/** A route that asks for a place on a listener. */
export interface RouteRequest {
  /** The construct path of the service. */
  readonly owner: string;
  /** Most often one; two where some paths need no sign-in. Written priorities are given out in this order. */
  readonly parts: RoutePart[];
  /** A priority that the user wrote down, for the first rule; the others have the numbers that follow. */
  readonly priority?: number;
}

/** The priorities of each part's rules and what is doubtful about them, or the reason why the route cannot have a place. */
export type RouteAnswer = { readonly priorities: number[][]; readonly doubts: string[] } | { readonly problem: string };

/** A part in its place. */
interface PlacedPart {
  readonly request: RouteRequest;
  readonly conditions: RouteConditions;
  readonly route: NormalRoute;
  readonly specificity: Specificity;
  readonly priorities: number[];
}

/** The most rules that AWS lets a load balancer have, the default action not counted, unless an account has a higher quota. */
export const MAX_RULES = 100;
/** The most target groups of a load balancer, for any account. */
const MAX_TARGET_GROUPS = 100;

/**
 * The routes of one listener: gives each its priorities and refuses what cannot stand side by side. Pure: knows nothing of the CDK.
 *
 * Each reason for a refusal lies between two routes (or in the number of rules), so that the order of declaration never decides whether a set of routes
 * is accepted.
 */
export class RouteTable {
  private readonly placed: PlacedPart[] = [];
  private readonly takenBy = new Map<number, PlacedPart>();

  private targetGroups = 0;

  /**
   * @param range the numbers that this app may give out on the listener
   * @param maxRules how many rules the load balancer may have
   */
  constructor(private readonly range: PriorityRange = OWN_PRIORITIES, private readonly maxRules = MAX_RULES) {
  }

  /** How many rules the table holds. */
  public get size(): number {
    return this.takenBy.size;
  }

  /** What is used up by four fifths or more, with how much of it there is; a new answer only when a line is crossed. */
  public nearLimits(): string[] {
    return [
      ...isNear(this.size, this.maxRules) ? [`${this.maxRules} rules`] : [],
      ...isNear(this.targetGroups, MAX_TARGET_GROUPS) ? [`${MAX_TARGET_GROUPS} target groups`] : [],
    ];
  }

  /** Counts one target group more, or gives the reason why there cannot be one more. */
  public addTargetGroup(owner: string): string | undefined {
    if (this.targetGroups === MAX_TARGET_GROUPS) {
      return `'routes' lead to ${MAX_TARGET_GROUPS} target groups on one load balancer at most, and ${owner} asks for one more; `
        + 'put it into another cluster, whose ingress has a load balancer of its own';
    }
    this.targetGroups++;
    return undefined;
  }

  public add(request: RouteRequest): RouteAnswer {
    const parts = this.place(request);
    const overlapping = parts.map((part) => this.placed.filter((other) => overlap(other.route, part.route)));
    const problem = this.oneTooMany(request) ?? this.outOfRange(request) ?? firstOf(parts, (part, index) => {
      const siblings = parts.slice(0, index);
      const others = [...overlapping[index], ...siblings.filter((other) => overlap(other.route, part.route))];
      return claimedTwice(part, others) ?? this.samePriority(part, siblings) ?? this.wrongOrder(part, others) ?? neverReached(part, others);
    });
    if (problem !== undefined) return { problem };
    const doubts = parts.flatMap((part, index) => overlapping[index].flatMap((other) => undecided(part, other)));
    for (const part of parts) {
      this.placed.push(part);
      part.priorities.forEach((priority) => this.takenBy.set(priority, part));
    }
    return { priorities: parts.map(({ priorities }) => priorities), doubts };
  }

  private place(request: RouteRequest): PlacedPart[] {
    let next = request.priority;
    return request.parts.map(({ conditions, rules }) => {
      const route = normalRoute(conditions);
      const written = next === undefined ? undefined : numbersFrom(next, rules);
      next = next === undefined ? undefined : next + rules;
      return {
        request,
        conditions,
        route,
        specificity: specificityOf(route),
        priorities: written ?? prioritiesOf({ route, owner: request.owner, rules }, this.range),
      };
    });
  }

  private oneTooMany(request: RouteRequest): string | undefined {
    if (this.size + rulesIn(request) <= this.maxRules) return undefined;
    return `'routes' of all services on one load balancer must be ${this.maxRules} rules together at most, and ${request.owner} asks for number `
      + `${this.size + rulesIn(request)}; put it into another cluster, whose ingress has a load balancer of its own`;
  }

  private outOfRange({ owner, priority, ...request }: RouteRequest): string | undefined {
    if (priority === undefined) return undefined;
    if (!isKnown(priority)) {
      return rulesIn(request) === 1 ? undefined : `'priority' of a route of ${owner} must be known at synthesis, because it takes ${rulesIn(request)} rules, which `
        + 'have the numbers from there on; pass a plain number or omit it to have it worked out';
    }
    const { first, last } = this.range === OWN_PRIORITIES ? ALL_PRIORITIES : this.range;
    const end = priority + rulesIn(request) - 1;
    if (priority >= first && end <= last) return undefined;
    return `'priority' of a route of ${owner} must be between ${first} and ${last}, the numbers of this app on the load balancer, got ${priority}`
      + `${end > priority ? `, from which its rules take the numbers up to ${end}` : ''}; omit it to have it worked out`;
  }

  private samePriority(part: PlacedPart, siblings: PlacedPart[]): string | undefined {
    const priority = part.priorities.find((number) => this.takenBy.has(number) || siblings.some(({ priorities }) => priorities.includes(number)))
      ?? part.priorities.find((number, index) => part.priorities.indexOf(number) !== index);
    if (priority === undefined) return undefined;
    const other = this.takenBy.get(priority) ?? siblings.find(({ priorities }) => priorities.includes(priority)) ?? part;
    return `'routes' of ${named(other)} and ${named(part)} both have priority ${priority}; ${this.advice(part.request, 'keeps the order')}`;
  }

  /** What the bands could not express: the others overlap. A priority that the user wrote down is what the user wants. */
  private wrongOrder(part: PlacedPart, others: PlacedPart[]): string | undefined {
    if (part.request.priority !== undefined) return undefined;
    const other = others.find((placed) => placed.request.priority === undefined && reversed(part, placed));
    if (other === undefined) return undefined;
    return `'routes' of ${named(other)} and ${named(part)} overlap, and the priorities worked out for them, ${other.priorities[0]} and ${part.priorities[0]}, `
      + `would give the less specific one what both match; ${this.advice(part.request, 'gives the right order')}`;
  }

  private advice(request: RouteRequest, because: string): string {
    const parts = request.parts.map(({ conditions }) => normalRoute(conditions));
    const gaps = parts.map((route) => this.gapOf(route));
    const free = freePriorityFor({ route: parts[parts.length - 1], owner: request.owner, rules: rulesIn(request) }, {
      after: Math.max(...gaps.map(({ after }) => after)),
      before: Math.min(...gaps.map(({ before }) => before)),
      taken: new Set(this.takenBy.keys()),
    }, this.range);
    return free === undefined
      ? "no number is free that would keep the order; write a 'priority' on both"
      : `write 'priority: ${free}' on the latter, it is free and ${because}`;
  }

  /** Between which numbers a route must lie: behind the more specific ones that it overlaps, before the less specific ones. */
  private gapOf(route: NormalRoute): { readonly after: number; readonly before: number } {
    const specificity = specificityOf(route);
    const overlapping = this.placed.filter((placed) => placed.priorities.every(isKnown) && overlap(route, placed.route));
    const numbers = (sign: number) => overlapping
      .filter((placed) => compareSpecificity(placed.specificity, specificity) * sign > 0)
      .flatMap(({ priorities }) => priorities);
    return { after: Math.max(0, ...numbers(-1)), before: Math.min(ALL_PRIORITIES.last + 1, ...numbers(1)) };
  }
}

/** A request with these values would match two rules, and nothing says whose it is. */
function claimedTwice(part: PlacedPart, others: PlacedPart[]): string | undefined {
  return firstOf(others, (other) => {
    const both = namedByBoth(other.route, part.route);
    return both && `'routes' of ${other.request.owner} and ${part.request.owner} ask for the same requests (${both}); give them different paths or hosts`;
  });
}

/** Whether a rule of the less specific one comes before a rule of the more specific one. */
function reversed(one: PlacedPart, other: PlacedPart): boolean {
  const order = compareSpecificity(one.specificity, other.specificity);
  return (order < 0 && !comesBefore(one, other)) || (order > 0 && !comesBefore(other, one));
}

function comesBefore(one: PlacedPart, other: PlacedPart): boolean {
  return Math.max(...one.priorities) < Math.min(...other.priorities);
}

/** Of two that overlap: what both match, the one with the lower hash gets, which is right for nobody who has not thought of it. */
function undecided(part: PlacedPart, other: PlacedPart): string[] {
  if (part.request.priority !== undefined || other.request.priority !== undefined) return [];
  if (compareSpecificity(part.specificity, other.specificity) !== 0) return [];
  const [earlier, later] = comesBefore(part, other) ? [part, other] : [other, part];
  return [`'routes' of ${named(earlier)} and ${named(later)} overlap and neither is more specific, so that a hash decides: the former gets what both match; `
    + "write a 'priority' on one of them, or name in one what the other names too"];
}

/** All that the later rule asks for, an earlier one takes. */
function neverReached(part: PlacedPart, others: PlacedPart[]): string | undefined {
  return firstOf(others, (other) => {
    const [earlier, later] = comesBefore(part, other) ? [part, other] : [other, part];
    if (![...earlier.priorities, ...later.priorities].every(isKnown) || !covers(earlier.route, later.route)) return undefined;
    return `'routes' of ${named(later)} would never be reached: ${named(earlier)} comes before it, with priority ${earlier.priorities[0]}, and takes all its `
      + `requests; ${later.request.priority === undefined && earlier.request.priority === undefined
        ? 'give them different paths or hosts' : "omit the written 'priority', or give the former a lower number than the latter"}`;
  });
}

function firstOf<T>(items: T[], problemOf: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const problem = problemOf(item, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A number that only AWS knows is a negative one at synthesis. */
function isKnown(priority: number): boolean {
  return priority > 0;
}

function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function rulesIn({ parts }: Pick<RouteRequest, 'parts'>): number {
  return parts.reduce((sum, { rules }) => sum + rules, 0);
}

function named({ request, conditions }: PlacedPart): string {
  return `${request.owner} (${describe(conditions)})`;
}
