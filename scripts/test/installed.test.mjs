import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOf, packagesAreInstalled, venvWork } from '../lib/installed.mjs';

const LOCK = {
  packages: {
    '': { version: '0.0.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/mac-only': { version: '2.0.0', integrity: 'sha512-m', optional: true },
  },
};
const RECORD = { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } } };

test('packages are installed if the record has all that this platform takes', () => {
  assert.equal(packagesAreInstalled(LOCK, RECORD), true);
});

test('packages are not installed without a record, as after an installation that was cut short', () => {
  assert.equal(packagesAreInstalled(LOCK, undefined), false);
});

test('a package that is missing, of another version, of other content, or too many: all ask for an installation', () => {
  const record = (packages) => ({ packages });
  assert.equal(packagesAreInstalled(LOCK, record({})), false);
  assert.equal(packagesAreInstalled(LOCK, record({ 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } })), false);
  assert.equal(packagesAreInstalled(LOCK, record({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } })), false);
  assert.equal(packagesAreInstalled(LOCK, record({ ...RECORD.packages, 'node_modules/b': { version: '1.0.0' } })), false);
});

test('a virtual environment is made if there is no note or the requirements have changed', () => {
  assert.equal(venvWork(undefined, { runtime: 'r', tests: null }), 'all');
  assert.equal(venvWork({ runtime: 'old', tests: null }, { runtime: 'r', tests: null }), 'all');
});

test('the packages for tests are added when they are asked for, and stay', () => {
  assert.equal(venvWork({ runtime: 'r', tests: null }, { runtime: 'r', tests: 't' }), 'tests');
  assert.equal(venvWork({ runtime: 'r', tests: 't' }, { runtime: 'r', tests: null }), 'none');
  assert.equal(venvWork({ runtime: 'r', tests: 't' }, { runtime: 'r', tests: 't' }), 'none');
  assert.equal(venvWork({ runtime: 'r', tests: 'old' }, { runtime: 'r', tests: 't' }), 'all');
});

test('a hash tells contents apart', () => {
  assert.equal(hashOf('a'), hashOf(Buffer.from('a')));
  assert.notEqual(hashOf('a'), hashOf('b'));
});
