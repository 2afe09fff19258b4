import { duration, renderPairs, renderTable } from '../lib/table.mjs';

/**
 * The page that a person reads at the end.
 *
 * @param {object} result
 * @param {import('./services.mjs').ServiceResult[]} result.services
 * @param {Map<string, string>} result.tasks
 * @param {import('./pipeline.mjs').PipelineResult} result.pipeline
 * @param {import('./pipeline.mjs').Metrics | undefined} result.metrics
 * @param {[string, string][]} result.places where logs and results lie
 */
export function renderReport({ services, tasks, pipeline, metrics, places }) {
  return [renderServices(services, tasks), renderSteps(pipeline.steps), renderMetrics(metrics), renderPairs(places)].join('\n\n');
}

function renderServices(services, tasks) {
  return renderTable(
    [{ title: 'Service' }, { title: 'URL' }, { title: 'Tasks' }, { title: 'Status' }, { title: 'Response time', align: 'right' }],
    services.map(({ name, url, status, milliseconds }) => [name, url, tasks.get(name), status, time(milliseconds)]),
  );
}

function renderSteps(steps) {
  return renderTable(
    [{ title: 'Step' }, { title: 'Status' }, ...['Jobs', 'Attempts', 'Duration'].map((title) => ({ title, align: 'right' }))],
    steps.map(({ name, status, children, attempts, startedAt, endedAt }) => [
      name, status, children, attempts, time(endedAt === undefined ? undefined : endedAt - startedAt),
    ]),
  );
}

function renderMetrics(metrics) {
  if (metrics === undefined) return 'The pipeline has written no metrics.';
  const { trainRows, testRows, r2, mae } = metrics;
  return `What a diamond costs, learned from ${trainRows} and judged by ${testRows} others: r2 ${r2}, mean error ${mae} dollars`;
}

function time(milliseconds) {
  return milliseconds === undefined ? '' : duration(milliseconds);
}
