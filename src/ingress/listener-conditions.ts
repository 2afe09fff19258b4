import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ANY_PATH, RouteConditions } from './route-conditions';

/** The conditions of a listener rule as CloudFormation spells them. A rule must have one: no condition at all is every path. */
export function listenerConditions(route: RouteConditions): elbv2.CfnListenerRule.RuleConditionProperty[] {
  const found: elbv2.CfnListenerRule.RuleConditionProperty[] = [
    ...given(route.hosts).map((values) => ({ field: 'host-header', hostHeaderConfig: { values } })),
    ...given(route.paths).map((values) => ({ field: 'path-pattern', pathPatternConfig: { values } })),
    ...given(route.methods).map((values) => ({ field: 'http-request-method', httpRequestMethodConfig: { values } })),
    ...Object.entries(route.headers ?? {}).map(([httpHeaderName, values]) => ({ field: 'http-header', httpHeaderConfig: { httpHeaderName, values } })),
    ...Object.entries(route.query ?? {}).map(([key, values]) => (
      { field: 'query-string', queryStringConfig: { values: values.map((value) => ({ key, value })) } })),
    ...given(route.sourceIps).map((values) => ({ field: 'source-ip', sourceIpConfig: { values } })),
  ];
  return found.length > 0 ? found : [{ field: 'path-pattern', pathPatternConfig: { values: [ANY_PATH] } }];
}

function given(values: string[] = []): string[][] {
  return values.length > 0 ? [values] : [];
}
