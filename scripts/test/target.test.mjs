import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localTarget, realTarget, withoutAws } from '../lib/target.mjs';

const POISONED = {
  AWS_ENDPOINT_URL_S3: 'https://elsewhere.example',
  AWS_PROFILE: 'production',
  AWS_SESSION_TOKEN: 'secret',
  CDK_DOCKER: 'podman',
  PATH: '/bin',
  no_proxy: 'intranet',
};

test("nothing of the user's own AWS settings reaches what runs locally", () => {
  const env = withoutAws(POISONED);
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_S3', 'CDK_DOCKER']) assert.equal(name in env, false, name);
  assert.deepEqual([env.PATH, env.AWS_ACCESS_KEY_ID, env.AWS_EC2_METADATA_DISABLED], ['/bin', 'local', 'true']);
});

test('a proxy is not asked for the local AWS', () => {
  assert.equal(withoutAws(POISONED).NO_PROXY, 'intranet,localhost,127.0.0.1');
});

test('tools and SDK clients of the local target are led to its endpoint', () => {
  const { env, clientOptions } = localTarget({ endpoint: 'http://localhost:1234', data: '/data' });
  assert.deepEqual([env.AWS_ENDPOINT_URL, clientOptions.endpoint, env.LOCAL_AWS_DATA], ['http://localhost:1234', 'http://localhost:1234', '/data']);
});

test('a real target needs a Region before anything is asked', async (context) => {
  const { AWS_REGION: region, AWS_DEFAULT_REGION: other } = process.env;
  delete process.env.AWS_REGION;
  delete process.env.AWS_DEFAULT_REGION;
  context.after(() => Object.assign(process.env, region && { AWS_REGION: region }, other && { AWS_DEFAULT_REGION: other }));
  await assert.rejects(realTarget({ account: '123456789012' }), { message: 'The Region is not known: give --region, or set AWS_REGION.' });
});
