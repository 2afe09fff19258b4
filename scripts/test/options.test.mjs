import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions, USAGE } from '../demo/options.mjs';

function refusal(...args) {
  try {
    parseOptions(args);
  } catch (error) {
    assert.equal(error.details, USAGE);
    return error.message;
  }
  return assert.fail(`${args} should have been refused`);
}

test('without options the demo runs on a local AWS and leaves nothing', () => {
  assert.deepEqual(parseOptions([]), {
    help: false, keep: false, real: false, stop: false, verbose: false, port: undefined,
  });
});

test('options are read', () => {
  assert.equal(parseOptions(['--port', '4566']).port, 4566);
  const real = parseOptions(['--real', '--account', '123456789012', '--region', 'eu-south-1', '--keep']);
  assert.deepEqual([real.real, real.account, real.region, real.keep], [true, '123456789012', 'eu-south-1', true]);
});

test('a real account must be named, with 12 digits', () => {
  assert.match(refusal('--real'), /--real needs --account/);
  assert.match(refusal('--real', '--account', '12345'), /must be 12 digits, got "12345"/);
});

test('options that go with a real account are refused without it', () => {
  assert.match(refusal('--account', '123456789012'), /go with --real/);
  assert.match(refusal('--region', 'eu-west-1'), /go with --real/);
});

test('contradictions and unknown options are refused', () => {
  assert.match(refusal('--keep', '--stop'), /exclude each other/);
  assert.match(refusal('--real', '--account', '123456789012', '--port', '4566'), /--port goes with a local AWS/);
  for (const port of ['0', '65536', 'http', '1e3']) assert.match(refusal('--port', port), /must be 1 to 65535/);
  assert.match(refusal('--keeep'), /--keeep/);
  assert.match(refusal('stray'), /stray/);
});
