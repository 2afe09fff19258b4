import { Match, Template } from 'aws-cdk-lib/assertions';
import { EcsBatchPipeline, EcsMicroservice, EcsQueueWorker, EcsTask, IWatchedWorkload, LogQueries } from '../../src';
import { errorsQuery } from '../../src/observability/query-texts';
import { textOf } from '../util/dashboard-bodies';
import { createCluster, createService, createStack, IMAGE } from '../util/fixtures';

function createAll() {
  const stack = createStack();
  const cluster = createCluster(stack);
  const etl = new EcsBatchPipeline(stack, 'Etl', { cluster });
  const workloads = [
    new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE }),
    new EcsQueueWorker(stack, 'Mailer', { cluster, image: IMAGE }),
    new EcsTask(stack, 'Report', { cluster, image: IMAGE }),
    etl,
  ];
  return { stack, cluster, etl, workloads };
}

/** By name. */
function queriesOf(template: Template): Record<string, { text: string; groups: string[] }> {
  return Object.fromEntries(Object.values(template.findResources('AWS::Logs::QueryDefinition')).map(({ Properties: { Name, QueryString, LogGroupNames } }) => [
    Name, { text: textOf(QueryString), groups: LogGroupNames.map(textOf) },
  ]));
}

describe('LogQueries', () => {
  test('stores three queries over the logs of workloads of every kind', () => {
    const { stack, workloads, etl } = createAll();
    new LogQueries(stack, 'Queries', { workloads });
    etl.addJob('Extract', { image: IMAGE });
    etl.addJob('Load', { image: IMAGE });
    const template = Template.fromStack(stack);
    const queries = queriesOf(template);
    expect(Object.keys(queries)).toEqual(['Stack/Queries/Errors', 'Stack/Queries/Lines', 'Stack/Queries/Streams']);
    const groups = ['Orders', 'Mailer', 'Report', 'Etl'].map((id) => expect.stringMatching(`^<${id}LogGroup`));
    Object.values(queries).forEach((query) => expect(query.groups).toEqual(groups));
    expect(queries['Stack/Queries/Lines'].text).toContain('filter @logStream like /^(ecs\\/App[-\\/]|Extract\\/|Load\\/)/');
  });

  test('asks for streams that the containers have', () => {
    const { stack, workloads, etl } = createAll();
    etl.addJob('Extract', { image: IMAGE });
    new LogQueries(stack, 'Queries', { workloads });
    const template = Template.fromStack(stack);
    const [, pattern] = /like \/(.*)\//.exec(queriesOf(template)['Stack/Queries/Lines'].text)!;
    const containers = Object.values(template.findResources('AWS::ECS::TaskDefinition')).flatMap(({ Properties }) => Properties.ContainerDefinitions);
    const jobs = Object.values(template.findResources('AWS::Batch::JobDefinition')).map(({ Properties }) => Properties.ContainerProperties);
    const streams = [
      ...containers.map(({ Name, LogConfiguration }) => `${LogConfiguration.Options['awslogs-stream-prefix']}/${Name}/0123456789abcdef`),
      ...jobs.map(({ LogConfiguration }) => `${LogConfiguration.Options['awslogs-stream-prefix']}/default/0123456789abcdef`),
    ];
    expect(streams).toHaveLength(4);
    streams.forEach((stream) => expect(stream).toMatch(new RegExp(pattern)));
    expect('ecs/LogRouter/0123456789abcdef').not.toMatch(new RegExp(pattern));
  });

  test.each([
    ['ERROR could not connect', true], ['java.lang.IllegalStateException: no', true], ['{"level":"error","message":"no"}', true], ['Traceback (most recent call last):', true],
    ['panic: runtime', true], ['GET /orders 200', false],
  ])('finds by Errors the line %s: %s', (line, found) => {
    const [, pattern] = /like \/\(\?i\)(.*)\/\n/.exec(errorsQuery())!;
    expect(new RegExp(pattern, 'i').test(line)).toBe(found);
  });

  test('stores further queries, in a folder of one\'s own', () => {
    const { stack, service } = createService();
    const queries = new LogQueries(stack, 'Queries', { workloads: [service], folder: 'Shop' });
    queries.addQuery('Slowest', 'sort ms desc');
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::QueryDefinition', {
      Name: 'Shop/Slowest', QueryString: 'sort ms desc', LogGroupNames: [{ Ref: Match.stringLikeRegexp('^OrdersLogGroup') }],
    });
  });

  test.each(['', ' ', 'x'.repeat(10_001)])('fails when a query is empty or too long', (text) => {
    const { stack, service } = createService();
    const queries = new LogQueries(stack, 'Queries', { workloads: [service] });
    expect(() => queries.addQuery('Slowest', text)).toThrow(new Error(
      `'query' must have 1 to 10000 characters, got ${text.length} for "Slowest"; write a query of Logs Insights (at Stack/Queries)`));
  });

  test('fails when there is no log group, or more than one query goes through', () => {
    const { stack, cluster } = createAll();
    const problem = (count: number, id: string) => new Error(`'workloads' must have 1 to 50 log groups, got ${count}: `
      + `one query goes through no more; make another 'LogQueries' for the others (at Stack/${id})`);
    expect(() => new LogQueries(stack, 'None', { workloads: [] })).toThrow(problem(0, 'None'));
    const workloads: IWatchedWorkload[] = Array.from({ length: 51 }, (_, index) => new EcsBatchPipeline(stack, `Etl${index}`, { cluster }));
    expect(() => new LogQueries(stack, 'Many', { workloads })).toThrow(problem(51, 'Many'));
  });

  test('fails when the folder begins with a slash', () => {
    const { stack, workloads } = createAll();
    expect(() => new LogQueries(stack, 'Queries', { workloads, folder: '/Shop' })).toThrow(new Error(
      "'folder' must be 1 to 200 characters, no space or slash first, got \"/Shop\"; choose another name or omit it (at Stack/Queries)"));
  });
});
