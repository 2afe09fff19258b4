import { Token, Validations } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { looksLikeSecret } from './plain-secret';

/**
 * Refuses plain variables, or settings of another prop, that look like secrets, unless somebody has said, with a reason, that they are none.
 *
 * It judges at synthesis, so that an acknowledgement may come after the workload is declared. The value is never shown.
 */
export function refusePlainSecrets(scope: Construct, values: Record<string, string>, prop = 'environment'): void {
  scope.node.addValidation({
    validate: () => Object.entries(values).flatMap(([name, value]) => {
      const reason = Token.isUnresolved(value) ? undefined : looksLikeSecret(name, value);
      const id = `cdk-ecs-workloads:plainSecret:${name}`;
      if (reason === undefined || isAcknowledged(scope, id)) return [];
      return [`'${prop}' must hold no secrets, got "${name}": ${reason}; move it to 'secrets', or, if everybody may know it, `
        + `Validations.of(construct).acknowledge({ id: '${id}', reason: '...' })`];
    }),
  });
}

/** On the construct itself or on one above it. */
function isAcknowledged(scope: IConstruct, id: string): boolean {
  return scope.node.scopes.some((construct) => construct.node.metadata
    .filter((entry) => entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .some(({ data }) => id in data || `annotation::${id}` in data));
}
