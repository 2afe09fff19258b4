import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import type { ShiftStrategy } from './shift-strategy';
import type { TestRouteConfig } from './test-route';
import type { ISharedIngress } from '../../ingress/ishared-ingress';
import { listenerConditions } from '../../ingress/listener-conditions';
import type { RouteConditions } from '../../ingress/route-conditions';
import { rulesOf } from '../../ingress/route-rules';
import type { RouteTable } from '../../ingress/route-table';
import { fail } from '../../private/fail';
import { claimPriorities, ruleId } from '../listener-rules';
import type { RouteConfig } from '../route-config';

/** What a place is made from whose requests are shifted. */
interface ShiftedPlaceProps {
  readonly ingress: ISharedIngress;
  /** The one that has the requests at first, and the other one. */
  readonly groups: [elbv2.CfnTargetGroup, elbv2.CfnTargetGroup];
  readonly routes: RouteConfig[];
  readonly strategy: ShiftStrategy;
}

/** A place behind a load balancer with two target groups, between which ECS moves the weights of one rule. */
export interface ShiftedPlace {
  readonly alternate: elbv2.CfnTargetGroup;
  readonly conditions: RouteConditions;
  readonly live: elbv2.CfnListenerRule;
  readonly test?: elbv2.CfnListenerRule;
  readonly listenerArns: string[];
  readonly rules: elbv2.CfnListenerRule[];
}

/**
 * The live rule and the test rule of a service's route.
 *
 * ECS moves the weights; the template says where they were at the beginning, for ever. So nothing but the user's own route may ever change a property of these rules:
 * CloudFormation would set the weights back (docs/decisions/0060-live-rule.md).
 */
export function createShiftedPlace(scope: Construct, { ingress, groups, routes, strategy }: ShiftedPlaceProps): ShiftedPlace {
  const route = onlyRoute(scope, routes, strategy);
  const testRoute = strategy.testRoute?._bind();
  const weights = groups.map((group, index) => ({ targetGroupArn: group.ref, weight: index === 0 ? 1 : 0 }));
  const create = (listenerArn: string, conditions: RouteConditions, priority: number, noun: string) => new elbv2.CfnListenerRule(
    scope, ruleId(scope, { role: route.role, conditions }, priority, noun),
    { listenerArn, priority, conditions: listenerConditions(conditions), actions: [{ type: 'forward', forwardConfig: { targetGroups: weights } }] },
  );
  const tested = testConditions(scope, route, testRoute);
  const place = placesOf(scope, ingress, route, testRoute, tested);
  const live = create(ingress.listenerArn, route.conditions, place.live, 'Route');
  const test = place.test && create(place.test.listenerArn, tested!, place.test.priority, 'TestRoute');
  return {
    alternate: groups[1],
    conditions: route.conditions,
    live,
    test,
    listenerArns: [ingress.listenerArn, ...testRoute?.port === undefined ? [] : [place.test!.listenerArn]],
    rules: test === undefined ? [live] : [live, test],
  };
}

/** ECS shifts one rule of a load balancer, and all that a rule may do is forward. */
function onlyRoute(scope: Construct, routes: RouteConfig[], { name }: ShiftStrategy): RouteConfig {
  const [route] = routes;
  const remedy = 'or use ServiceDeployment.rolling';
  if (routes.length > 1) {
    fail(scope, `'routes' must be one on each load balancer with ServiceDeployment.${name}, because ECS shifts one listener rule, got ${routes.length}; `
      + `write one route with all 'paths' or 'hosts', ${remedy}`);
  }
  if (route.authentication !== undefined) {
    fail(scope, `'authentication' must not be given with ServiceDeployment.${name}: ECS shifts rules that forward and do nothing else; let the application ask for the sign-in, ${remedy}`);
  }
  const rules = rulesOf(route.conditions)!.length;
  if (rules > 1) {
    fail(scope, `'routes' must fit into one listener rule with ServiceDeployment.${name}, because ECS shifts one, got a route that takes ${rules} (5 values and 5 wildcards each); `
      + `name less, such as '/orders/*' for all below it, ${remedy}`);
  }
  return route;
}

/** What test requests look like: live ones with a header more, or live ones on another port. */
function testConditions(scope: Construct, { conditions }: RouteConfig, test?: TestRouteConfig): RouteConditions | undefined {
  if (test?.header === undefined) return test && conditions;
  const { name, value } = test.header;
  if (Object.keys(conditions.headers ?? {}).some((header) => header.toLowerCase() === name.toLowerCase())) {
    fail(scope, `'testRoute' must be by a header that the service's route does not ask for, got ${JSON.stringify(name)}; choose another one`);
  }
  const tested = { ...conditions, headers: { ...conditions.headers, [name]: [value] } };
  if (rulesOf(tested)?.length !== 1) {
    fail(scope, `'testRoute' by header ${JSON.stringify(name)} must fit into one listener rule with what the route asks for, and a rule has 5 values; name less in the route, or use TestRoute.port`);
  }
  return tested;
}

interface Places {
  readonly live: number;
  readonly test?: { readonly listenerArn: string; readonly priority: number };
}

/** Test requests come first, so that of written priorities they have the lower one. */
function placesOf(scope: Construct, ingress: ISharedIngress, route: RouteConfig, test?: TestRouteConfig, tested?: RouteConditions): Places {
  const part = (conditions: RouteConditions) => ({ conditions, rules: [conditions] });
  if (test?.header !== undefined) {
    const [[first], [live]] = claimPriorities(scope, ingress, route.priority, [part(tested!), part(route.conditions)]);
    return { live, test: { listenerArn: ingress.listenerArn, priority: first } };
  }
  const [[live]] = claimPriorities(scope, ingress, route.priority, [part(route.conditions)]);
  if (test?.port === undefined) return { live };
  const listener = testListener(scope, ingress, test);
  const [[priority]] = claimPriorities(scope, ingress, route.priority, [part(tested!)], listener.routes);
  return { live, test: { listenerArn: listener.listenerArn, priority } };
}

function testListener(
  scope: Construct, ingress: ISharedIngress, { port, allowedSources }: TestRouteConfig,
): { listenerArn: string; routes: RouteTable } {
  return ingress._testListener?.(port!, allowedSources)
    ?? fail(scope, "'testRoute' by port needs a load balancer of this app, to which a listener can be added, got one of another app; use TestRoute.header");
}
