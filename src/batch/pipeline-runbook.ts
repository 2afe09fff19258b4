import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { BatchJob } from './batch-job';
import { consoleLink, logLink } from './console-links';
import { computeText, conditionText, fanOutText, retryText, sizeText, timeoutText } from './job-texts';
import { Outcomes } from './machine/outcomes';
import { OnJobFailure } from './on-job-failure';
import type { PipelineParameters } from './pipeline-parameters';

/** What a runbook is about. */
export interface RunbookProps {
  readonly description?: string;
  readonly jobs: BatchJob[];
  readonly parameters: PipelineParameters;
  readonly onJobFailure?: OnJobFailure;
  readonly stateMachineArn: string;
  readonly redriveCommand: string;
  readonly logGroupName: string;
}

const PARAMETER_COLUMNS = ['Parameter', 'Must be', 'Default', 'For'];

const COLUMNS = ['Job', 'Waits for', 'Runs', 'Compute', 'Size', 'Time-out', 'Retries', 'Log'];

/** What an on-call person needs to know of a pipeline, in Markdown. */
export function renderRunbook(pipeline: Construct, props: RunbookProps): string {
  const { region } = Stack.of(pipeline);
  const consoleOf = (service: string, place: string) => consoleLink(region, service, place);
  const maySkip = skippable(props.jobs);
  const rows = props.jobs.map((job) => [
    job.node.id,
    job._after.map((earlier) => earlier.node.id).join(', ') || 'nothing',
    [conditionText(job, maySkip) ?? 'always', fanOutText(job)].filter((text) => text !== undefined).join('; '),
    computeText(job),
    sizeText(job),
    `${timeoutText(job)} an attempt`,
    retryText(job),
    `[log](${logLink(region, props.logGroupName, job.node.id)})`,
  ]);
  return [
    `# Pipeline ${pipeline.node.path}`,
    ...(props.description === undefined ? [] : [props.description]),
    `[Executions](${consoleOf('states', `/statemachines/view/${props.stateMachineArn}`)}) · ${failureText(props.onJobFailure)}`,
    table(COLUMNS, rows),
    ...(props.parameters.isEmpty ? [] : ['## Input', table(PARAMETER_COLUMNS, props.parameters.rows)]),
    '## After a failure',
    [
      `1. Find the execution: \`aws stepfunctions list-executions --state-machine-arn ${props.stateMachineArn} --status-filter FAILED\``,
      '2. Read the log of the job that failed, and put right what was wrong.',
      `3. Within 14 days, with the name of the execution: \`${props.redriveCommand}\`. It repeats nothing that has succeeded.`,
    ].join('\n'),
    '',
  ].join('\n\n');
}

function failureText(onJobFailure = OnJobFailure.STOP_OTHERS): string {
  return onJobFailure === OnJobFailure.STOP_OTHERS
    ? 'The first job that fails for good stops the others.'
    : 'When a job fails for good, all that does not wait for it is still done; then the execution fails.';
}

/** The rules are those of the state machine. */
function skippable(jobs: BatchJob[]): (id: string) => boolean {
  const outcomes = new Outcomes(jobs.map((job) => ({
    id: job.node.id,
    after: job._after.map((earlier) => earlier.node.id),
    afterSkipped: job._afterSkipped,
    condition: job._when && { producers: job._when._parts.outputs.map((output) => output.job.node.id) },
  })), false);
  return (id) => outcomes.maySkip(id);
}

function table(columns: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(line)].join('\n');
}
