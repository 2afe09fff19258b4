/** The texts of stored queries, in the language of CloudWatch Logs Insights. No CDK in here. */

/** What lines that tell of an error have in common, in the languages that services are written in. Fields of JSON are part of the message. */
const TROUBLE = '(?i)(error|exception|fatal|panic|traceback)';

/** The latest lines that tell of an error, of whatever container. */
export function errorsQuery(limit = 100): string {
  return [
    'fields @timestamp, @message, @logStream, @log',
    `filter @message like /${TROUBLE}/`,
    'sort @timestamp desc',
    `limit ${limit}`,
  ].join('\n| ');
}

/** The latest lines of the applications themselves, without those of sidecars and proxies. */
export function linesQuery(streams: string[]): string {
  return [
    'fields @timestamp, @message, @logStream, @log',
    `filter @logStream like /^(${streams.map(escape).join('|')})/`,
    'sort @timestamp desc',
    'limit 200',
  ].join('\n| ');
}

/** Each container of each task: from when to when it wrote, and how much. Shows restarts, and which task is which. */
export function streamsQuery(): string {
  return [
    'stats count(*) as lines, min(@timestamp) as since, max(@timestamp) as until by @log, @logStream',
    'sort until desc',
    'limit 200',
  ].join('\n| ');
}

/** A query as the widget of a dashboard has it. */
export function withSource(logGroups: string[], query: string): string {
  return [...logGroups.map((name) => `SOURCE '${name}'`), query].join(' | ');
}

/** A slash ends a regular expression there. */
function escape(stream: string): string {
  return stream.replace(/\//g, '\\/');
}
