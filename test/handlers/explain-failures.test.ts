import { deployment, EcsEvent, serviceAction, stoppedTask } from './ecs-events';
import { answer, awsError, inputsOf } from './sdk';

jest.mock('@aws-sdk/client-ecs', () => jest.requireActual('./sdk').module);
jest.mock('@aws-sdk/client-sfn', () => jest.requireActual('./sdk').module);

const { handler } = jest.requireActual('../../src/private/handlers/explain-failures/index.js');

const TASK_PAGE = 'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/shop/tasks/c13b4cb40f1f4fe4a2971f76ae5a47ad';
const SERVICE_PAGE = 'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/orders';
const NOTE = ['', 'The same failure of the same deployment is told once an hour.'];
const EXITED = 'Essential container in task exited';
const UNABLE = 'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ';

interface Message {
  readonly subject: string;
  readonly message: string;
}

/** What is told of an event; undefined for nothing. */
async function told(event: EcsEvent, stopped: EcsEvent[] = []): Promise<Message & { name: string } | undefined> {
  answer({
    StartExecution: () => ({}),
    ListTasks: () => ({ taskArns: stopped.map(({ detail }) => detail.taskArn) }),
    DescribeTasks: () => ({ tasks: stopped.map(({ detail }) => detail) }),
  });
  await handler(event);
  const [started] = inputsOf('StartExecution');
  return started && { name: started.name, ...JSON.parse(started.input) };
}

const ofTask = (kind: string, says: string, fix: string) => [
  `A task of service orders in cluster shop has stopped: ${kind}.`,
  '',
  `What ECS says: ${says}.`,
  `Likely fix: ${fix}.`,
  '',
  'Task definition: orders:7',
  'Stopped at: 2026-11-25T03:12:57.103Z',
  `Task: ${TASK_PAGE}/configuration?region=eu-west-1`,
  `Log: ${TASK_PAGE}/logs?region=eu-west-1`,
  ...NOTE,
].join('\n');

beforeEach(() => {
  process.env.STATE_MACHINE_ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:teller';
  jest.spyOn(console, 'warn').mockImplementation();
});

describe('a task that has stopped', () => {
  test.each<[string, EcsEvent, string, string]>([
    [
      'out of memory',
      stoppedTask('EssentialContainerExited', EXITED, { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }),
      `${EXITED}; OutOfMemoryError: Container killed due to memory usage; container App ended with exit code 137`,
      "give the workload more memory (its prop 'size'), or find in its log and metrics what grows; a container that is killed at the same age each time has a leak",
    ],
    [
      'image not found',
      stoppedTask('TaskFailedToStart', 'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref '
        + '111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:7: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:7: not found'),
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref '
        + '111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:7: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:7: not found',
      'push the image, or correct its repository and tag; a tag that a lifecycle rule or a later build has removed is gone for new tasks too',
    ],
    [
      'image for another processor',
      stoppedTask('TaskFailedToStart', "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/arm64'"),
      "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/arm64'",
      "build the image for the processor that the task runs on ('docker buildx build --platform linux/amd64,linux/arm64'), or set the architecture in 'size'",
    ],
    [
      'registry limits pulls',
      stoppedTask('TaskFailedToStart', 'CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code '
        + 'https://registry-1.docker.io/v2/library/nginx/manifests/sha256:ab12: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.'),
      'CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code '
        + 'https://registry-1.docker.io/v2/library/nginx/manifests/sha256:ab12: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit',
      'copy the image to Amazon ECR or pull it by a pull-through cache there: public registries limit pulls by address, and all tasks share that of the NAT gateway',
    ],
    [
      'image cannot be reached',
      stoppedTask('TaskFailedToStart', 'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref docker.io/library/nginx:1.29: '
        + 'failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.29": dial tcp 34.205.13.154:443: i/o timeout'),
      'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref docker.io/library/nginx:1.29: '
        + 'failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.29": dial tcp 34.205.13.154:443: i/o timeout',
      "give the task's subnets a way to the registry: a NAT gateway, or the endpoints ecr.api, ecr.dkr and s3; check the security groups of the endpoints too",
    ],
    [
      'image may not be pulled',
      stoppedTask('TaskFailedToStart', 'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 444455556666.dkr.ecr.eu-west-1.amazonaws.com/base:1: '
        + 'pulling from host 444455556666.dkr.ecr.eu-west-1.amazonaws.com failed with status code [manifests 1]: 403 Forbidden'),
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 444455556666.dkr.ecr.eu-west-1.amazonaws.com/base:1: '
        + 'pulling from host 444455556666.dkr.ecr.eu-west-1.amazonaws.com failed with status code [manifests 1]: 403 Forbidden',
      "let the execution role pull the image: the repository's policy must allow it where the repository is another account's, and a private registry needs its credentials",
    ],
    [
      'secret missing',
      stoppedTask('TaskFailedToStart', `${UNABLE}unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret `
        + 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf from secrets manager: ResourceNotFoundException: Secrets Manager can\'t find the specified secret.'),
      `${UNABLE}unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret `
        + 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf from secrets manager: ResourceNotFoundException: Secrets Manager can\'t find the specified secret',
      'create the secret or parameter in this account and Region, give it a value, or correct its name; one that is scheduled for deletion counts as missing',
    ],
    [
      'secret missing',
      stoppedTask('TaskFailedToStart', `${UNABLE}unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /shop/key`),
      `${UNABLE}unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /shop/key`,
      'create the secret or parameter in this account and Region, give it a value, or correct its name; one that is scheduled for deletion counts as missing',
    ],
    [
      'key missing in a secret',
      stoppedTask('TaskFailedToStart', `${UNABLE}unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key password`),
      `${UNABLE}unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key password`,
      'put the key into the JSON of the secret, or correct its name where the service names the secret; the value must be one JSON object',
    ],
    [
      'secret may not be read',
      stoppedTask('TaskFailedToStart', `${UNABLE}unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret db from secrets manager: `
        + 'AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/exec/c13b is not authorized to perform: secretsmanager:GetSecretValue'),
      `${UNABLE}unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret db from secrets manager: `
        + 'AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/exec/c13b is not authorized to perform: secretsmanager:GetSecretValue',
      "let the execution role read the secret and decrypt with its key: a key of your own needs kms:Decrypt, and another account's secret a policy that allows it",
    ],
    [
      'secrets or registry cannot be reached',
      stoppedTask('TaskFailedToStart', `${UNABLE}unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: `
        + 'Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 10.0.1.2:443: i/o timeout'),
      `${UNABLE}unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: `
        + 'Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 10.0.1.2:443: i/o timeout',
      "give the task's subnets a way to AWS: a NAT gateway, or the endpoints of Secrets Manager, Parameter Store, ECR and CloudWatch Logs, whose security groups let the tasks in",
    ],
    [
      'health check of the load balancer failed',
      stoppedTask('ServiceSchedulerInitiated', 'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/orders/73e2d6bc24d8a067)', { exitCode: 143 }),
      'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/orders/73e2d6bc24d8a067); container App ended with exit code 143',
      "answer the path of 'healthCheck' with a status that it takes, on the port in PORT, at once and without other systems; a slow start needs a longer grace period",
    ],
    [
      'health check of the container failed',
      stoppedTask('ServiceSchedulerInitiated', 'Task failed container health checks', { exitCode: 143 }),
      'Task failed container health checks; container App ended with exit code 143',
      'run the command of the health check in the image: its program must be there, and it must end with 0 within its time-out; a slow start needs a start period',
    ],
    [
      'program cannot be started',
      stoppedTask('TaskFailedToStart', 'Task failed to start', { reason: 'CannotStartContainerError: failed to create shim task: OCI runtime create failed: exec: "serve": executable file not found in $PATH' }),
      'Task failed to start; CannotStartContainerError: failed to create shim task: OCI runtime create failed: exec: "serve": executable file not found in $PATH',
      "correct 'command', 'entryPoint' and 'user' of the container: the program must be in the image, executable for that user",
    ],
    [
      'exit code 1',
      stoppedTask('EssentialContainerExited', EXITED, { exitCode: 1 }),
      `${EXITED}; container App ended with exit code 1`,
      'the application ended with an error: the last lines of its log say which',
    ],
    [
      'exit code 0',
      stoppedTask('EssentialContainerExited', EXITED, { exitCode: 0 }),
      `${EXITED}; container App ended with exit code 0`,
      "the process ended by itself, without an error; a service's process must go on running: start it in the foreground",
    ],
    [
      'exit code 139',
      stoppedTask('EssentialContainerExited', EXITED, { exitCode: 139 }),
      `${EXITED}; container App ended with exit code 139`,
      'the process crashed by a memory fault: look for native modules that were built for another system or processor',
    ],
    [
      'task cannot start',
      stoppedTask('TaskFailedToStart', 'Something that ECS has never said before.'),
      'Something that ECS has never said before',
      'see what ECS says above; the console shows the whole text',
    ],
  ])('%s', async (kind, event, says, fix) => {
    const { subject, message } = (await told(event))!;
    expect(subject).toBe(`${kind}: service orders`);
    expect(message).toBe(ofTask(kind, says, fix));
  });

  test('of a task that is run once: named by its family, and told of only if it has failed', async () => {
    const run = (exitCode: number) => stoppedTask('EssentialContainerExited', EXITED, { exitCode }, { group: 'family:report' });
    expect((await told(run(2)))!.subject).toBe('exit code 2: task report');
    expect(await told(run(0))).toBeUndefined();
  });

  test.each<[string, EcsEvent]>([
    ['scaled in', stoppedTask('ServiceSchedulerInitiated', 'Scaling activity initiated by (deployment ecs-svc/8456221238475293018)', { exitCode: 143 })],
    ['stopped by somebody', stoppedTask('UserInitiated', 'Task stopped by user', { exitCode: 143 })],
    ['taken back by Spot', stoppedTask('SpotInterruption', 'Your Spot Task was interrupted.', { exitCode: 143 })],
  ])('that was %s is not told of', async (_, event) => {
    expect(await told(event)).toBeUndefined();
  });
});

describe('a deployment that has failed', () => {
  const FAILED = deployment('ECS deployment circuit breaker: tasks failed to start.');
  const rest = [
    'What happens now: ECS goes back to the last version that was steady, if there is one. A stack that waits for the deployment fails and rolls back.',
    '',
    'Deployment: ecs-svc/8456221238475293018',
    `Service: ${SERVICE_PAGE}/deployments?region=eu-west-1`,
    ...NOTE,
  ];

  test('is told with the reason of its own tasks, of those the one that stopped last', async () => {
    const older = stoppedTask('EssentialContainerExited', EXITED, { exitCode: 1 }, { stoppedAt: '2026-11-25T03:10:00Z' });
    const newer = stoppedTask('EssentialContainerExited', EXITED, { exitCode: 9 });
    const others = stoppedTask('EssentialContainerExited', EXITED, { exitCode: 2 }, { startedBy: 'ecs-svc/1', stoppedAt: '2026-11-25T03:12:59Z' });
    const { subject, message } = (await told(FAILED, [older, others, newer]))!;
    expect(subject).toBe('deployment failed (exit code 9): service orders');
    expect(message).toBe([
      'The deployment of service orders in cluster shop has failed: exit code 9.',
      '',
      'What ECS says: ECS deployment circuit breaker: tasks failed to start.',
      'Why its tasks stop (c13b4cb40f1f4fe4a2971f76ae5a47ad): Essential container in task exited; container App ended with exit code 9.',
      'Likely fix: the application ended with an error: the last lines of its log say which.',
      ...rest,
    ].join('\n'));
    expect(inputsOf('ListTasks')).toEqual([{ cluster: 'shop', serviceName: 'orders', desiredStatus: 'STOPPED', maxResults: 100 }]);
  });

  test('is told where no task says why, and where the tasks cannot be looked at', async () => {
    const expected = [
      'The deployment of service orders in cluster shop has failed.',
      '',
      'What ECS says: ECS deployment circuit breaker: tasks failed to start.',
      'Likely fix: look at the events of the service and at its log; ECS knows of no task that has stopped.',
      ...rest,
    ].join('\n');
    expect((await told(FAILED))!).toMatchObject({ subject: 'deployment failed: service orders', message: expected });
    answer({ ListTasks: () => { throw awsError('AccessDeniedException'); }, StartExecution: () => ({}) });
    await handler(FAILED);
    expect(JSON.parse(inputsOf('StartExecution')[0].input).message).toBe(expected);
  });

  test('by a hook: that one said no, whatever tasks have stopped', async () => {
    const reason = 'ECS deployment ecs-svc/8456221238475293018 failed: hook execution failure(s) detected.';
    const { subject, message } = (await told(deployment(reason), [stoppedTask('EssentialContainerExited', EXITED, { exitCode: 9 })]))!;
    expect(subject).toBe('deployment failed (hook): service orders');
    expect(message).toContain([
      'The deployment of service orders in cluster shop has failed: hook.',
      '',
      `What ECS says: ${reason}`,
      'Likely fix: a smoke test or a function of the deployment failed, or an approval was refused or came too late: '
        + 'the service deployment says which one (aws ecs describe-service-deployments), and the log of the function says why.',
    ].join('\n'));
  });

  test('by an alarm: the alarm, whatever tasks have stopped', async () => {
    const { subject, message } = (await told(deployment('ECS deployment ecs-svc/8456221238475293018 failed: alarm detected.'), [stoppedTask('EssentialContainerExited', EXITED, { exitCode: 9 })]))!;
    expect(subject).toBe('deployment failed (alarm): service orders');
    expect(message).toBe([
      'The deployment of service orders in cluster shop has failed: alarm.',
      '',
      'What ECS says: ECS deployment ecs-svc/8456221238475293018 failed: alarm detected.',
      'Likely fix: look at the alarms that are in ALARM: they say what the new version does worse than the old one; compare its log with that of the old one.',
      ...rest,
    ].join('\n'));
  });
});

describe('what the service scheduler says', () => {
  const ofService = (kind: string, says: string, ...why: string[]) => [
    `Service orders in cluster shop: ${kind}.`, '', `What ECS says: ${says}.`, ...why, '', `Service: ${SERVICE_PAGE}/events?region=eu-west-1`, ...NOTE,
  ].join('\n');

  test.each<[string, EcsEvent, string, string]>([
    [
      'no place for a task',
      serviceAction('ERROR', 'SERVICE_TASK_PLACEMENT_FAILURE', { capacityProviderArns: ['arn:aws:ecs:eu-west-1:111122223333:capacity-provider/FARGATE_SPOT'], reason: 'RESOURCE:FARGATE' }),
      'SERVICE_TASK_PLACEMENT_FAILURE: RESOURCE:FARGATE',
      'on Fargate, wait or allow more zones and capacity providers; on instances, raise the maximum of the capacity, take larger instances or smaller tasks',
    ],
    [
      'task cannot be configured',
      serviceAction('ERROR', 'SERVICE_TASK_CONFIGURATION_FAILURE', { reason: 'ECS was unable to assume the role' }),
      'SERVICE_TASK_CONFIGURATION_FAILURE: ECS was unable to assume the role',
      'see that ECS may assume the roles of the task, that its subnets and security groups exist, and that they belong to one VPC',
    ],
    [
      'daemon in the wrong place',
      serviceAction('ERROR', 'SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED'),
      'SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED',
      'deploy the service again, or end the instance: its attributes are no longer those that the service asks for',
    ],
  ])('%s', async (kind, event, says, fix) => {
    const { subject, message } = (await told(event))!;
    expect(subject).toBe(`${kind}: service orders`);
    expect(message).toBe(ofService(kind, says, `Likely fix: ${fix}.`));
  });

  test('tasks do not stay up: with the reason of the latest', async () => {
    const { subject, message } = (await told(serviceAction('WARN', 'SERVICE_TASK_START_IMPAIRED'), [stoppedTask('EssentialContainerExited', EXITED, { exitCode: 127 })]))!;
    expect(subject).toBe('tasks do not stay up: service orders');
    expect(message).toBe(ofService('tasks do not stay up', 'SERVICE_TASK_START_IMPAIRED',
      'Why its tasks stop (c13b4cb40f1f4fe4a2971f76ae5a47ad): Essential container in task exited; container App ended with exit code 127.',
      "Likely fix: the program was not found: correct 'command' and 'entryPoint', or install it in the image."));
  });

  test('that it is steady is not told', async () => {
    expect(await told(serviceAction('INFO', 'SERVICE_STEADY_STATE'))).toBeUndefined();
  });
});

describe('how often', () => {
  const crash = (more: object = {}, at = '2026-11-25T03:12:58Z') => ({ ...stoppedTask('EssentialContainerExited', EXITED, { exitCode: 1 }, more), time: at });
  const nameOf = async (event: EcsEvent) => (await told(event))!.name;

  test('a crash loop has one name an hour, by which it is told once', async () => {
    const first = await nameOf(crash());
    expect(await nameOf(crash({ taskArn: 'arn:aws:ecs:eu-west-1:111122223333:task/shop/another' }, '2026-11-25T03:59:59Z'))).toBe(first);
    expect(await nameOf(crash({}, '2026-11-25T04:00:00Z'))).not.toBe(first);
    expect(first).toMatch(/^[0-9a-f]{40}$/);
  });

  test.each<[string, EcsEvent]>([
    ['another deployment', crash({ startedBy: 'ecs-svc/2' })],
    ['another service', crash({ group: 'service:users' })],
    ['another reason', { ...stoppedTask('EssentialContainerExited', EXITED, { exitCode: 2 }), time: '2026-11-25T03:12:58Z' }],
  ])('%s is told on its own', async (_, event) => {
    expect(await nameOf(event)).not.toBe(await nameOf(crash()));
  });

  test('tasks that are run once are told of once an hour, whoever starts them', async () => {
    const run = (startedBy: string) => crash({ group: 'family:report', startedBy });
    expect(await nameOf(run('a'))).toBe(await nameOf(run('b')));
  });

  test('what was told already is no error, any other problem is', async () => {
    answer({ StartExecution: () => { throw awsError('ExecutionAlreadyExists'); } });
    await expect(handler(crash())).resolves.toBeUndefined();
    answer({ StartExecution: () => { throw awsError('ThrottlingException', 'too often'); } });
    await expect(handler(crash())).rejects.toThrow('too often');
  });
});

test('a subject is what SNS takes: fewer than 100 characters, of ASCII', async () => {
  const { subject } = (await told(stoppedTask('EssentialContainerExited', EXITED, { exitCode: 1 }, { group: `service:${'é'.repeat(120)}` })))!;
  expect(subject).toBe(`exit code 1: service ${'?'.repeat(78)}`);
});
