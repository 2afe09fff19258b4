import { rangeCovers, rangesMeet } from './address-ranges';
import { canonical, patternCovers, patternsMeet } from './patterns';

/** What a route asks of a request: one value of each kind that it names. What it does not name (or names without a value) it does not ask. */
export interface RouteConditions {
  readonly hosts?: string[];
  readonly paths?: string[];
  readonly methods?: string[];
  /** By name. Each header must have one of its values. */
  readonly headers?: { readonly [name: string]: string[] };
  /** By key. Each key must have one of its values. */
  readonly query?: { readonly [key: string]: string[] };
  readonly sourceIps?: string[];
}

/** One thing that is asked of a request: `path`, `host`, `method`, `header x-beta`, `query version`, `source`. */
export interface Condition {
  readonly on: string;
  readonly values: string[];
}

/** A route in the one form in which routes are compared. Hosts and paths are never none. */
export interface NormalRoute {
  readonly hosts: string[];
  readonly paths: string[];
  /** The rest, by name. */
  readonly further: Condition[];
}

/** Stands for any host where a route names none. Not a legal value of `hosts`, so that nobody can write it. */
export const ANY_HOST = '*';
/** Matches every request, so it says no more than no path at all. */
export const ANY_PATH = '/*';
export const SOURCE = 'source';

/** All conditions of a route as they were written, one kind after the other. */
export function conditionsOf(route: RouteConditions): Condition[] {
  return [
    { on: 'host', values: route.hosts ?? [] },
    { on: 'path', values: route.paths ?? [] },
    { on: 'method', values: route.methods ?? [] },
    ...Object.entries(route.headers ?? {}).map(([name, values]) => ({ on: `header ${name}`, values })),
    ...Object.entries(route.query ?? {}).map(([key, values]) => ({ on: `query ${key}`, values })),
    { on: SOURCE, values: route.sourceIps ?? [] },
  ].filter(({ values }) => values.length > 0);
}

/** The load balancer compares paths and methods by the letter, the rest without regard to case. */
export function normalRoute(route: RouteConditions): NormalRoute {
  const all = conditionsOf(route).map(({ on, values }): Condition => ({
    on: on.toLowerCase(),
    values: [...new Set(values.map((value) => canonical(on === 'path' || on === 'method' ? value : value.toLowerCase())))].sort(),
  }));
  const valuesOn = (name: string, none: string) => all.find(({ on }) => on === name)?.values ?? [none];
  return {
    hosts: valuesOn('host', ANY_HOST),
    paths: valuesOn('path', ANY_PATH),
    further: all.filter(({ on }) => on !== 'host' && on !== 'path').sort((one, other) => one.on < other.on ? -1 : 1),
  };
}

/** Two routes with one key ask for the same requests, whoever owns them. */
export function keyOf({ hosts, paths, further }: NormalRoute): string {
  return JSON.stringify([hosts, paths, ...further.map(({ on, values }) => [on, values])]);
}

/** Whether there is a request that both routes match. */
export function overlap(one: NormalRoute, other: NormalRoute): boolean {
  return anyMeets('path', one.paths, other.paths)
    && anyMeets('host', one.hosts, other.hosts)
    && one.further.every(({ on, values }) => anyMeets(on, values, valuesOf(other, on) ?? values));
}

/** Whether each request of the special route is one of the general one too. */
export function covers(general: NormalRoute, special: NormalRoute): boolean {
  return eachCovered('path', general.paths, special.paths)
    && eachCovered('host', general.hosts, special.hosts)
    && general.further.every(({ on, values }) => eachCovered(on, values, valuesOf(special, on) ?? []));
}

/** What both routes name in so many words, or undefined: nothing says whose such a request is. */
export function namedByBoth(one: NormalRoute, other: NormalRoute): string | undefined {
  if (one.further.length !== other.further.length) return undefined;
  const shared = [
    { on: 'host', value: one.hosts.find((host) => other.hosts.includes(host)) },
    { on: 'path', value: one.paths.find((path) => other.paths.includes(path)) },
    ...one.further.map(({ on, values }) => ({ on, value: values.find((value) => valuesOf(other, on)?.includes(value)) })),
  ];
  if (shared.some(({ value }) => value === undefined)) return undefined;
  return shared.filter(({ on, value }) => !isAny(on, value!)).map(({ on, value }) => `${on} ${value}`).join(' with ') || 'every request';
}

/** A route as a user knows it. */
export function describe(route: RouteConditions): string {
  return conditionsOf(route).map(({ on, values }) => `${on}${values.length > 1 && !on.includes(' ') ? 's' : ''} ${values.join(', ')}`).join(' with ')
    || 'every request';
}

function isAny(on: string, value: string): boolean {
  return (on === 'host' && value === ANY_HOST) || (on === 'path' && value === ANY_PATH);
}

function valuesOf(route: NormalRoute, name: string): string[] | undefined {
  return route.further.find(({ on }) => on === name)?.values;
}

function anyMeets(on: string, some: string[], others: string[]): boolean {
  const meet = on === SOURCE ? rangesMeet : patternsMeet;
  return some.some((value) => others.some((other) => meet(value, other)));
}

function eachCovered(on: string, general: string[], special: string[]): boolean {
  const cover = on === SOURCE ? rangeCovers : patternCovers;
  return special.length > 0 && special.every((value) => general.some((other) => cover(other, value)));
}
