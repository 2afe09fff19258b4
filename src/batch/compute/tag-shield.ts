import type { CfnResource } from 'aws-cdk-lib/core';
import { Stack, Token } from 'aws-cdk-lib/core';
import { warn, WarningId } from '../../private/warnings';

/** The stacks that were looked at already. */
const guarded = new WeakSet<Stack>();

/**
 * Keeps the tags of the app and of the stack off a Batch resource.
 *
 * CloudFormation replaces compute environments, queues, scheduling policies and job definitions when a tag of theirs changes; with a queue its jobs end, and
 * job definitions that executions under way still need are deregistered. A tag in the template would only have to be renamed for it.
 *
 * CloudFormation hands tags of the stack itself on to all resources, which no template can keep off: of these it warns.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-computeenvironment.html
 */
export function shieldFromTags<T extends CfnResource>(resource: T): T {
  resource.addPropertyDeletionOverride('Tags');
  const stack = Stack.of(resource);
  if (!guarded.has(stack)) {
    guarded.add(stack);
    stack.node.addValidation({ validate: () => warnOfStackTags(stack) });
  }
  return resource;
}

function warnOfStackTags(stack: Stack): string[] {
  const tags = Object.keys(stack.tags.tagValues()).filter((key) => !Token.isUnresolved(key));
  if (tags.length > 0) {
    warn(stack, WarningId.STACK_TAGS_REPLACE_BATCH, `the stack itself has the tags ${tags.sort().join(', ')}, which CloudFormation hands on to its Batch resources: `
      + 'when one of them changes, it replaces queues and compute environments, and the jobs in them end; set the feature flag '
      + '\'@aws-cdk/core:explicitStackTags\', which keeps Tags.of() away from stacks, or keep these tags as they are');
  }
  return [];
}
