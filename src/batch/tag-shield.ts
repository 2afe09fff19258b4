import { type CfnResource, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { warn, WarningId } from '../private/warnings';

/**
 * Keeps the tags of apps and stacks off a resource of AWS Batch: CloudFormation replaces it when a tag changes, and a queue that is replaced takes its jobs
 * along. The jobs get the tags instead.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-jobqueue.html
 */
export function shieldFromTags(resource: CfnResource): void {
  resource.addPropertyDeletionOverride('Tags');
}

/** CloudFormation puts the tags of a stack on all that it can, whatever the template says. */
export function warnOfStackTags(pipeline: Construct): void {
  const names = Object.keys(Stack.of(pipeline).tags.tagValues());
  if (names.length === 0) return;
  warn(pipeline, WarningId.STACK_TAGS_REPLACE_QUEUES, `the stack has tags (${names.join(', ')}), which CloudFormation puts on the queue and the compute environment `
    + 'as well: when one of them changes, it replaces both, and the jobs in the queue are lost. Set the feature flag "@aws-cdk/core:explicitStackTags", '
    + "with which 'Tags.of' tags resources only, or change the tags while no execution is under way");
}
