import { answer, awsError, inputsOf } from './sdk';

jest.mock('@aws-sdk/client-ecr', () => jest.requireActual('./sdk').module);
jest.mock('@aws-sdk/client-secrets-manager', () => jest.requireActual('./sdk').module);
jest.mock('@aws-sdk/client-ssm', () => jest.requireActual('./sdk').module);
jest.mock('@aws-sdk/client-cloudformation', () => jest.requireActual('./sdk').module);
const mockRespond = jest.fn();
jest.mock('../../src/private/handlers/shared/cloudformation.js', () => ({
  ...jest.requireActual('../../src/private/handlers/shared/cloudformation.js'), respond: mockRespond,
}));

const { handler } = jest.requireActual('../../src/private/handlers/preflight/index.js');

const IMAGE = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf';
const PARAMETER = 'arn:aws:ssm:eu-west-1:111122223333:parameter';

function request(properties: object, more: object = {}) {
  return {
    RequestType: 'Create',
    RequestId: 'request-1',
    StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Shop/1',
    LogicalResourceId: 'Preflight',
    ResourceProperties: { Service: 'Shop/Web', ...properties },
    ...more,
  };
}

const THERE = { VersionIdsToStages: { v1: ['AWSCURRENT'], v0: ['AWSPREVIOUS'] } };
const VALUE = '{"password":"hunter2"}';

/** All is there, but for what a test says. */
function allIsThere(more: Record<string, () => unknown> = {}) {
  answer({
    DescribeImages: () => ({}),
    DescribeSecret: () => THERE,
    GetSecretValue: () => ({ SecretString: VALUE }),
    GetParameter: () => ({ Parameter: {} }),
    ...more,
  });
}

const missing = (name: string) => () => { throw awsError(name); };

/** The error that CloudFormation is told, without its first line. */
async function problems(properties: object): Promise<string | undefined> {
  await handler(request(properties));
  const { error } = mockRespond.mock.calls[0][1];
  if (error === undefined) return undefined;
  const [first, ...others] = error.split('\n');
  expect(first).toBe('tasks of Shop/Web could not start, so the service stays as it is:');
  return others.join('\n');
}

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
});

describe('preflight of images', () => {
  test.each<[string, object]>([
    [`${IMAGE}:7`, { imageTag: '7' }],
    [IMAGE, { imageTag: 'latest' }],
    [`${IMAGE}@sha256:0123abcd`, { imageDigest: 'sha256:0123abcd' }],
  ])('%s is looked up in its registry', async (image, id) => {
    allIsThere();
    expect(await problems({ Images: [image] })).toBeUndefined();
    expect(inputsOf('DescribeImages')).toEqual([{ registryId: '111122223333', repositoryName: 'shop/web', imageIds: [id] }]);
  });

  test('of other registries, nobody can be asked', async () => {
    answer({});
    expect(await problems({ Images: ['public.ecr.aws/nginx/nginx:1.29'] })).toBeUndefined();
  });

  test.each<[string, string]>([
    ['RepositoryNotFoundException', '- image shop/web:7: account 111122223333 in eu-west-1 has no repository shop/web; create it and push the image, or correct its name'],
    ['ImageNotFoundException', '- image shop/web:7 is not in its repository of account 111122223333 in eu-west-1; push it, or correct the tag or digest'],
    ['AccessDeniedException', '- image shop/web:7 of account 111122223333 in eu-west-1 could not be looked at (AccessDeniedException): AccessDeniedException'],
  ])('%s', async (name, text) => {
    allIsThere({ DescribeImages: missing(name) });
    expect(await problems({ Images: [`${IMAGE}:7`] })).toBe(text);
  });
});

describe('preflight of secrets', () => {
  test('of a secret that is taken as a whole, the value is not read', async () => {
    allIsThere({ GetSecretValue: () => { throw new Error('must not be read'); } });
    expect(await problems({ Secrets: [SECRET, `${SECRET}:::`, `${SECRET}::AWSPREVIOUS:`, `${SECRET}:::v0`] })).toBeUndefined();
    expect(inputsOf('DescribeSecret')[0]).toEqual({ SecretId: SECRET });
  });

  test('of a key, the version that the task would read', async () => {
    allIsThere();
    expect(await problems({ Secrets: [`${SECRET}:password:AWSPREVIOUS:`] })).toBeUndefined();
    expect(inputsOf('GetSecretValue')).toEqual([{ SecretId: SECRET, VersionStage: 'AWSPREVIOUS', VersionId: undefined }]);
  });

  test.each<[string, string, Record<string, () => unknown>, string]>([
    ['none', SECRET, { DescribeSecret: missing('ResourceNotFoundException') }, '- secret db-AbCdEf does not exist in eu-west-1; create it, or correct its name'],
    ['deleted', SECRET, { DescribeSecret: () => ({ ...THERE, DeletedDate: 1 }) }, '- secret db-AbCdEf is scheduled for deletion; restore it, or name another one'],
    ['without a value', SECRET, { DescribeSecret: () => ({}) }, '- secret db-AbCdEf has no value; put one'],
    ['without that stage', `${SECRET}::BLUE:`, {}, '- secret db-AbCdEf has no value in version BLUE; put one'],
    ['without the key', `${SECRET}:user::`, {}, '- secret db-AbCdEf has no key user; put it into the JSON object, or correct its name'],
    ['no JSON', `${SECRET}:user::`, { GetSecretValue: () => ({ SecretString: 'hunter2' }) },
      '- secret db-AbCdEf has key user taken from it, but its value is no JSON object; put one, or take the whole value'],
    ['a list', `${SECRET}:0::`, { GetSecretValue: () => ({ SecretString: '["hunter2"]' }) },
      '- secret db-AbCdEf has key 0 taken from it, but its value is no JSON object; put one, or take the whole value'],
    ['not to be read', `${SECRET}:user::`, { GetSecretValue: missing('AccessDeniedException') }, '- secret db-AbCdEf could not be looked at (AccessDeniedException)'],
  ])('%s', async (_, secret, answers, text) => {
    allIsThere(answers);
    expect(await problems({ Secrets: [secret] })).toBe(text);
  });
});

describe('preflight of parameters', () => {
  test.each<[string, string[]]>([
    [`${PARAMETER}/shop/key`, ['/shop/key']],
    [`${PARAMETER}/key`, ['key', '/key']],
    ['arn:aws:ssm:eu-west-1:444455556666:parameter/shared', ['arn:aws:ssm:eu-west-1:444455556666:parameter/shared']],
  ])('%s is asked for without decryption', async (arn, names) => {
    allIsThere({ GetParameter: missing('ParameterNotFound') });
    expect(await problems({ Secrets: [arn] })).toBe(`- parameter ${names[0]} does not exist in eu-west-1; create it, or correct its name`);
    expect(inputsOf('GetParameter')).toEqual(names.map((Name) => ({ Name, WithDecryption: false })));
    allIsThere();
    mockRespond.mockClear();
    expect(await problems({ Secrets: [arn] })).toBeUndefined();
  });
});

describe('preflight', () => {
  test('says all that is missing at once, each once', async () => {
    allIsThere({ DescribeImages: missing('ImageNotFoundException'), GetParameter: missing('ParameterNotFound') });
    const found = await problems({ Images: [`${IMAGE}:7`], Secrets: [SECRET, `${PARAMETER}/shop/key`, `${PARAMETER}/shop/key`, `${SECRET}:user::`] });
    expect(found!.split('\n').map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual(['- image shop/web:7', '- parameter /shop/key', '- secret db-AbCdEf']);
  });

  test('shows no value, neither to CloudFormation nor in its log', async () => {
    for (const SecretString of ['hunter2', VALUE, '{"hunter2":']) {
      allIsThere({ GetSecretValue: () => ({ SecretString }) });
      await handler(request({ Secrets: [`${SECRET}:user::`] }));
    }
    expect(JSON.stringify([mockRespond.mock.calls, jest.mocked(console.error).mock.calls])).not.toContain('hunter2');
  });

  test('stands in the way of no deletion and no rollback', async () => {
    allIsThere({ DescribeImages: missing('ImageNotFoundException'), DescribeStacks: () => ({ Stacks: [{ StackStatus: 'UPDATE_ROLLBACK_IN_PROGRESS' }] }) });
    await handler(request({ Images: [`${IMAGE}:7`] }, { RequestType: 'Delete', PhysicalResourceId: 'physical' }));
    await handler(request({ Images: [`${IMAGE}:7`] }, { RequestType: 'Update', PhysicalResourceId: 'physical' }));
    expect(mockRespond.mock.calls.map(([, given]) => given)).toEqual([{ physicalId: 'physical', error: undefined }, { physicalId: 'physical', error: undefined }]);
    expect(inputsOf('DescribeImages')).toEqual([]);
  });

  test('looks again at an update that names something else', async () => {
    allIsThere({ DescribeImages: missing('ImageNotFoundException'), DescribeStacks: () => ({ Stacks: [{ StackStatus: 'UPDATE_IN_PROGRESS' }] }) });
    await handler(request({ Images: [`${IMAGE}:8`] }, { RequestType: 'Update', PhysicalResourceId: 'physical' }));
    expect(mockRespond.mock.calls[0][1].error).toContain('shop/web:8');
  });
});
