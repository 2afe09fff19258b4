import { answer, awsError, inputsOf } from './sdk';

jest.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));
jest.mock('@aws-sdk/client-ecs', () => jest.requireActual('./sdk').module);
jest.mock('@aws-sdk/client-cloudwatch-logs', () => jest.requireActual('./sdk').module);
jest.mock('@aws-sdk/client-cloudformation', () => jest.requireActual('./sdk').module);
jest.mock('@aws-sdk/client-lambda', () => jest.requireActual('./sdk').module, { virtual: true });
const mockRespond = jest.fn();
jest.mock('../../src/private/handlers/shared/cloudformation.js', () => ({
  ...jest.requireActual('../../src/private/handlers/shared/cloudformation.js'), respond: mockRespond,
}));

const { handler } = jest.requireActual('../../src/private/handlers/before-deploy/index.js');

const TASK = 'arn:aws:ecs:eu-west-1:111122223333:task/shop/0123456789abcdef';
const PROPERTIES = {
  ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:runner',
  Name: 'Migrate',
  Cluster: 'arn:aws:ecs:eu-west-1:111122223333:cluster/shop',
  TaskDefinition: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7',
  Container: 'App',
  TimeoutSeconds: '600',
  LogGroup: 'web-logs',
  LogStreamPrefix: 'ecs',
  Run: { launchType: 'FARGATE', networkConfiguration: { awsvpcConfiguration: {} }, overrides: { containerOverrides: [{ name: 'App', command: ['migrate'] }] } },
};
const LEFT = { getRemainingTimeInMillis: () => 600_000, invokedFunctionArn: PROPERTIES.ServiceToken };

function request(more: object = {}) {
  return {
    RequestType: 'Create', RequestId: 'request-1', ResponseURL: 'https://secret', StackId: 'stack-1', LogicalResourceId: 'MigrateResource', ResourceProperties: PROPERTIES, ...more,
  };
}

function updateTo(properties: object, more: object = {}) {
  return request({ RequestType: 'Update', PhysicalResourceId: 'physical', OldResourceProperties: PROPERTIES, ResourceProperties: { ...PROPERTIES, ...properties }, ...more });
}

const ended = (exitCode: number, more: object = {}) => ({
  taskArn: TASK,
  lastStatus: 'STOPPED',
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  group: 'family:web',
  containers: [{ name: 'Proxy', exitCode: 0 }, { name: 'App', exitCode }],
  ...more,
});

/** A task that runs at the first look, and then is this. */
function runsAndThen(task: object, more: Record<string, () => unknown> = {}) {
  answer({
    RunTask: () => ({ tasks: [{ taskArn: TASK }], failures: [] }),
    DescribeTasks: (_input, times) => ({ tasks: [times === 1 ? { taskArn: TASK, lastStatus: 'RUNNING' } : task] }),
    GetLogEvents: () => ({ events: [{ message: 'migrating\n' }, { message: 'table orders exists' }] }),
    DescribeStacks: () => ({ Stacks: [{ StackStatus: 'UPDATE_IN_PROGRESS' }] }),
    StopTask: () => ({}),
    Invoke: () => ({}),
    ...more,
  });
}

const answered = () => mockRespond.mock.calls.map(([, given]) => given);

beforeEach(() => {
  process.env.POLL_SECONDS = '0';
  for (const method of ['log', 'warn', 'error'] as const) jest.spyOn(console, method).mockImplementation();
});

describe('a task before a deployment', () => {
  test('is run with the new revision and succeeds with the exit code 0 of its own container', async () => {
    runsAndThen(ended(0));
    await handler(request(), LEFT);
    expect(inputsOf('RunTask')).toEqual([{
      ...PROPERTIES.Run, cluster: PROPERTIES.Cluster, taskDefinition: PROPERTIES.TaskDefinition, clientToken: 'request-1', startedBy: 'before-deploy/MigrateResource',
    }]);
    expect(answered()).toEqual([{ physicalId: 'MigrateResource-request-1', error: undefined }]);
  });

  test('gives ECS numbers where CloudFormation hands it text', async () => {
    runsAndThen(ended(0));
    const Run = { ...PROPERTIES.Run, launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'gpu', base: '1', weight: '2' }, { capacityProvider: 'spot', weight: '1' }] };
    await handler(request({ ResourceProperties: { ...PROPERTIES, Run } }), LEFT);
    expect(inputsOf('RunTask')[0].capacityProviderStrategy).toEqual([
      { capacityProvider: 'gpu', base: 1, weight: 2 }, { capacityProvider: 'spot', base: undefined, weight: 1 },
    ]);
  });

  test('fails with the exit code, the likely fix and the end of its log', async () => {
    runsAndThen(ended(1));
    await handler(request(), LEFT);
    expect(inputsOf('GetLogEvents')).toEqual([{ logGroupName: 'web-logs', logStreamName: 'ecs/App/0123456789abcdef', limit: 25, startFromHead: false }]);
    expect(answered()[0].error).toBe([
      'task Migrate before the deployment of web:7 failed, so the service stays as it is: Essential container in task exited; container App ended with exit code 1. '
        + 'Likely fix: the application ended with an error: the last lines of its log say which.',
      'The end of its log (log group web-logs, stream ecs/App/0123456789abcdef):',
      'migrating',
      'table orders exists',
    ].join('\n'));
  });

  test('fails where its container was never started, although another one ended well', async () => {
    runsAndThen(ended(0, {
      stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: pull image manifest has been retried 1 time(s): web:2: not found', containers: [{ name: 'App' }],
    }), { GetLogEvents: () => { throw awsError('ResourceNotFoundException'); } });
    await handler(request(), LEFT);
    expect(answered()[0].error).toBe([
      'task Migrate before the deployment of web:7 failed, so the service stays as it is: CannotPullContainerError: pull image manifest has been retried 1 time(s): web:2: not found. '
        + 'Likely fix: push the image, or correct its repository and tag; a tag that a lifecycle rule or a later build has removed is gone for new tasks too.',
      'Nothing is in its log (log group web-logs, stream ecs/App/0123456789abcdef): it wrote nothing, or a log router sends it elsewhere.',
    ].join('\n'));
  });

  test('says why ECS did not start it', async () => {
    runsAndThen(ended(0), { RunTask: () => ({ tasks: [], failures: [{ reason: 'RESOURCE:MEMORY' }] }) });
    await handler(request(), LEFT);
    expect(answered()[0].error).toBe('task Migrate before the deployment of web:7 could not be started: RESOURCE:MEMORY; the service stays as it is');
  });

  test('is stopped at its time-out, and only then is the failure told', async () => {
    runsAndThen(ended(143, { stopCode: 'UserInitiated', stoppedReason: 'It took longer than its time-out' }));
    await handler(request({ ResourceProperties: { ...PROPERTIES, TimeoutSeconds: '-1' } }), LEFT);
    expect(inputsOf('StopTask')).toEqual([{ cluster: PROPERTIES.Cluster, task: TASK, reason: 'It took longer than its time-out' }]);
    expect(inputsOf('DescribeTasks')).toHaveLength(2);
    expect(answered()[0].error).toMatch(/^task Migrate .* failed, so the service stays as it is: it took longer than its time-out of -1 seconds and was stopped/);
  });

  test('that was ended well by its process within the last look is still a failure once it was stopped', async () => {
    runsAndThen(ended(0));
    await handler(request({ ResourceProperties: { ...PROPERTIES, TimeoutSeconds: '-1' } }), LEFT);
    expect(answered()[0].error).toMatch(/was stopped/);
  });

  test('goes on in another invocation where one is too short, without being started again', async () => {
    runsAndThen(ended(0));
    await handler(request(), { ...LEFT, getRemainingTimeInMillis: () => 29_000 });
    expect(answered()).toEqual([]);
    const [{ FunctionName, InvocationType, Payload }] = inputsOf('Invoke');
    expect([FunctionName, InvocationType]).toEqual([PROPERTIES.ServiceToken, 'Event']);
    runsAndThen(ended(0));
    await handler(JSON.parse(Payload), LEFT);
    expect(inputsOf('RunTask')).toEqual([]);
    expect(answered()).toEqual([{ physicalId: 'MigrateResource-request-1', error: undefined }]);
  });

  test('goes on being watched when one look fails', async () => {
    runsAndThen(ended(0), {});
    const looks = jest.fn().mockImplementationOnce(() => { throw awsError('ThrottlingException'); }).mockImplementation(() => ({ tasks: [ended(0)] }));
    answer({ RunTask: () => ({ tasks: [{ taskArn: TASK }] }), DescribeTasks: looks });
    await handler(request(), LEFT);
    expect(answered()[0].error).toBeUndefined();
  });

  test('waits for rights that IAM does not know everywhere yet, and gives up in the end', async () => {
    const start = jest.fn().mockImplementationOnce(() => { throw awsError('AccessDeniedException'); }).mockImplementation(() => ({ tasks: [{ taskArn: TASK }] }));
    answer({ RunTask: start, DescribeTasks: () => ({ tasks: [ended(0)] }) });
    await handler(request(), LEFT);
    expect(answered()[0].error).toBeUndefined();
    answer({ RunTask: () => { throw awsError('AccessDeniedException', 'not allowed'); } });
    await handler(request(), LEFT);
    expect(inputsOf('RunTask')).toHaveLength(6);
    expect(answered()[1].error).toBe('not allowed');
  });
});

describe('whether the task is run', () => {
  test.each<[string, object]>([
    ['a new revision', { TaskDefinition: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:8' }],
    ['another command', { Run: { ...PROPERTIES.Run, overrides: { containerOverrides: [{ name: 'App', command: ['migrate', '--all'] }] } } }],
  ])('yes, for %s', async (_, change) => {
    runsAndThen(ended(0));
    await handler(updateTo(change), LEFT);
    expect(inputsOf('RunTask')).toHaveLength(1);
    expect(answered()).toEqual([{ physicalId: 'physical', error: undefined }]);
  });

  test.each<[string, object]>([
    ['another time-out', { TimeoutSeconds: '60' }],
    ['other subnets', { Run: { ...PROPERTIES.Run, networkConfiguration: {} } }],
  ])('no, for %s', async (_, change) => {
    runsAndThen(ended(0));
    await handler(updateTo(change), LEFT);
    expect(inputsOf('RunTask')).toEqual([]);
    expect(answered()).toEqual([{ physicalId: 'physical', error: undefined }]);
  });

  test.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])('no, while the stack is in %s', async (StackStatus) => {
    runsAndThen(ended(0), { DescribeStacks: () => ({ Stacks: [{ StackStatus }] }) });
    await handler(updateTo({ TaskDefinition: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:6' }), LEFT);
    expect(inputsOf('DescribeStacks')).toEqual([{ StackName: 'stack-1' }]);
    expect(inputsOf('RunTask')).toEqual([]);
    expect(answered()).toEqual([{ physicalId: 'physical', error: undefined }]);
  });

  test('no, for a deletion, which asks nobody', async () => {
    answer({});
    await handler(request({ RequestType: 'Delete', PhysicalResourceId: 'physical' }), LEFT);
    expect(answered()).toEqual([{ physicalId: 'physical', error: undefined }]);
  });
});

test('the address of the answer is never logged', async () => {
  runsAndThen(ended(1));
  await handler(request(), LEFT);
  const written = (['log', 'warn', 'error'] as const).flatMap((method) => jest.mocked(console[method]).mock.calls.flat());
  expect(written.join('\n')).not.toContain('https://secret');
});
