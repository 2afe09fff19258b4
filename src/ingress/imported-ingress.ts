import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Duration, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { rangesMeet } from './app-bands';
import type { IngressAttributes } from './ingress-attributes';
import type { ISharedIngress } from './ishared-ingress';
import { loadBalancerOfListener } from './load-balancer-of-listener';
import type { PriorityRange } from './priority-range';
import { SMALLEST_RANGE } from './route-priority';
import { RouteTable } from './route-table';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';
import { identityOf } from '../private/identity';
import { oncePerApp } from '../private/once-per-app';

/** The load balancer of another app, on which this app puts rules of its own. */
export class ImportedIngress extends Construct implements ISharedIngress {
  public readonly listenerArn: string;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly loadBalancerFullName: string;
  public readonly url: string;

  /** Of a load balancer that is known at deploy time only, AWS judges what needs HTTPS. */
  public readonly isHttps: boolean;

  /** @internal */
  public readonly _identity: string;

  /** @internal */
  public readonly _routes: RouteTable;

  private readonly idleTimeout: Duration;

  /** @param source what tells this load balancer from others in the app; by default, its listener */
  constructor(scope: Construct, id: string, attributes: IngressAttributes, source?: string) {
    super(scope, id);
    checkRange(this, attributes.priorities);
    checkInteger(this, 'ruleQuota', attributes.ruleQuota, 1, 45000, 'take it from the Service Quotas of your account');
    this.listenerArn = attributes.listenerArn;
    // nothing goes out by a rule of ours: what a load balancer may call is its owner's matter.
    this.securityGroup = ec2.SecurityGroup.fromSecurityGroupId(this, 'SecurityGroup', attributes.securityGroupId, { mutable: false });
    this.loadBalancerFullName = attributes.loadBalancerFullName ?? loadBalancerOfListener(attributes.listenerArn);
    this.url = attributes.url;
    this.isHttps = Token.isUnresolved(attributes.url) || attributes.url.toLowerCase().startsWith('https:');
    this.idleTimeout = attributes.idleTimeout ?? Duration.seconds(60);
    const listener = source ?? identityOf(this, attributes.listenerArn);
    // what only the deployment knows may be another load balancer one day: an import with another id is taken for one, and gets target groups of its own.
    this._identity = source === undefined && !Token.isUnresolved(attributes.listenerArn) ? loadBalancerOfListener(attributes.listenerArn) : `${listener} ${this.node.path}`;
    this._routes = routesOf(this, listener, attributes);
  }

  /** @internal */
  public _allowRequestTime(time: Duration, prop: string): void {
    if (time.isUnresolved() || this.idleTimeout.isUnresolved()) return;
    if (time.toMilliseconds() <= this.idleTimeout.toMilliseconds()) return;
    fail(this, `'${prop}' of a service must be at most ${this.idleTimeout.toSeconds()} seconds, the idle time-out of the load balancer of another app, `
      + `got ${time.toSeconds()} seconds; raise the time-out there and say so where it is imported, or ask for less`);
  }
}

/** The highest priority that a listener takes. */
const HIGHEST = 50000;

function checkRange(scope: Construct, { first, last }: PriorityRange): void {
  if (Token.isUnresolved(first) || Token.isUnresolved(last)) {
    fail(scope, "'priorities' must be known at synthesis: the priorities of rules are worked out from it; pass plain numbers");
  }
  const whole = Number.isInteger(first) && Number.isInteger(last);
  if (!whole || first < 1 || last > HIGHEST || last - first + 1 < SMALLEST_RANGE) {
    fail(scope, `'priorities' must be ${SMALLEST_RANGE} or more whole numbers within 1 to ${HIGHEST}, got ${first} to ${last}; `
      + 'use RoutePriorities.band, or write the numbers that no other app has');
  }
}

/** One table for the whole app: two stacks of it that import one load balancer see each other's routes. */
function routesOf(scope: Construct, identity: string, { priorities: range, ruleQuota }: IngressAttributes): RouteTable {
  const tables = oncePerApp(scope, `routes ${identity}`, () => new Map<string, { range: PriorityRange; routes: RouteTable }>());
  const key = `${range.first}-${range.last}`;
  const other = [...tables.values()].find((table) => rangesMeet(table.range, range));
  if (other !== undefined && !tables.has(key)) {
    fail(scope, `'priorities' of one load balancer must not overlap, got ${key} and, elsewhere in this app, ${other.range.first}-${other.range.last}; `
      + 'give both imports the same numbers, or numbers that have none in common');
  }
  const table = tables.get(key) ?? { range, routes: new RouteTable(range, ruleQuota) };
  tables.set(key, table);
  return table.routes;
}
