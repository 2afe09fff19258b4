import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

// eslint-disable-next-line @typescript-eslint/no-require-imports
const { handler } = require('../../src/private/handlers/smoke-test/index.js') as { handler: (event: object) => Promise<{ hookStatus: string; hookDetails?: { reason: string } }> };

/** Answers with each of the statuses in turn, the last one from then on; keeps what it was asked. */
async function withServer<T>(statuses: number[], use: (url: string, asked: http.IncomingMessage[]) => Promise<T>): Promise<T> {
  const asked: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request);
    response.writeHead(statuses[Math.min(asked.length, statuses.length) - 1]).end('answer');
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/orders/health?deep=1`, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
  }
}

const EVENT = {
  lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
  serviceArn: 'arn:aws:ecs:us-east-1:123456789012:service/shop/orders',
  targetServiceRevisionArn: 'arn:aws:ecs:us-east-1:123456789012:service-revision/shop/orders/1',
};

function run(settings: object) {
  process.env.SMOKE_TEST = JSON.stringify({ headers: {}, status: 200, seconds: 1, ...settings });
  return handler(EVENT);
}

describe('smoke test handler', () => {
  const logs: string[] = [];
  beforeEach(() => {
    logs.length = 0;
    for (const method of ['log', 'error'] as const) jest.spyOn(console, method).mockImplementation((...words: unknown[]) => { logs.push(words.join(' ')); });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    delete process.env.SMOKE_TEST;
  });

  test('passes a version that answers as wanted, asked with the headers and in the name of the host', async () => {
    await withServer([204], async (url, asked) => {
      expect(await run({ url, status: 204, host: 'shop.example.com', headers: { 'x-release': 'next' } })).toEqual({ hookStatus: 'SUCCEEDED' });
      expect(asked).toHaveLength(1);
      expect(asked[0]).toMatchObject({ method: 'GET', url: '/orders/health?deep=1', headers: { 'host': 'shop.example.com', 'x-release': 'next', 'connection': 'close' } });
    });
    expect(JSON.parse(logs[0])).toMatchObject({ result: 'passed', attempts: 1, revision: EVENT.targetServiceRevisionArn });
  });

  test('fails a version that answers otherwise, with the reason', async () => {
    await withServer([503], async (url) => {
      const reason = `the smoke test wants status 200 of ${url} and got status 503, once in 1 seconds`;
      expect(await run({ url })).toEqual({ hookStatus: 'FAILED', hookDetails: { reason } });
      expect(JSON.parse(logs[0])).toMatchObject({ result: 'failed', reason, stage: 'POST_TEST_TRAFFIC_SHIFT' });
    });
  });

  test('asks again, on a new connection, until the answer is right', async () => {
    await withServer([500, 200], async (url, asked) => {
      expect(await run({ url, seconds: 60 })).toEqual({ hookStatus: 'SUCCEEDED' });
      expect(asked).toHaveLength(2);
      expect(asked[0].socket).not.toBe(asked[1].socket);
    });
  });

  test('does not follow a redirect', async () => {
    await withServer([302], async (url) => {
      expect((await run({ url })).hookStatus).toBe('FAILED');
      expect((await run({ url, status: 302 })).hookStatus).toBe('SUCCEEDED');
    });
  });

  test('fails where nobody answers', async () => {
    const url = await withServer([200], async (address) => address); // nobody listens there any more
    const { hookStatus, hookDetails } = await run({ url });
    expect(hookStatus).toBe('FAILED');
    expect(hookDetails?.reason).toMatch(/ and got no connection \(ECONNREFUSED\), once in 1 seconds$/);
  });

  test('fails where no answer comes in time', async () => {
    const server = http.createServer(() => undefined);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const { hookStatus, hookDetails } = await run({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
    expect(hookStatus).toBe('FAILED');
    expect(hookDetails?.reason).toMatch(/ and got no answer in [0-9.]+ seconds, once in 1 seconds$/);
  });
});
