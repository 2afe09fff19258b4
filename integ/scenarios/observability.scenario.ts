import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { ended } from './executions';
import type { Scenario, Steps } from './scenario';
import { until } from './waiting';
import {
  ClusterProfile, EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, EcsTask, FargateCluster, IWatchedWorkload, LogEntry, LogQueries,
  ServiceProtocol, ServiceScaling, TaskTrigger, WorkerScaling, WorkloadDashboard, WorkloadLogs,
} from '../../src';

const STACK = 'ScenarioObservability';
const KINDS = ['Service', 'Worker', 'Task', 'Pipeline'];
const LOOK_AT = 'the log groups of the workloads';

type Outputs = Record<string, string>;
type Row = Record<string, string>;

/** Workloads of each kind write; the stored queries find what they wrote, by its group and stream. A dashboard and the settings of logs read back, and change. */
export const scenario: Scenario = {
  stack: STACK,

  declare(app: App, phase: string): void {
    const stack = new Stack(app, STACK);
    const workloads = declareWorkloads(stack);
    const queries = new LogQueries(stack, 'Queries', { workloads: Object.values(workloads), folder: STACK });
    queries.addQuery('Ups', 'fields who | filter level = "info" | sort who asc');
    new WorkloadDashboard(stack, 'Dashboard', { workloads: Object.values(workloads), dashboardName: STACK, errorLines: phase !== 'last' });
    WorkloadLogs.of(workloads.Service).joinLines(LogEntry.startsWith('^\\S'));
    const encryptionKey = new kms.Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY });
    WorkloadLogs.of(workloads.Pipeline).keep(phase === 'last' ? { retention: logs.RetentionDays.ONE_DAY } : { retention: logs.RetentionDays.ONE_YEAR, encryptionKey });
    KINDS.forEach((kind) => new CfnOutput(stack, `${kind}Logs`, { value: workloads[kind].logGroup.logGroupName }));
    new CfnOutput(stack, 'KeyArn', { value: encryptionKey.keyArn });
    new CfnOutput(stack, 'Machine', { value: (workloads.Pipeline as EcsBatchPipeline).stateMachine.stateMachineArn });
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    const { executionArn } = await steps.call('sfn', 'StartExecution', { stateMachineArn: outputs.Machine });
    steps.checks.equal('the pipeline succeeds', (await ended(steps, executionArn)).status, 'SUCCEEDED', LOOK_AT);
    await queriesFindLines(steps, outputs);
    await dashboardReadsBack(steps);
    await keptAs(steps, outputs, 365, outputs.KeyArn);

    await steps.deploy('last');
    await keptAs(steps, outputs, 1, undefined);
    steps.checks.equal('the dashboard has lost its log', (await widgets(steps)).filter(({ type }) => type === 'log'), [], STACK);
  },
};

function declareWorkloads(stack: Stack): Record<string, IWatchedWorkload> {
  const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
  const image = ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/talker'));
  const saying = (WHO: string, STAYS: string) => ({ cluster, image, environment: { WHO, STAYS } });
  const pipeline = new EcsBatchPipeline(stack, 'Pipeline', { cluster });
  pipeline.addJob('Talk', { image, environment: { WHO: 'Pipeline' } });
  return {
    Service: new EcsMicroservice(stack, 'Service', { ...saying('Service', 'true'), protocol: ServiceProtocol.noPort(), scaling: ServiceScaling.fixed(1) }),
    Worker: new EcsQueueWorker(stack, 'Worker', { ...saying('Worker', 'true'), scaling: WorkerScaling.fixed(1) }),
    Task: new EcsTask(stack, 'Task', { ...saying('Task', 'false'), trigger: TaskTrigger.deployment() }),
    Pipeline: pipeline,
  };
}

async function queriesFindLines(steps: Steps, outputs: Outputs): Promise<void> {
  const { queryDefinitions } = await steps.call('logs', 'DescribeQueryDefinitions', { queryDefinitionNamePrefix: `${STACK}/` });
  const stored = Object.fromEntries(queryDefinitions.map(({ name, ...query }: any) => [name.slice(STACK.length + 1), query]));
  steps.checks.equal('the queries are stored', Object.keys(stored).sort(), ['Errors', 'Lines', 'Streams', 'Ups'], STACK);
  steps.checks.equal('they go through the logs of all', stored.Lines.logGroupNames, KINDS.map((kind) => outputs[`${kind}Logs`]), STACK);

  const errors = await answer(steps, stored.Errors, 4);
  const ofKind = (rows: Row[]) => Object.fromEntries(KINDS.map((kind) => [kind, rows.filter((row) => row['@log'].endsWith(`:${outputs[`${kind}Logs`]}`))]));
  const streams = { Service: 'ecs/App/', Worker: 'ecs/App/', Task: 'ecs/App/', Pipeline: 'Talk/default/' };
  for (const [kind, [error]] of Object.entries(ofKind(errors))) {
    steps.checks.contains(`Errors finds that of the ${kind}`, error['@message'], `ERROR ${kind} cannot go on`, LOOK_AT);
    steps.checks.contains(`in its stream (${kind})`, error['@logStream'], streams[kind as keyof typeof streams], LOOK_AT);
  }
  steps.checks.equal('an entry of the service has all of its lines', ofKind(errors).Service[0]['@message'].split('\n').length, 3, LOOK_AT);

  const lines = ofKind(await answer(steps, stored.Lines, 22));
  steps.checks.equal('Lines finds all that was written', KINDS.map((kind) => lines[kind].length), [4, 6, 6, 6], LOOK_AT);
  const counted = ofKind(await answer(steps, stored.Streams, 4));
  steps.checks.equal('Streams counts it', KINDS.map((kind) => counted[kind].map((row) => row.lines)), [['4'], ['6'], ['6'], ['6']], LOOK_AT);
  steps.checks.equal('a query of one\'s own finds fields of JSON', (await answer(steps, stored.Ups, 4)).map(({ who }) => who), [...KINDS].sort(), LOOK_AT);
}

/** Lines take their time from a container to a query. */
async function answer(steps: Steps, { queryString, logGroupNames }: any, rows: number): Promise<Row[]> {
  return until(`${rows} rows of: ${queryString}`, async () => {
    const now = Math.floor(Date.now() / 1000);
    const { queryId } = await steps.call('logs', 'StartQuery', { logGroupNames, queryString, startTime: now - 3600, endTime: now + 60 });
    const { results } = await until('a query is complete', async () => {
      const found = await steps.call('logs', 'GetQueryResults', { queryId });
      return found.status === 'Complete' ? found : undefined;
    });
    const found: Row[] = results.map((row: any[]) => Object.fromEntries(row.map(({ field, value }) => [field, value])));
    return found.length >= rows ? found : undefined;
  });
}

async function widgets(steps: Steps): Promise<any[]> {
  const { DashboardBody } = await steps.call('cloudwatch', 'GetDashboard', { DashboardName: STACK });
  return JSON.parse(DashboardBody).widgets;
}

async function dashboardReadsBack(steps: Steps): Promise<void> {
  const found = await widgets(steps);
  const headings = found.filter(({ properties }) => properties.markdown?.startsWith('## ')).map(({ properties }) => properties.markdown);
  steps.checks.equal('the dashboard answers the questions', headings, ['## Is it up?', '## Is it slow, does it fail?', '## Is it full?', '## What changed?'], STACK);
  steps.checks.equal('no name is left open', JSON.stringify(found).includes('Token['), false, STACK);
}

async function keptAs(steps: Steps, { PipelineLogs }: Outputs, days: number, key?: string): Promise<void> {
  const { logGroups: [group] } = await steps.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: PipelineLogs });
  steps.checks.equal(`the log of the pipeline is kept for ${days} days`, [group.retentionInDays, group.kmsKeyId], [days, key], PipelineLogs);
}
