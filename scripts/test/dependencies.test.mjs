import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { vulnerabilitiesIn } from '../lib/audit.mjs';
import { licenceProblems, pinProblems, publishedProblems, scriptProblems } from '../lib/dependencies.mjs';
import { ROOT } from '../lib/paths.mjs';

const [manifest, lock] = ['package.json', 'package-lock.json'].map((name) => JSON.parse(readFileSync(join(ROOT, name), 'utf8')));
const locked = (entry) => ({ packages: { '': {}, 'node_modules/a': { integrity: 'sha512-x', license: 'MIT', ...entry } } });

test('the published package brings nothing along', () => {
  assert.deepEqual(publishedProblems(manifest), []);
  assert.equal(publishedProblems({ ...manifest, dependencies: { a: '1.0.0' } }).length, 1);
  assert.equal(publishedProblems({ ...manifest, bundledDependencies: ['a'] }).length, 1);
  assert.equal(publishedProblems({ ...manifest, peerDependencies: { constructs: '1' } }).length, 1);
});

test('each tool is one version, with a hash, from the registry', () => {
  assert.deepEqual(pinProblems(manifest, lock), []);
  assert.deepEqual(pinProblems({ devDependencies: { a: '^1.0.0' } }, locked({})), ['a is asked for as ^1.0.0: pin one version']);
  assert.deepEqual(pinProblems({}, locked({ integrity: undefined })), ['node_modules/a has no hash in the lock file']);
  assert.equal(pinProblems({}, locked({ resolved: 'git+ssh://example.com/a' })).length, 1);
});

test('each licence may be used', () => {
  assert.deepEqual(licenceProblems(lock), []);
  assert.deepEqual(licenceProblems(locked({ license: '(MIT OR GPL-3.0-or-later)' })), []);
  assert.deepEqual(licenceProblems(locked({ license: 'MIT AND GPL-3.0-only' })), ['node_modules/a has the licence MIT AND GPL-3.0-only']);
  assert.deepEqual(licenceProblems(locked({ license: undefined })), ['node_modules/a has the licence (none stated)']);
});

test('nothing runs at installation that nobody has looked at', () => {
  assert.deepEqual(scriptProblems(lock), []);
  assert.equal(scriptProblems(locked({ hasInstallScript: true })).length, 1);
});

test('serious vulnerabilities are told, and a registry without an answer is not taken for a good one', () => {
  const report = (severity) => JSON.stringify({ vulnerabilities: { a: { name: 'a', severity, range: '<2' } } });
  assert.deepEqual(vulnerabilitiesIn(report('critical')), { found: ['a <2: critical'] });
  assert.deepEqual(vulnerabilitiesIn(`npm warn audit\n${report('low')}`), { found: [] });
  for (const silence of ['', 'npm error', '{"message": "405 Method Not Allowed"}']) assert.match(vulnerabilitiesIn(silence).unanswered, /no answer/);
});
