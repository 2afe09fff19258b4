import type { BatchJob } from './batch-job';
import type { AddedEdge } from './graph/job-graph';
import { fanOutText } from './job-texts';

/**
 * The graph of the jobs as a flowchart of Mermaid.
 *
 * Jobs are numbered: some ids, such as `end`, mean something to Mermaid. A job with a condition is a hexagon. Edges that carry data have the names of the
 * outputs; dotted ones were added by the compiler.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function renderMermaid(jobs: BatchJob[], added: AddedEdge[]): string {
  const nodes = new Map(jobs.map((job, index) => [job.node.id, `job${index}`]));
  return [
    'flowchart LR',
    ...jobs.map((job) => `  ${nodes.get(job.node.id)}${shape(job)}`),
    ...jobs.flatMap((job) => job._after.map((earlier) => `  ${nodes.get(earlier.node.id)} -->${dataLabel(earlier, job)} ${nodes.get(job.node.id)}`)),
    ...added.map(({ earlier, later }) => `  ${nodes.get(earlier)} -. added .-> ${nodes.get(later)}`),
    '',
  ].join('\n');
}

function shape(job: BatchJob): string {
  const lines = [job.node.id, fanOutText(job), job._when && `if ${job._when._parts.text}`].filter((line) => line !== undefined);
  const label = `"${lines.map(escape).join('<br/>')}"`;
  return job._when === undefined ? `[${label}]` : `{{${label}}}`;
}

function dataLabel(earlier: BatchJob, later: BatchJob): string {
  const names = [...Object.values(later._inputs), ...later._submission.fanOut?._inputs ?? []]
    .filter((output) => output.job === earlier)
    .map((output) => output.name);
  return names.length === 0 ? '' : `|"${[...new Set(names)].map(escape).join(', ')}"|`;
}

/** Entities of Mermaid are those of HTML, with `#` in the place of `&`. */
function escape(text: string): string {
  return text.replace(/["#&;<>\\`]/g, (character) => `#${character.charCodeAt(0)};`).replace(/\s+/g, ' ');
}
