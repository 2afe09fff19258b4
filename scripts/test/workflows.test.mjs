import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../lib/paths.mjs';

const [build, release] = ['build', 'release'].map((name) => readFileSync(join(ROOT, '.github', 'workflows', `${name}.yml`), 'utf8'));

test('the release workflow names no registry: the publisher knows its own', () => {
  assert.doesNotMatch(release, /NPM_REGISTRY|registry\./);
});

test('npm publishes from Node 24, whose npm can publish without a token', () => {
  const [, job] = release.split(/^ {2}release_npm:$/m);
  assert.match(job, /node-version: "24"/);
  assert.match(job, /NPM_TRUSTED_PUBLISHER: "true"/);
  assert.doesNotMatch(release, /NPM_TOKEN|TWINE_PASSWORD/);
});

test('the tools of the workflows have versions, so that a release is the same tomorrow', () => {
  assert.doesNotMatch(build + release, /@latest|python-version: 3\.x/);
});

test('the check of a pull request cannot write to the repository', () => {
  assert.doesNotMatch(build, /contents: write/);
});
