import { normalRoute, RouteConditions } from '../../src/ingress/route-conditions';
import { prioritiesOf } from '../../src/ingress/route-priority';
import { compareSpecificity, specificityOf } from '../../src/ingress/route-specificity';
import type { RouteAnswer, RouteRequest, RouteTable } from '../../src/ingress/route-table';

/** A route of one rule and its owner. */
export interface DrawnRoute extends RouteConditions {
  readonly owner: string;
  readonly priority?: number;
}

export function route(owner: string, paths: string[], hosts: string[] = []): DrawnRoute {
  return { hosts, paths, owner };
}

export function requestOf({ owner, priority, ...conditions }: DrawnRoute): RouteRequest {
  return { owner, priority, parts: [{ conditions, rules: 1 }] };
}

export function add(table: RouteTable, drawn: DrawnRoute): RouteAnswer {
  return table.add(requestOf(drawn));
}

export function priorityOf({ owner, ...conditions }: DrawnRoute, range?: { first: number; last: number }): number {
  return prioritiesOf({ route: normalRoute(conditions), owner, rules: 1 }, range)[0];
}

/** Negative if the first is more specific. */
export function compare(one: RouteConditions, other: RouteConditions): number {
  return compareSpecificity(specificityOf(normalRoute(one)), specificityOf(normalRoute(other)));
}
