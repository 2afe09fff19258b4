import { writeFileSync } from 'node:fs';

/**
 * Writes all that a log group holds to a file, one line an event, stream by stream.
 *
 * @param {import('./clients.mjs').Aws} aws
 * @param {string} logGroupName
 * @param {string} file
 */
export async function saveLogGroup(aws, logGroupName, file) {
  const lines = [];
  let nextToken;
  do {
    const page = await aws.call('logs', 'FilterLogEvents', { logGroupName, nextToken });
    lines.push(...page.events.map(lineOf));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  writeFileSync(file, lines.join(''));
}

function lineOf({ logStreamName, timestamp, message }) {
  return `${new Date(timestamp).toISOString()} ${logStreamName} ${message.trimEnd()}\n`;
}
