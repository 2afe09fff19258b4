'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { ECSClient, DescribeTasksCommand, RunTaskCommand, StopTaskCommand } = require('@aws-sdk/client-ecs');
const { endOfLog } = require('./end-of-log');
const { isRollingBack, respond } = require('../shared/cloudformation');
const { explainStoppedTask } = require('../shared/stopped-task');

/** Before an invocation ends, in milliseconds. */
const HAND_OVER = 30_000;
/** How long after its time-out a task may take to stop: ECS kills it after two minutes at the latest. */
const PATIENCE = 150_000;

/**
 * Runs a task before CloudFormation goes on to the service, once for each revision of the task definition.
 *
 * Properties: Name, Cluster, TaskDefinition, Container, TimeoutSeconds, LogGroup, LogStreamPrefix, Run (what RunTask is given beside).
 */
exports.handler = async (event, context) => {
  const physicalId = event.PhysicalResourceId ?? `${event.LogicalResourceId}-${event.RequestId}`;
  let error;
  try {
    const isOver = await perform(event, context);
    if (!isOver) return;
  } catch (problem) {
    error = problem.message;
    console.error(error); // the text that CloudFormation shows
  }
  await respond(event, { physicalId, error });
};

/** Whether there is an answer: false once another invocation goes on. */
async function perform(event, context) {
  if (!(await mustRun(event))) return true;
  const properties = event.ResourceProperties;
  const ecs = new ECSClient();
  const begun = event.Begun ?? { taskArn: await start(ecs, event), deadline: Date.now() + 1000 * Number(properties.TimeoutSeconds) };
  const task = await waitForEnd(ecs, properties.Cluster, begun, context);
  if (task === undefined) {
    await goOn(event, begun, context);
    return false;
  }
  await judge(properties, task, begun);
  return true;
}

/** A stack that rolls back goes back to a version whose task has run long ago: with a database migrated further, it must not run again. */
async function mustRun(event) {
  if (event.Begun !== undefined) return true;
  if (event.RequestType === 'Delete') return false;
  if (event.RequestType === 'Create') return true;
  if (sameWork(event.ResourceProperties) === sameWork(event.OldResourceProperties)) return false;
  const rollsBack = await isRollingBack(event);
  if (rollsBack) console.log('nothing is run: the stack rolls back');
  return !rollsBack;
}

/** What is run, as against how long it may take and where its output is looked for. */
function sameWork({ TaskDefinition, Run }) {
  return JSON.stringify([TaskDefinition, Run.overrides]);
}

/** The request's id makes it one task, however often Lambda repeats the invocation. */
async function start(ecs, event) {
  const { Cluster, TaskDefinition, Run } = event.ResourceProperties;
  const { tasks = [], failures = [] } = await onceAllowed(() => ecs.send(new RunTaskCommand({
    ...withNumbers(Run),
    cluster: Cluster,
    taskDefinition: TaskDefinition,
    clientToken: event.RequestId,
    startedBy: `before-deploy/${event.LogicalResourceId}`.slice(0, 128),
  })));
  if (tasks.length === 0) {
    const reasons = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(': ')).join('; ');
    throw new Error(`${named(event.ResourceProperties)} could not be started: ${reasons}; the service stays as it is`);
  }
  return tasks[0].taskArn;
}

/** A role that was made a moment ago is not known everywhere in IAM yet. */
async function onceAllowed(call) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (problem) {
      if (problem.name !== 'AccessDeniedException' || attempt === 6) throw problem;
      await sleep(10_000);
    }
  }
}

/** CloudFormation hands every number and every flag to a custom resource as text. */
function withNumbers({ capacityProviderStrategy, ...run }) {
  if (capacityProviderStrategy === undefined) return run;
  const number = (text) => (text === undefined ? undefined : Number(text));
  return { ...run, capacityProviderStrategy: capacityProviderStrategy.map((item) => ({ ...item, base: number(item.base), weight: number(item.weight) })) };
}

/** The stopped task; undefined where this invocation must leave it to the next one. */
async function waitForEnd(ecs, cluster, begun, context) {
  for (;;) {
    try {
      const { tasks: [task] = [], failures = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [begun.taskArn] }));
      if (task === undefined) throw new Error(`ECS does not know task ${begun.taskArn}: ${failures.map(({ reason }) => reason).join('; ')}`);
      if (task.lastStatus === 'STOPPED') return task;
      if (Date.now() > begun.deadline) await stop(ecs, cluster, begun);
    } catch (problem) {
      // one call that fails says nothing of the task, which goes on.
      if (Date.now() > begun.deadline + PATIENCE) throw problem;
      console.warn(problem.message);
    }
    if (context.getRemainingTimeInMillis() < HAND_OVER) return undefined;
    await sleep(Number(process.env.POLL_SECONDS) * 1000);
  }
}

async function stop(ecs, cluster, begun) {
  if (begun.isStopped) return;
  await ecs.send(new StopTaskCommand({ cluster, task: begun.taskArn, reason: 'It took longer than its time-out' }));
  begun.isStopped = true;
}

/** A function lives for 15 minutes, a migration may take longer: the next invocation goes on where this one ends. */
async function goOn(event, begun, context) {
  const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
  await new LambdaClient().send(new InvokeCommand({
    FunctionName: context.invokedFunctionArn, InvocationType: 'Event', Payload: JSON.stringify({ ...event, Begun: begun }),
  }));
}

async function judge(properties, task, begun) {
  const container = task.containers.find(({ name }) => name === properties.Container);
  if (!begun.isStopped && container?.exitCode === 0) {
    console.log(`${named(properties)} ended well`);
    return;
  }
  const why = begun.isStopped
    ? { what: `it took longer than its time-out of ${properties.TimeoutSeconds} seconds and was stopped`, fix: "set a longer 'timeout' (at most 55 minutes), or do the work in the background" }
    : explainStoppedTask(task) ?? { what: `${task.stopCode}: ${task.stoppedReason}`, fix: 'the events of the cluster say who stopped it' };
  throw new Error([
    `${named(properties)} failed, so the service stays as it is: ${why.what}. Likely fix: ${why.fix}.`,
    await endOfLog(properties, task),
  ].join('\n'));
}

function named({ Name, TaskDefinition }) {
  return `task ${Name} before the deployment of ${TaskDefinition.split('/').pop()}`;
}
