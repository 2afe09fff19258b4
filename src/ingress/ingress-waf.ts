import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { checkInteger, checkPattern } from '../private/check';
import { fail, show } from '../private/fail';

/** Options of `IngressWaf.managedRules`. */
export interface ManagedRulesOptions {
  /**
   * Names of AWS managed rule groups, asked in this order. Together at most 1500 capacity units, or AWS charges more.
   *
   * Not those that need settings of the application: account creation and takeover prevention, bot control, protection from denial of service.
   *
   * @default - `AWSManagedRulesAmazonIpReputationList`, `AWSManagedRulesCommonRuleSet`, `AWSManagedRulesKnownBadInputsRuleSet`
   * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
   */
  readonly ruleGroups?: string[];

  /**
   * Rules that only count and let pass, by rule group, such as `{ AWSManagedRulesCommonRuleSet: ['SizeRestrictions_BODY'] }`, without which bodies of more
   * than 8 KB are refused.
   *
   * @default - none: each rule blocks
   */
  readonly countedRules?: { [ruleGroup: string]: string[] };

  /**
   * Lets everything pass and counts only: to see on a live application what would be blocked.
   *
   * @default false
   */
  readonly countOnly?: boolean;

  /**
   * Blocks an address while it sends more requests than this in five minutes, 10 to 2000000000.
   *
   * @default - no limit
   */
  readonly requestsPerFiveMinutes?: number;
}

/** What the web ACL of a load balancer is. */
type Firewall = (scope: Construct) => string;

/**
 * A web application firewall before a load balancer: one web ACL for all routes.
 *
 * A value holds no state: one may serve several load balancers, each of which then has an ACL of its own.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html
 */
export class IngressWaf {
  /**
   * A web ACL with rule groups that AWS keeps up to date.
   *
   * Creates the web ACL and its association. The ACL and each rule group cost by the month, and each million requests costs. Blocked requests get 403.
   *
   * @example
   * new FargateCluster(this, 'Platform', {
   *   ingress: ClusterIngress.publicAlb({
   *     waf: IngressWaf.managedRules({
   *       countedRules: { AWSManagedRulesCommonRuleSet: ['SizeRestrictions_BODY'] },
   *       requestsPerFiveMinutes: 2000,
   *     }),
   *   }),
   * });
   */
  public static managedRules(options: ManagedRulesOptions = {}): IngressWaf {
    const groups = [...options.ruleGroups ?? DEFAULT_GROUPS];
    const counted = { ...options.countedRules };
    groups.forEach((group) => checkPattern(undefined, 'ruleGroups', group, /^AWSManagedRules[A-Za-z0-9]{1,100}$/,
      "names of AWS managed rule groups, which begin with 'AWSManagedRules'", 'make a web ACL with other groups yourself and pass its ARN to IngressWaf.existing'));
    rejectConfigured(groups);
    const unknown = Object.keys(counted).find((group) => !groups.includes(group));
    if (unknown !== undefined) {
      fail(undefined, `'countedRules' must be of the rule groups in use, ${groups.join(', ')}, got ${show(unknown)}; add it to 'ruleGroups'`);
    }
    checkInteger(undefined, 'requestsPerFiveMinutes', options.requestsPerFiveMinutes, 10, 2000000000, 'omit it for no limit');
    return new IngressWaf((scope) => new wafv2.CfnWebACL(scope, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('WebAcl'),
      rules: [...rateRule(options), ...groups.map((group) => groupRule(group, counted[group] ?? [], options.countOnly === true))]
        .map((rule, priority) => ({ ...rule, priority })),
    }).attrArn);
  }

  /**
   * A web ACL that exists, of the same account and Region and of scope REGIONAL.
   *
   * Creates the association only. A load balancer has one web ACL.
   *
   * @example
   * new FargateCluster(this, 'Platform', {
   *   ingress: ClusterIngress.publicAlb({
   *     waf: IngressWaf.existing('arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/company/11112222-3333-4444-5555-666677778888'),
   *   }),
   * });
   */
  public static existing(webAclArn: string): IngressWaf {
    checkPattern(undefined, 'webAclArn', webAclArn, /^arn:[^:]+:wafv2:[^:]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+$/,
      'the ARN of a web ACL of scope REGIONAL', 'a web ACL of scope CLOUDFRONT cannot stand before a load balancer');
    return new IngressWaf(() => webAclArn);
  }

  private constructor(private readonly bind: Firewall) {
  }

  /** @internal */
  public _bind(scope: Construct, loadBalancerArn: string): void {
    new wafv2.CfnWebACLAssociation(scope, 'WebAclAssociation', { resourceArn: loadBalancerArn, webAclArn: this.bind(scope) });
  }
}

const DEFAULT_GROUPS = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesCommonRuleSet', 'AWSManagedRulesKnownBadInputsRuleSet'];

/** Rule groups that AWS takes only with settings of the application, such as the paths of its sign-in. */
const CONFIGURED_GROUPS = ['AWSManagedRulesACFPRuleSet', 'AWSManagedRulesATPRuleSet', 'AWSManagedRulesAntiDDoSRuleSet', 'AWSManagedRulesBotControlRuleSet'];

function rejectConfigured(groups: string[]): void {
  const configured = groups.find((group) => CONFIGURED_GROUPS.includes(group));
  if (configured !== undefined) {
    fail(undefined, `'ruleGroups' must be rule groups that need no settings of the application, got ${show(configured)}; `
      + 'make a web ACL with its settings yourself and pass its ARN to IngressWaf.existing');
  }
}

type Rule = Omit<wafv2.CfnWebACL.RuleProperty, 'priority'>;

function groupRule(name: string, counted: string[], countOnly: boolean): Rule {
  return {
    name,
    overrideAction: countOnly ? { count: {} } : { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: counted.length === 0 ? undefined : counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  };
}

/** First, since it is cheaper than to look into a request. */
function rateRule({ requestsPerFiveMinutes, countOnly }: ManagedRulesOptions): Rule[] {
  if (requestsPerFiveMinutes === undefined) return [];
  return [{
    name: 'RequestRate',
    action: countOnly === true ? { count: {} } : { block: {} },
    statement: { rateBasedStatement: { limit: requestsPerFiveMinutes, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
    visibilityConfig: visibility('RequestRate'),
  }];
}

function visibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true };
}
