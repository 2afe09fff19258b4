import type * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { EcsBatchPipeline } from './ecs-batch-pipeline';
import { PipelineOutcome } from './pipeline-outcome';
import type { PipelineEndedOptions } from './pipeline-trigger-options';
import { fail } from '../private/fail';
import { SKIPPED_OUTPUT } from '../task/overlap-states';

/** What Step Functions tells of the end of an execution. */
export function endedPattern(
  trigger: Construct, other: EcsBatchPipeline, { outcomes = [PipelineOutcome.SUCCEEDED] }: PipelineEndedOptions,
): events.EventPattern {
  if (outcomes.length === 0) fail(trigger, "'outcomes' must have at least one outcome, got none; omit it for those that succeed");
  return {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: { stateMachineArn: [other.stateMachine.stateMachineArn], ...endsOf([...new Set(outcomes)], other._maySkip) },
  };
}

/** What the output of a skipped execution begins with, however it is spaced; that of any other begins with another key. */
const SKIPPED_START = `{${JSON.stringify(Object.keys(SKIPPED_OUTPUT)[0])}`;

/** An execution that was skipped has done nothing, though it has succeeded; its output tells. */
function endsOf(outcomes: PipelineOutcome[], maySkip: boolean): object {
  if (!maySkip || !outcomes.includes(PipelineOutcome.SUCCEEDED)) return { status: outcomes };
  const succeeded = { status: [PipelineOutcome.SUCCEEDED], output: [{ 'anything-but': { prefix: SKIPPED_START } }] };
  const others = outcomes.filter((outcome) => outcome !== PipelineOutcome.SUCCEEDED);
  return others.length === 0 ? succeeded : { $or: [succeeded, { status: others }] };
}
