'use strict';

const { explainStoppedTask, cut } = require('../shared/stopped-task');

/**
 * From an event of ECS to a message for whoever is on call. No SDK in here: `stoppedTasks(cluster, service)` gives the tasks of a service that have stopped.
 *
 * @returns {Promise<{ key: string[], subject: string, lines: string[] } | undefined>} undefined for what needs no message; `key` is the same for what is the same failure; the subject may be cut at its end
 */
async function explain(event, stoppedTasks) {
  switch (event['detail-type']) {
    case 'ECS Task State Change': return explainTask(event);
    case 'ECS Deployment State Change': return explainDeployment(event, stoppedTasks);
    case 'ECS Service Action': return explainAction(event, stoppedTasks);
    default: return undefined;
  }
}

function explainTask({ region, detail }) {
  const cause = explainStoppedTask(detail);
  if (cause === undefined) return undefined;
  const cluster = lastPart(detail.clusterArn);
  const who = ownerOf(detail.group);
  const isOfService = detail.group?.startsWith('service:');
  const page = `${consoleOf(detail.taskArn, region)}/ecs/v2/clusters/${cluster}/tasks/${lastPart(detail.taskArn)}`;
  return {
    key: [detail.clusterArn, detail.group, isOfService ? detail.startedBy : '', cause.kind],
    subject: `${cause.kind}: ${who}`,
    lines: [
      `A task of ${who} in cluster ${cluster} has stopped: ${cause.kind}.`,
      '',
      `What ECS says: ${cause.what}.`,
      `Likely fix: ${cause.fix}.`,
      '',
      `Task definition: ${lastPart(detail.taskDefinitionArn)}`,
      `Stopped at: ${detail.stoppedAt ?? detail.updatedAt ?? 'unknown'}`,
      `Task: ${page}/configuration?region=${region}`,
      `Log: ${page}/logs?region=${region}`,
    ],
  };
}

/** What stops a deployment although its tasks run. */
const DECISIONS = [
  {
    pattern: /alarm/i,
    kind: 'alarm',
    lines: ['Likely fix: look at the alarms that are in ALARM: they say what the new version does worse than the old one; compare its log with that of the old one.'],
  },
  {
    pattern: /hook/i,
    kind: 'hook',
    lines: ['Likely fix: a smoke test or a function of the deployment failed, or an approval was refused or came too late: '
      + 'the service deployment says which one (aws ecs describe-service-deployments), and the log of the function says why.'],
  },
];

async function explainDeployment({ region, resources: [arn], detail }, stoppedTasks) {
  const { cluster, service, page } = placeOf(arn, region);
  const why = DECISIONS.find(({ pattern }) => pattern.test(detail.reason)) ?? await whyTasksStop(cluster, service, stoppedTasks, detail.deploymentId);
  return {
    key: [arn, detail.deploymentId, 'deployment failed'],
    subject: `deployment failed${why.kind === undefined ? '' : ` (${why.kind})`}: service ${service}`,
    lines: [
      `The deployment of service ${service} in cluster ${cluster} has failed${why.kind === undefined ? '' : `: ${why.kind}`}.`,
      '',
      `What ECS says: ${cut(String(detail.reason ?? 'nothing')).replace(/\.$/, '')}.`,
      ...why.lines,
      'What happens now: ECS goes back to the last version that was steady, if there is one. A stack that waits for the deployment fails and rolls back.',
      '',
      `Deployment: ${detail.deploymentId}`,
      `Service: ${page}/deployments?region=${region}`,
    ],
  };
}

/** What the scheduler of ECS says of a service: what it cannot do, and what helps. */
const ACTIONS = {
  SERVICE_TASK_PLACEMENT_FAILURE: {
    kind: 'no place for a task',
    fix: 'on Fargate, wait or allow more zones and capacity providers; on instances, raise the maximum of the capacity, take larger instances or smaller tasks',
  },
  SERVICE_TASK_CONFIGURATION_FAILURE: {
    kind: 'task cannot be configured',
    fix: 'see that ECS may assume the roles of the task, that its subnets and security groups exist, and that they belong to one VPC',
  },
  SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED: {
    kind: 'daemon in the wrong place',
    fix: 'deploy the service again, or end the instance: its attributes are no longer those that the service asks for',
  },
  SERVICE_TASK_START_IMPAIRED: { kind: 'tasks do not stay up' },
};

async function explainAction({ region, resources: [arn], detail }, stoppedTasks) {
  const action = ACTIONS[detail.eventName];
  if (action === undefined) return undefined;
  const { cluster, service, page } = placeOf(arn, region);
  const why = action.fix === undefined ? await whyTasksStop(cluster, service, stoppedTasks) : { lines: [`Likely fix: ${action.fix}.`] };
  return {
    key: [arn, action.kind],
    subject: `${action.kind}: service ${service}`,
    lines: [
      `Service ${service} in cluster ${cluster}: ${action.kind}.`,
      '',
      `What ECS says: ${cut([detail.eventName, detail.reason].filter(Boolean).join(': '))}.`,
      ...why.lines,
      '',
      `Service: ${page}/events?region=${region}`,
    ],
  };
}

/** Of the tasks of the deployment, else of the service, the one that stopped last and did not end as it should. */
async function whyTasksStop(cluster, service, stoppedTasks, deploymentId) {
  const tasks = [...await stoppedTasks(cluster, service)].sort((one, other) => timeOf(other) - timeOf(one));
  const own = tasks.filter(({ startedBy }) => startedBy === deploymentId);
  for (const task of [...own, ...tasks]) {
    const cause = explainStoppedTask(task);
    if (cause !== undefined) {
      return { kind: cause.kind, lines: [`Why its tasks stop (${lastPart(task.taskArn)}): ${cause.what}.`, `Likely fix: ${cause.fix}.`] };
    }
  }
  return { lines: ['Likely fix: look at the events of the service and at its log; ECS knows of no task that has stopped.'] };
}

function timeOf({ stoppedAt }) {
  return new Date(stoppedAt ?? 0).getTime();
}

function ownerOf(group = '') {
  const name = group.slice(group.indexOf(':') + 1);
  return group.startsWith('service:') ? `service ${name}` : `task ${name}`;
}

/** `arn:aws:ecs:region:account:service/cluster/service` */
function placeOf(arn, region) {
  const [, cluster, service] = arn.split(':').slice(5).join(':').split('/');
  return { cluster, service, page: `${consoleOf(arn, region)}/ecs/v2/clusters/${cluster}/services/${service}` };
}

const CONSOLES = { 'aws-cn': 'console.amazonaws.cn', 'aws-us-gov': 'console.amazonaws-us-gov.com' };

function consoleOf(arn, region) {
  return `https://${region}.${CONSOLES[arn.split(':')[1]] ?? 'console.aws.amazon.com'}`;
}

function lastPart(arn = '') {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

module.exports = { explain };
