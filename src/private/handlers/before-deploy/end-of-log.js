'use strict';

const { CloudWatchLogsClient, GetLogEventsCommand } = require('@aws-sdk/client-cloudwatch-logs');

const LINES = 25;

/** The last lines that the container wrote, with their place; what is missing is said, never an error of its own. */
async function endOfLog({ LogGroup, LogStreamPrefix, Container }, task) {
  const logStreamName = `${LogStreamPrefix}/${Container}/${task.taskArn.split('/').pop()}`;
  const place = `log group ${LogGroup}, stream ${logStreamName}`;
  try {
    const { events = [] } = await new CloudWatchLogsClient().send(new GetLogEventsCommand({ logGroupName: LogGroup, logStreamName, limit: LINES, startFromHead: false }));
    if (events.length === 0) return nothing(place);
    return [`The end of its log (${place}):`, ...events.map(({ message }) => message.trimEnd())].join('\n');
  } catch (problem) {
    if (problem.name === 'ResourceNotFoundException') return nothing(place);
    return `Its log could not be read (${problem.name}): ${place}.`;
  }
}

function nothing(place) {
  return `Nothing is in its log (${place}): it wrote nothing, or a log router sends it elsewhere.`;
}

module.exports = { endOfLog };
