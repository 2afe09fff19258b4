import { referencesIn } from './references';
import type { Template } from './template';

/**
 * The rules whose weights ECS moves from one target group to the other when it shifts traffic. An update that writes such a rule sets the weights back to what
 * the template says, which may be the group without tasks.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
export function liveRulesOf({ resources }: Template): Set<string> {
  const places = Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::ECS::Service')
    .flatMap(({ Properties: { LoadBalancers } }) => (Array.isArray(LoadBalancers) ? LoadBalancers : []))
    .map((place) => place?.AdvancedConfiguration?.ProductionListenerRule);
  return new Set(referencesIn(places).map(({ name }) => name));
}

export const LIVE_RULE_WRITTEN = 'ECS moves the weights of this rule when it shifts traffic, and this update sets them back to those of the template: if the version '
  + 'that runs is behind the other target group, all requests fail until the next deployment has shifted. Make this change by itself, and deploy once more after it.';
