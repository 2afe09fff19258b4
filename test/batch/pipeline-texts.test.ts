import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration, Size } from 'aws-cdk-lib/core';
import { createPipeline, definitionOf } from './fixtures';
import { AfterSkipped, EcsBatchPipeline, FanOut, JobCompute, OnJobFailure } from '../../src';
import { IMAGE } from '../util/fixtures';

/** Extract, then Clean beside Score; Publish if the score is good, Report in any case. */
function addJobs(pipeline: EcsBatchPipeline): void {
  const extract = pipeline.addJob('Extract', { image: IMAGE, outputs: ['rows', 'report'] });
  const clean = pipeline.addJob('Clean', { image: IMAGE, inputs: { rows: extract.output('rows') }, fanOut: FanOut.array(50), attempts: 3 });
  const score = pipeline.addJob('Score', {
    image: IMAGE,
    inputs: { rows: extract.output('rows'), report: extract.output('report') },
    outputs: ['metrics'],
    compute: JobCompute.size({ vcpus: 4, memory: Size.gibibytes(16) }),
    timeout: Duration.minutes(90),
  });
  const publish = pipeline.addJob('Publish', { image: IMAGE, after: [clean], when: score.output('metrics').value('label').equalsText('a "b" | <c>') });
  pipeline.addJob('end', { image: IMAGE, after: [publish], afterSkipped: AfterSkipped.RUN });
}

/** What a flowchart says, by a reader of its own: labels by node, and edges. */
function read(chart: string) {
  const [head, ...lines] = chart.trimEnd().split('\n');
  expect(head).toBe('flowchart LR');
  const nodes: Record<string, string> = {};
  const edges: string[] = [];
  for (const line of lines) {
    const node = /^ {2}(\w+)(?:\["([^"]*)"\]|\{\{"([^"]*)"\}\})$/.exec(line);
    const edge = /^ {2}(\w+) (?:-->(?:\|"([^"]*)"\|)?|-\. (added) \.->) (\w+)$/.exec(line);
    expect(node ?? edge).not.toBeNull();
    if (node !== null) nodes[node[1]] = node[2] ?? `? ${node[3]}`;
    else edges.push(`${nodes[edge![1]].split('<br/>')[0]} -${edge![2] ?? edge![3] ?? ''}-> ${nodes[edge![4]].split('<br/>')[0]}`);
  }
  return { nodes: Object.values(nodes), edges };
}

describe('toMermaid', () => {
  test('shows jobs, fan-outs, conditions and what is handed on', () => {
    const { pipeline } = createPipeline();
    addJobs(pipeline);
    expect(read(pipeline.toMermaid())).toEqual({
      nodes: ['Extract', 'Clean<br/>50 items', 'Score', '? Publish<br/>if Score.metrics.label = #34;a #92;#34;b#92;#34; | #60;c#62;#34;', 'end'],
      edges: ['Extract -rows-> Clean', 'Extract -rows, report-> Score', 'Clean --> ? Publish', 'Score --> ? Publish', '? Publish --> end'],
    });
  });

  test('shows what the compiler has added', () => {
    const { pipeline } = createPipeline();
    const [a, b] = ['A', 'B'].map((id) => pipeline.addJob(id, { image: IMAGE }));
    pipeline.addJob('C', { image: IMAGE, after: [a, b] });
    pipeline.addJob('D', { image: IMAGE, after: [b] });
    expect(read(pipeline.toMermaid()).edges).toEqual(['A --> C', 'B --> C', 'B --> D', 'A -added-> D']);
  });

  test('is as a whole what Mermaid reads', () => {
    const { pipeline } = createPipeline();
    const one = pipeline.addJob('One', { image: IMAGE });
    pipeline.addJob('Two', { image: IMAGE, after: [one] });
    expect(pipeline.toMermaid()).toBe('flowchart LR\n  job0["One"]\n  job1["Two"]\n  job0 --> job1\n');
  });

  test('changes nothing: jobs may be added afterwards', () => {
    const { pipeline, template } = createPipeline();
    pipeline.addJob('One', { image: IMAGE });
    pipeline.toMermaid();
    pipeline.toRunbook();
    pipeline.addJob('Two', { image: IMAGE });
    expect(Object.keys(definitionOf(template()).States['One and Two'].Branches)).toHaveLength(2);
  });
});

describe('toRunbook', () => {
  /** Deployed in a dashboard, with `<LogicalId>` in the place of references. */
  function runbookOf(add: (pipeline: EcsBatchPipeline) => void, props = {}): string {
    const { stack, pipeline } = createPipeline(props);
    add(pipeline);
    new cloudwatch.Dashboard(stack, 'Board', { widgets: [[new cloudwatch.TextWidget({ markdown: pipeline.toRunbook() })]] });
    const [, board] = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard')).find(([id]) => id.startsWith('Board'))!;
    const parts: any[] = board.Properties.DashboardBody['Fn::Join'][1];
    return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('')).widgets[0].properties.markdown;
  }
  const cellsOf = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim());
  const rowsOf = (markdown: string) => markdown.split('\n').filter((line) => line.startsWith('|')).map(cellsOf);

  test('has a row for each job', () => {
    const [head, , ...rows] = rowsOf(runbookOf(addJobs));
    expect(head).toEqual(['Job', 'Waits for', 'Runs', 'Compute', 'Size', 'Time-out', 'Retries', 'Log']);
    expect(rows.map((row) => row.slice(0, -1))).toEqual([
      ['Extract', 'nothing', 'always', 'FARGATE, X86_64', '1 vCPU, 2048 MiB', '1 day an attempt', 'a failed process is final; a failed start: 3 attempts'],
      ['Clean', 'Extract', 'always; 50 items', 'FARGATE, X86_64', '1 vCPU, 2048 MiB', '1 day an attempt', '3 attempts in all'],
      ['Score', 'Extract', 'always', 'FARGATE, X86_64', '4 vCPU, 16384 MiB', '1 hour 30 minutes an attempt', 'a failed process is final; a failed start: 3 attempts'],
      ['Publish', 'Clean, Score', 'only if Score.metrics.label = "a \\"b\\" \\| <c>"', 'FARGATE, X86_64', '1 vCPU, 2048 MiB', '1 day an attempt',
        'a failed process is final; a failed start: 3 attempts'],
      ['end', 'Publish', 'runs even if what it waits for was skipped', 'FARGATE, X86_64', '1 vCPU, 2048 MiB', '1 day an attempt',
        'a failed process is final; a failed start: 3 attempts'],
    ]);
  });

  test('links to the log of each job', () => {
    const [, , [...cells]] = rowsOf(runbookOf(addJobs));
    expect(cells.at(-1)).toMatch(new RegExp(
      '^\\[log\\]\\(https://us-east-1\\.console\\.aws\\.amazon\\.com/cloudwatch/home\\?region=us-east-1#logsV2:log-groups/log-group/<EtlLogGroup[0-9A-F]+>'
      + '\\$3FlogStreamNameFilter\\$3DExtract\\)$'));
  });

  test('says what is for, what a failure does and what to do then', () => {
    const stop = runbookOf(addJobs, { description: 'Trains the model.' });
    expect(stop).toMatch(/^# Pipeline Stack\/Etl\n\nTrains the model\.\n\n\[Executions\]\(https:.*statemachines\/view\/<EtlStateMachine[^>]*>\) · The first job that fails for good stops the others\./);
    expect(stop).toMatch(/list-executions --state-machine-arn <EtlStateMachine[^>]*> --status-filter FAILED/);
    expect(runbookOf(addJobs, { onJobFailure: OnJobFailure.FINISH_OTHERS }))
      .toContain('When a job fails for good, all that does not wait for it is still done; then the execution fails.');
  });

  test.each([
    [(bucket: s3.IBucket) => FanOut.objects(bucket, 'in/', { maxConcurrency: 7 }), 'an item for each object, 7 at once'],
    [(bucket: s3.IBucket) => FanOut.csv(bucket, 'list.csv'), 'an item for each row, 40 at once'],
    [(bucket: s3.IBucket) => FanOut.json(bucket, 'list.json'), 'an item for each element, 40 at once'],
  ])('tells of items %#', (fanOut, text) => {
    const runbook = runbookOf((pipeline) => pipeline.addJob('Each', { image: IMAGE, fanOut: fanOut(s3.Bucket.fromBucketName(pipeline, 'Given', 'given')) }));
    expect(rowsOf(runbook)[2][2]).toBe(`always; ${text}`);
  });
});
