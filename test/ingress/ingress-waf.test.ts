import { Match, Template } from 'aws-cdk-lib/assertions';
import { ClusterIngress, IngressWaf } from '../../src';
import { createCluster, createStack } from '../util/fixtures';

function templateOf(waf: IngressWaf): Template {
  const stack = createStack();
  createCluster(stack, { ingress: ClusterIngress.publicAlb({ waf }) }).publicIngress();
  return Template.fromStack(stack);
}

describe('IngressWaf', () => {
  test('puts the managed rules before the load balancer', () => {
    const template = templateOf(IngressWaf.managedRules());
    const [[webAcl, { Properties }]] = Object.entries(template.findResources('AWS::WAFv2::WebACL'));
    expect(Properties).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
    expect(Properties.Rules.map((rule: Record<string, unknown>) => [rule.Priority, rule.Name, rule.OverrideAction])).toEqual([
      [0, 'AWSManagedRulesAmazonIpReputationList', { None: {} }],
      [1, 'AWSManagedRulesCommonRuleSet', { None: {} }],
      [2, 'AWSManagedRulesKnownBadInputsRuleSet', { None: {} }],
    ]);
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      WebACLArn: { 'Fn::GetAtt': [webAcl, 'Arn'] }, ResourceArn: { Ref: Match.stringLikeRegexp('^PlatformPublicIngressLoadBalancer') },
    });
  });

  test('limits the rate first, and lets single rules count only', () => {
    templateOf(IngressWaf.managedRules({
      ruleGroups: ['AWSManagedRulesCommonRuleSet'],
      countedRules: { AWSManagedRulesCommonRuleSet: ['SizeRestrictions_BODY'] },
      requestsPerFiveMinutes: 2000,
    })).hasResourceProperties('AWS::WAFv2::WebACL', {
      Rules: [
        { Priority: 0, Action: { Block: {} }, Statement: { RateBasedStatement: { Limit: 2000, AggregateKeyType: 'IP', EvaluationWindowSec: 300 } } },
        { Priority: 1, Statement: { ManagedRuleGroupStatement: { RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }] } } },
      ].map(Match.objectLike),
    });
  });

  test('blocks nothing where it counts only', () => {
    templateOf(IngressWaf.managedRules({ ruleGroups: ['AWSManagedRulesCommonRuleSet'], countOnly: true, requestsPerFiveMinutes: 10 }))
      .hasResourceProperties('AWS::WAFv2::WebACL', {
        Rules: [Match.objectLike({ Action: { Count: {} } }), Match.objectLike({ OverrideAction: { Count: {} } })],
      });
  });

  test('that exists is tied to the load balancer, and no other is made', () => {
    const arn = 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/company/11112222';
    const template = templateOf(IngressWaf.existing(arn));
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: arn });
  });

  test('serves the internal load balancer too', () => {
    const stack = createStack();
    createCluster(stack, { internalIngress: ClusterIngress.internalAlb({ waf: IngressWaf.managedRules() }) }).internalIngress();
    Template.fromStack(stack).resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  });

  test('fails when an option is wrong', () => {
    expect(() => IngressWaf.managedRules({ ruleGroups: ['Mine'] })).toThrow("'ruleGroups' must be names of AWS managed rule groups, which begin with "
      + "'AWSManagedRules', got \"Mine\"; make a web ACL with other groups yourself and pass its ARN to IngressWaf.existing");
    for (const group of ['AWSManagedRulesACFPRuleSet', 'AWSManagedRulesATPRuleSet', 'AWSManagedRulesAntiDDoSRuleSet', 'AWSManagedRulesBotControlRuleSet']) {
      expect(() => IngressWaf.managedRules({ ruleGroups: ['AWSManagedRulesCommonRuleSet', group] })).toThrow(new Error(
        `'ruleGroups' must be rule groups that need no settings of the application, got "${group}"; `
        + 'make a web ACL with its settings yourself and pass its ARN to IngressWaf.existing'));
    }
    expect(() => IngressWaf.managedRules({ countedRules: { AWSManagedRulesSQLiRuleSet: ['SQLi_BODY'] } })).toThrow(
      "'countedRules' must be of the rule groups in use, AWSManagedRulesAmazonIpReputationList, AWSManagedRulesCommonRuleSet, "
      + "AWSManagedRulesKnownBadInputsRuleSet, got \"AWSManagedRulesSQLiRuleSet\"; add it to 'ruleGroups'");
    expect(() => IngressWaf.managedRules({ requestsPerFiveMinutes: 9 })).toThrow(
      "'requestsPerFiveMinutes' must be between 10 and 2000000000, got 9; omit it for no limit");
    expect(() => IngressWaf.existing('arn:aws:wafv2:us-east-1:123456789012:global/webacl/company/11112222')).toThrow(
      "'webAclArn' must be the ARN of a web ACL of scope REGIONAL, got \"arn:aws:wafv2:us-east-1:123456789012:global/webacl/company/11112222\"; "
      + 'a web ACL of scope CLOUDFRONT cannot stand before a load balancer');
  });
});
