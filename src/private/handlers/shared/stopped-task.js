'use strict';

/**
 * Why a task of ECS has stopped, in words for somebody who is woken by it, and what most likely helps. No SDK in here.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */

/** The longest text of ECS that is repeated; the whole one stands in the console. */
const LONGEST = 700;

/**
 * What to look for, the most telling first: a name for it, how to tell it, what happened, what helps. `match` is a pattern for what ECS says of the
 * task and its containers, or a function of it.
 */
const CAUSES = [
  {
    kind: 'out of memory',
    match: /OutOfMemory/i,
    fix: "give the workload more memory (its prop 'size'), or find in its log and metrics what grows; a container that is killed at the same age each time has a leak",
  },
  {
    kind: 'image for another processor',
    match: /does not contain descriptor matching platform|no match for platform|no matching manifest|exec format error/i,
    fix: "build the image for the processor that the task runs on ('docker buildx build --platform linux/amd64,linux/arm64'), or set the architecture in 'size'",
  },
  {
    kind: 'registry limits pulls',
    match: /CannotPull.*(?:toomanyrequests|too many requests|\b429\b)/is,
    fix: 'copy the image to Amazon ECR or pull it by a pull-through cache there: public registries limit pulls by address, and all tasks share that of the NAT gateway',
  },
  {
    kind: 'image cannot be reached',
    match: /CannotPull.*(?:i\/o timeout|context deadline exceeded|connection (?:refused|reset)|no such host|request canceled|connection issue|dial tcp)/is,
    fix: "give the task's subnets a way to the registry: a NAT gateway, or the endpoints ecr.api, ecr.dkr and s3; check the security groups of the endpoints too",
  },
  {
    kind: 'image may not be pulled',
    match: /CannotPull.*(?:accessdenied|not authorized|denied:|forbidden|\b403\b|no basic auth|authorization failed|has the permissions)/is,
    fix: "let the execution role pull the image: the repository's policy must allow it where the repository is another account's, and a private registry needs its credentials",
  },
  {
    kind: 'image not found',
    match: /CannotPull.*(?:not found|manifest unknown|does not exist|doesn't exist|name unknown|repositorynotfound|image.*missing)/is,
    fix: 'push the image, or correct its repository and tag; a tag that a lifecycle rule or a later build has removed is gone for new tasks too',
  },
  {
    kind: 'no room on disk',
    match: /no space left on device/i,
    fix: "give the task a larger disk ('ephemeralStorage' of 'size'), or build a smaller image",
  },
  {
    kind: 'image cannot be pulled',
    match: /CannotPull|pull image manifest|ref pull has been retried/i,
    fix: 'see what the registry says above: the name of the image, the rights of the execution role, or the way to the registry',
  },
  {
    kind: 'key missing in a secret',
    match: /did not contain json key|does not contain json key/i,
    fix: 'put the key into the JSON of the secret, or correct its name where the service names the secret; the value must be one JSON object',
  },
  {
    kind: 'secret missing',
    match: /(?:secret|ssm|parameter|asm).*(?:ResourceNotFoundException|can't find the specified secret|ParameterNotFound|invalid ssm parameters|marked for deletion|staging label)/is,
    fix: 'create the secret or parameter in this account and Region, give it a value, or correct its name; one that is scheduled for deletion counts as missing',
  },
  {
    kind: 'secret may not be read',
    match: /(?:secret|ssm|asm|kms).*(?:AccessDenied|not authorized)/is,
    fix: "let the execution role read the secret and decrypt with its key: a key of your own needs kms:Decrypt, and another account's secret a policy that allows it",
  },
  {
    kind: 'secrets or registry cannot be reached',
    match: /unable to pull secrets or registry auth.*(?:RequestCanceled|RequestError|context deadline|i\/o timeout|connection issue|dial tcp|retried)|connection issue between the task/is,
    fix: "give the task's subnets a way to AWS: a NAT gateway, or the endpoints of Secrets Manager, Parameter Store, ECR and CloudWatch Logs, whose security groups let the tasks in",
  },
  {
    kind: 'log group missing',
    match: /failed to validate logger args|failed to initialize logging driver|log group.*does not exist/is,
    fix: 'deploy the stack again so that its log group exists, and check the way of the task to CloudWatch Logs',
  },
  {
    kind: 'file system cannot be mounted',
    match: /\bEFS\b|failed to invoke.*mount|CannotCreateVolume/i,
    fix: "check that the file system has a mount target in the task's zones, that its security group lets the tasks in on port 2049, and the rights of the task role",
  },
  {
    kind: 'program cannot be started',
    match: /CannotStartContainer|ContainerRuntimeError|executable file not found|no such file or directory|permission denied/i,
    fix: "correct 'command', 'entryPoint' and 'user' of the container: the program must be in the image, executable for that user",
  },
  {
    kind: 'no capacity',
    match: /capacity is unavailable|insufficient capacity|RESOURCE:|no container instance met/i,
    fix: 'wait for the next attempt, or let the service run on more kinds of capacity or in more zones',
  },
  {
    kind: 'container did not become ready',
    match: /dependency|depend on|ContainerDependency/i,
    fix: 'look at the log of the container that the others wait for: its health check or its end decides',
  },
  {
    kind: 'health check of the load balancer failed',
    match: /failed ELB health checks|unhealthy in \(?target-group/i,
    fix: "answer the path of 'healthCheck' with a status that it takes, on the port in PORT, at once and without other systems; a slow start needs a longer grace period",
  },
  {
    kind: 'health check of the container failed',
    match: /failed container health checks/i,
    fix: 'run the command of the health check in the image: its program must be there, and it must end with 0 within its time-out; a slow start needs a start period',
  },
];

/** What ended by itself, by its exit code. */
const EXITS = {
  0: "the process ended by itself, without an error; a service's process must go on running: start it in the foreground",
  126: "the program is not executable: correct 'command', 'entryPoint' and the file's rights",
  127: "the program was not found: correct 'command' and 'entryPoint', or install it in the image",
  134: 'the process aborted itself: the last lines of its log say why',
  137: 'the process was killed: out of memory, or it took longer to stop than its stop time-out; look at the memory in its metrics first',
  139: 'the process crashed by a memory fault: look for native modules that were built for another system or processor',
  143: 'the process ended on SIGTERM: something asked it to stop; if it was not you, look at the events of the service',
};

/**
 * The cause of a stopped task, as in the detail of its event or in DescribeTasks.
 *
 * @returns {{ kind: string, what: string, fix: string } | undefined} undefined where the task ended as it should
 */
function explainStoppedTask(task) {
  const containers = task.containers ?? [];
  const said = [task.stoppedReason, ...containers.map(({ reason }) => reason)].filter(Boolean);
  const cause = CAUSES.find(({ match }) => said.some((text) => match.test(text)));
  const culprit = culpritOf(containers, cause);
  if (cause !== undefined) return { kind: cause.kind, what: whatOf(said, culprit), fix: cause.fix };
  if (task.stopCode === 'EssentialContainerExited') return explainExit(task, culprit, said);
  if (task.stopCode === 'TaskFailedToStart') {
    return { kind: 'task cannot start', what: whatOf(said, culprit), fix: 'see what ECS says above; the console shows the whole text' };
  }
  return undefined;
}

function explainExit(task, culprit, said) {
  const code = culprit?.exitCode;
  // what was run once and has ended well; a task of a service must not end.
  if (code === 0 && !String(task.group).startsWith('service:')) return undefined;
  return {
    kind: code === undefined ? 'container ended' : `exit code ${code}`,
    what: whatOf(said, culprit),
    fix: EXITS[code] ?? 'the application ended with an error: the last lines of its log say which',
  };
}

/** The container to name: the one that ECS has something to say of, else the first that ended with an error, else the first that ended. */
function culpritOf(containers, cause) {
  return containers.find(({ reason }) => reason && cause?.match.test(reason))
    ?? containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0)
    ?? containers.find(({ exitCode }) => exitCode !== undefined);
}

function whatOf(said, culprit) {
  const ended = culprit?.exitCode === undefined ? [] : [`container ${culprit.name} ended with exit code ${culprit.exitCode}`];
  const [first = 'ECS gives no reason', ...others] = [...new Set(said.map((text) => text.trim()))];
  return cut([...[first, ...others].map((text) => text.replace(/\.$/, '')), ...ended].join('; '));
}

function cut(text) {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}

module.exports = { explainStoppedTask, cut };
