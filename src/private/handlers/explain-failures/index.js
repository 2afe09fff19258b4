'use strict';

const { createHash } = require('node:crypto');
const { explain } = require('./explain');

const HOUR = 3_600_000;
const NOTE = 'The same failure of the same deployment is told once an hour.';

/** Tells of a failure that ECS has told of. A state machine sends the message: an execution has a name that is its own, so what is told once is not told again. */
exports.handler = async (event) => {
  const found = await explain(event, stoppedTasks);
  if (found === undefined) return;
  const { SFNClient, StartExecutionCommand } = require('@aws-sdk/client-sfn');
  try {
    await new SFNClient().send(new StartExecutionCommand({
      stateMachineArn: process.env.STATE_MACHINE_ARN,
      name: nameOf(found.key, event.time),
      input: JSON.stringify({ subject: subjectOf(found.subject), message: [...found.lines, '', NOTE].join('\n') }),
    }));
  } catch (problem) {
    if (problem.name !== 'ExecutionAlreadyExists') throw problem;
  }
};

function nameOf(key, time) {
  return createHash('sha256').update(JSON.stringify([...key, Math.floor(new Date(time).getTime() / HOUR)])).digest('hex').slice(0, 40);
}

/** SNS takes fewer than 100 characters, of ASCII and on one line. */
function subjectOf(text) {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 99);
}

/** ECS keeps them for an hour. A message without a reason is better than none. */
async function stoppedTasks(cluster, serviceName) {
  const { ECSClient, DescribeTasksCommand, ListTasksCommand } = require('@aws-sdk/client-ecs');
  const ecs = new ECSClient();
  try {
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName, desiredStatus: 'STOPPED', maxResults: 100 }));
    if (taskArns.length === 0) return [];
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    return tasks;
  } catch (problem) {
    console.warn(`the stopped tasks of ${serviceName} could not be looked at: ${problem.message}`);
    return [];
  }
}
