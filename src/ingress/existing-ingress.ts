import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Duration, Stack, Token } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';
import { checkPriorityRange } from './check-priority-range';
import type { ExistingIngressOptions } from './existing-ingress-options';
import type { ISharedIngress } from './ishared-ingress';
import { loadBalancerOfListener } from './load-balancer-of-listener';
import { OWN_PRIORITIES } from './priority-bands';
import type { PriorityRange } from './priority-range';
import { MAX_RULES, RouteTable } from './route-table';
import { checkInteger, checkPattern, checkSeconds } from '../private/check';
import { fail } from '../private/fail';
import { identityOf } from '../private/identity';

/** A listener that exists, with what the services of this app put on it. */
export class ExistingIngress extends Construct implements ISharedIngress {
  public readonly listenerArn: string;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly loadBalancerFullName: string;
  public readonly url: string;
  public readonly isHttps: boolean;

  /** @internal */
  public readonly _identity: string;

  /** @internal */
  public readonly _routes: RouteTable;

  private readonly idleTimeout: Duration;

  constructor(scope: Construct, id: string, options: ExistingIngressOptions) {
    super(scope, id);
    checkExisting(options);
    const loadBalancer = loadBalancerOfListener(options.listenerArn);
    this.listenerArn = options.listenerArn;
    this.securityGroup = options.securityGroup;
    this.loadBalancerFullName = loadBalancer;
    this.url = options.url;
    this.isHttps = Token.isUnresolved(options.url) || options.url.startsWith('https://'); // of what only the deployment knows, AWS judges
    this.idleTimeout = options.idleTimeout ?? Duration.seconds(60);
    this._identity = JSON.stringify(Stack.of(this).resolve(loadBalancer));
    this._routes = sharedTable(this, options);
  }

  /** @internal */
  public _allowRequestTime(time: Duration, prop: string): void {
    if (time.isUnresolved() || this.idleTimeout.isUnresolved()) return;
    if (time.toMilliseconds() > this.idleTimeout.toMilliseconds()) {
      fail(this, `'${prop}' must be within the load balancer's idle time-out of ${this.idleTimeout.toSeconds()} seconds, got ${time.toSeconds()} seconds; `
        + "shorten it, or lengthen the load balancer's and say so in 'idleTimeout' of ClusterIngress.existing");
    }
  }
}

/** Checks what does not need a place in the construct tree. */
export function checkExisting(options: ExistingIngressOptions): void {
  checkPattern(undefined, 'listenerArn', options.listenerArn, /^arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:listener\/app\/[^/]+\/[^/]+\/[^/]+$/,
    'the ARN of a listener of an Application Load Balancer', "write 'arn:aws:elasticloadbalancing:<region>:<account>:listener/app/<name>/<id>/<id>'");
  checkPattern(undefined, 'url', options.url, /^https?:\/\/[^/\s]+$/, 'a scheme and a domain name', "write 'https://api.example.com'");
  checkSeconds(undefined, 'idleTimeout', options.idleTimeout, 1, 4000, "take the value of the load balancer's attribute");
  checkInteger(undefined, 'ruleQuota', options.ruleQuota, 1, 45000, 'take it from the Service Quotas of your account');
  checkPriorityRange('priorities', options.priorities);
}

/** The tables of the listeners that several clusters of an app use. */
const tables = new WeakMap<IConstruct, Map<string, { readonly range: PriorityRange; readonly table: RouteTable }>>();

/** One table for each listener and app, so that clusters which share a listener see each other's routes. */
function sharedTable(scope: Construct, options: ExistingIngressOptions): RouteTable {
  const range = options.priorities ?? OWN_PRIORITIES;
  const known = tables.get(scope.node.root) ?? new Map();
  tables.set(scope.node.root, known);
  const key = identityOf(scope, options.listenerArn);
  const entry = known.get(key) ?? { range, table: new RouteTable(range, options.ruleQuota ?? MAX_RULES) };
  known.set(key, entry);
  if (entry.range.first !== range.first || entry.range.last !== range.last) {
    fail(scope, `'priorities' must be the same wherever an app names a listener, got ${range.first} to ${range.last} and ${entry.range.first} to ${entry.range.last}; `
      + 'write one range in both places');
  }
  return entry.table;
}
