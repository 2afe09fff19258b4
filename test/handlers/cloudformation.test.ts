import { EventEmitter } from 'node:events';

const mockRequest = jest.fn();
jest.mock('node:https', () => ({ request: mockRequest }));

const { respond, shortened } = jest.requireActual('../../src/private/handlers/shared/cloudformation.js');

const EVENT = { ResponseURL: 'https://bucket.s3.amazonaws.com/answer?X-Amz-Signature=credential', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Migrate' };

/** The service behind the address: what was sent there, and how it answers, attempt by attempt. */
function service(...statuses: (number | 'reset')[]) {
  const sent: { url: string; method: string; headers: object; body: any }[] = [];
  mockRequest.mockImplementation((url: URL, { method, headers }: { method: string; headers: object }, answer: (response: object) => void) => {
    const status = statuses[Math.min(sent.length, statuses.length - 1)];
    const request = Object.assign(new EventEmitter(), {
      end: (body: string) => {
        sent.push({ url: url.href, method, headers, body: JSON.parse(body) });
        if (status === 'reset') return request.emit('error', Object.assign(new Error(`to ${url.href}`), { code: 'ECONNRESET' }));
        const response = Object.assign(new EventEmitter(), { statusCode: status, resume: () => setImmediate(() => response.emit('end')) });
        return answer(response);
      },
    });
    return request;
  });
  return sent;
}

describe('the answer to CloudFormation', () => {
  beforeEach(() => {
    // only the pauses between attempts.
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(((done: () => void) => setImmediate(done)) as never);
  });
  afterEach(() => jest.restoreAllMocks());

  test('of success and of failure', async () => {
    const sent = service(200);
    await respond(EVENT, { physicalId: 'one' });
    await respond(EVENT, { physicalId: 'one', error: 'because' });
    const common = { PhysicalResourceId: 'one', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Migrate' };
    expect(sent.map(({ body }) => body)).toEqual([{ Status: 'SUCCESS', ...common }, { Status: 'FAILED', Reason: 'because', ...common }]);
    expect(sent[0]).toMatchObject({ url: EVENT.ResponseURL, method: 'PUT' });
  });

  test('is tried again', async () => {
    const sent = service('reset', 503, 200);
    await respond(EVENT, { physicalId: 'one' });
    expect(sent).toHaveLength(3);
  });

  test.each([['reset', 'CloudFormation could not be answered: ECONNRESET'], [403, 'CloudFormation took the answer with status 403']] as const)(
    'that cannot be given is an error without the address: %s', async (status, text) => {
      const sent = service(status);
      await expect(respond(EVENT, { physicalId: 'one' })).rejects.toThrow(new Error(text));
      expect(sent).toHaveLength(5);
    });

  test('keeps the beginning and the end of a long reason, within the 4,096 bytes that CloudFormation takes', () => {
    const text = `what failed\n${'ü€'.repeat(4000)}\nthe last line`;
    const short = shortened(text);
    expect(short).toMatch(/^what failed\n.*\n\[\.\.\.\]\n.*\nthe last line$/s);
    expect(short).not.toContain('\uFFFD');
    expect(Buffer.byteLength(JSON.stringify(short))).toBeLessThan(3200);
    expect(shortened('short')).toBe('short');
  });
});
