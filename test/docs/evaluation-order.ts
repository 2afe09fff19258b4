import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';

interface Rule {
  readonly Priority: number;
  readonly ListenerArn: { readonly Ref: string };
  readonly Conditions: Condition[];
  readonly Actions: { readonly Type: string; readonly TargetGroupArn?: { readonly Ref: string } }[];
}

interface Condition {
  readonly Field: string;
  readonly HttpHeaderConfig?: { readonly HttpHeaderName: string; readonly Values: string[] };
  readonly QueryStringConfig?: { readonly Values: { readonly Key: string; readonly Value: string }[] };
  readonly HostHeaderConfig?: { readonly Values: string[] };
  readonly PathPatternConfig?: { readonly Values: string[] };
  readonly HttpRequestMethodConfig?: { readonly Values: string[] };
  readonly SourceIpConfig?: { readonly Values: string[] };
}

/** The rules of a stack's listener in the order in which the load balancer asks them, as a table in Markdown. */
export function evaluationOrder(stack: Stack, listener: string): string {
  const rules = Object.values(Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::ListenerRule'))
    .map(({ Properties }) => Properties as Rule)
    .filter(({ ListenerArn }) => ListenerArn.Ref.startsWith(listener))
    .sort((one, other) => one.Priority - other.Priority);
  return [
    '| Priority | Host | Path | And | Goes to |',
    '|---|---|---|---|---|',
    ...rules.map((rule) => `| ${[rule.Priority, host(rule), path(rule), others(rule), action(rule)].join(' | ')} |`),
    '| last | any | any | | 404 |',
  ].join('\n');
}

function host({ Conditions }: Rule): string {
  return list(Conditions.find(({ HostHeaderConfig }) => HostHeaderConfig !== undefined)?.HostHeaderConfig?.Values) ?? 'any';
}

function path({ Conditions }: Rule): string {
  return list(Conditions.find(({ PathPatternConfig }) => PathPatternConfig !== undefined)?.PathPatternConfig?.Values) ?? 'any';
}

function others({ Conditions }: Rule): string {
  return Conditions.flatMap((condition) => [
    list(condition.HttpRequestMethodConfig?.Values),
    condition.HttpHeaderConfig && `\`${condition.HttpHeaderConfig.HttpHeaderName}\` is ${list(condition.HttpHeaderConfig.Values)}`,
    condition.QueryStringConfig && list(condition.QueryStringConfig.Values.map(({ Key, Value }) => `?${Key}=${Value}`)),
    condition.SourceIpConfig && `from ${list(condition.SourceIpConfig.Values)}`,
  ]).filter((text) => text !== undefined).join('; ');
}

function action({ Actions }: Rule): string {
  const target = Actions.find(({ TargetGroupArn }) => TargetGroupArn !== undefined)!.TargetGroupArn!.Ref.split('TargetGroup')[0];
  return Actions.length > 1 ? `${target}, after sign-in` : target;
}

function list(values?: string[]): string | undefined {
  return values?.map((value) => `\`${value}\``).join(', ');
}
