import { createHash } from 'crypto';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { RouteConfig } from './route-config';
import { countedIn } from '../ingress/ingress-limits';
import { IngressRole } from '../ingress/ingress-role';
import type { ISharedIngress } from '../ingress/ishared-ingress';
import { listenerConditions } from '../ingress/listener-conditions';
import { keyOf, normalRoute, RouteConditions } from '../ingress/route-conditions';
import { rulesOf } from '../ingress/route-rules';
import { fail } from '../private/fail';
import { warn, WarningId } from '../private/warnings';

/** The listener rules of a service's routes on one load balancer, all to the same target group. */
export function createListenerRules(
  scope: Construct, ingress: ISharedIngress, targetGroup: elbv2.CfnTargetGroup, routes: RouteConfig[],
): elbv2.CfnListenerRule[] {
  return routes.flatMap((route) => {
    rejectPlainHttp(scope, ingress, route);
    const parts = partsOf(scope, route, { type: 'forward', targetGroupArn: targetGroup.ref });
    const priorities = claimPriorities(scope, ingress, route.priority, parts);
    return parts.flatMap(({ rules, actions }, part) => rules.map((conditions, index) => {
      const priority = priorities[part][index];
      return new elbv2.CfnListenerRule(scope, ruleId(scope, route, priority), {
        listenerArn: ingress.listenerArn, priority, conditions: listenerConditions(conditions), actions,
      });
    }));
  });
}

/** Takes places on the listener, one for each rule of each part. */
export function claimPriorities(
  scope: Construct, ingress: ISharedIngress, priority: number | undefined, parts: Pick<Part, 'conditions' | 'rules'>[], table = ingress._routes,
): number[][] {
  const answer = countedIn(ingress, () => table.add({
    owner: scope.node.path,
    priority,
    parts: parts.map(({ conditions, rules }) => ({ conditions: literals(scope, conditions), rules: rules.length })),
  }));
  if ('problem' in answer) return fail(scope, answer.problem);
  answer.doubts.forEach((doubt) => warn(scope, WarningId.ROUTE_ORDER_UNDECIDED, doubt));
  return answer.priorities;
}

function rejectPlainHttp(scope: Construct, ingress: ISharedIngress, { authentication }: RouteConfig): void {
  if (authentication !== undefined && !ingress.isHttps) {
    fail(scope, "'authentication' of a route needs a load balancer that speaks HTTPS, and this one speaks plain HTTP; "
      + "give a domain with its zone, or certificates, to the cluster's ingress");
  }
}

/** Requests of a route that are treated alike. */
interface Part {
  readonly conditions: RouteConditions;
  readonly rules: RouteConditions[];
  readonly actions: elbv2.CfnListenerRule.ActionProperty[];
}

/** The paths that need no sign-in come first, so that they have the lower numbers where the user wrote one down. */
function partsOf(scope: Construct, { conditions, bypass, authentication }: RouteConfig, forward: elbv2.CfnListenerRule.ActionProperty): Part[] {
  const main = authentication === undefined ? [forward] : [{ ...authentication._bind(scope), order: 1 }, { ...forward, order: 2 }];
  return [
    ...bypass === undefined ? [] : [{ conditions: bypass, rules: rulesOf(bypass)!, actions: [forward] }],
    { conditions, rules: rulesOf(conditions)!, actions: main },
  ];
}

/**
 * The number is the id: a rule with one logical id never changes its priority, so no update ever asks for the number of another live rule. A route that
 * comes to another number is a new rule, which CloudFormation makes before it removes the old one.
 */
export function ruleId(scope: Construct, { role, conditions }: Pick<RouteConfig, 'role' | 'conditions'>, priority: number, noun = 'Route'): string {
  const place = Token.isUnresolved(priority)
    ? createHash('sha256').update(keyOf(normalRoute(literals(scope, conditions)))).digest('hex').slice(0, 8)
    : priority;
  return `${role === IngressRole.PUBLIC ? '' : role}${noun}${place}`;
}

/** Tokens as what they stand for in the template: the same in every synthesis, where the token's own text is not. */
function literals(scope: Construct, conditions: RouteConditions): RouteConditions {
  const literal = (value: string) => Token.isUnresolved(value) ? JSON.stringify(Stack.of(scope).resolve(value)) : value;
  const each = (values?: string[]) => values?.map(literal);
  const named = (values: RouteConditions['headers'] = {}) => Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.map(literal)]));
  return {
    hosts: each(conditions.hosts),
    paths: each(conditions.paths),
    methods: each(conditions.methods),
    sourceIps: each(conditions.sourceIps),
    headers: named(conditions.headers),
    query: named(conditions.query),
  };
}
