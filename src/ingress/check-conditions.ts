import { Token } from 'aws-cdk-lib/core';
import { parseRange } from './address-ranges';
import { canonical, patternCovers } from './patterns';
import { ANY_PATH, RouteConditions } from './route-conditions';
import { MAX_VALUES, MAX_WILDCARDS, rulesOf } from './route-rules';
import { fail, show } from '../private/fail';

/** Checks what a route asks for against what a listener rule can ask for. */
export function checkConditions(route: RouteConditions): void {
  checkEach('hosts', route.hosts, /^(?=.{1,128}$)[A-Za-z0-9*?-]+(\.[A-Za-z0-9*?-]+)+$/,
    "be names of up to 128 characters with at least one dot, got %; write 'api.example.com' or '*.example.com'");
  checkPaths('paths', route.paths);
  checkEach('methods', route.methods, /^[A-Z_-]{1,40}$/, "be request methods of up to 40 capital letters, '-' and '_', got %; write 'GET'");
  checkHeaders(route.headers);
  checkQuery(route.query);
  checkSources(route.sourceIps);
  if (rulesOf(route) === undefined) {
    fail(undefined, `a listener rule takes ${MAX_VALUES} values and ${MAX_WILDCARDS} wildcards ('*', '?') at most, and this route asks for more at once, got `
      + `${show(route)}; name fewer headers and keys, or use fewer wildcards in a value`);
  }
}

/** The paths that need no sign-in must be some of the route's own: others would be a route of their own. */
export function checkBypassPaths(bypassPaths: string[], paths: string[] = []): void {
  checkPaths('bypassPaths', bypassPaths);
  const own = (paths.length === 0 ? [ANY_PATH] : paths).map(canonical);
  for (const path of bypassPaths) {
    if (own.includes(canonical(path)) || !own.some((each) => patternCovers(each, canonical(path)))) {
      fail(undefined, `'bypassPaths' must be part of what the route's paths ask for, ${own.join(', ')}, and not all of one of them, got ${show(path)}; `
        + 'give it a route of its own without authentication');
    }
  }
}

function checkPaths(prop: string, paths?: string[]): void {
  checkEach(prop, paths, /^\/[A-Za-z0-9_\-.$/~"'@:+&*?]{0,127}$/,
    "start with '/' and have up to 128 letters, digits, '*', '?' and any of _-.$/~\"'@:+&, got %; write '/orders/*', not 'orders'");
}

function checkHeaders(headers: RouteConditions['headers'] = {}): void {
  checkNames('headers', Object.keys(headers), /^(?!host$)[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/i,
    "be names of headers other than Host, of up to 40 characters, got %; write 'X-Beta', and a host into 'hosts'");
  checkValues('headers', headers, /^[\x20-\x7e]{1,128}$/, 'have values of 1 to 128 visible ASCII characters');
}

function checkQuery(query: RouteConditions['query'] = {}): void {
  checkNames('query', Object.keys(query), /^[A-Za-z0-9_\-.$/~"'@:+&()!,;=]{1,128}$/,
    "be keys of up to 128 letters, digits and any of _-.$/~\"'@:+&()!,;= without wildcards, got %; write { version: ['2*'] }");
  checkValues('query', query, /^[A-Za-z0-9_\-.$/~"'@:+&()!,;=*?]{1,128}$/, "have values of 1 to 128 letters, digits, '*', '?' and any of _-.$/~\"'@:+&()!,;=");
}

function checkSources(ranges?: string[]): void {
  for (const range of ranges ?? []) {
    if (!Token.isUnresolved(range) && (parseRange(range) === undefined || range === '255.255.255.255/32')) {
      fail(undefined, `'sourceIps' must be address ranges in CIDR notation, got ${show(range)}; write '10.0.0.0/8' or '203.0.113.7/32'`);
    }
  }
}

/** The load balancer reads names without regard to case, so that two which differ in nothing else are one. */
function checkNames(prop: string, names: string[], pattern: RegExp, allowed: string): void {
  checkEach(prop, names, pattern, allowed);
  const twice = names.find((name, index) => names.some((other, at) => at < index && other.toLowerCase() === name.toLowerCase()));
  if (twice !== undefined) {
    fail(undefined, `'${prop}' must name each once, whatever its case, got ${show(twice)} twice; put all values into one list`);
  }
}

function checkValues(prop: string, named: { readonly [name: string]: string[] }, pattern: RegExp, allowed: string): void {
  for (const [name, values] of Object.entries(named)) {
    if (values.length === 0) {
      fail(undefined, `'${prop}' must give one value at least for ${show(name)}, got []; write '*' for any value`);
    }
    checkEach(`${prop}.${name}`, values, pattern, `${allowed}, got %; shorten it`);
  }
}

function checkEach(prop: string, values: string[] | undefined, pattern: RegExp, allowed: string): void {
  const wrong = (values ?? []).find((value) => !Token.isUnresolved(value) && !pattern.test(value));
  if (wrong !== undefined) {
    fail(undefined, `'${prop}' must ${allowed.replace('%', () => show(wrong))}`);
  }
}
