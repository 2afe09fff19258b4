import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { findPython } from '../lib/python.mjs';

const folders = [];
let path;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'python-'));
  folders.push(path);
});

after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A program that answers as that Python would. */
function put(command, answer, exitCode = 0) {
  const file = join(path, command);
  writeFileSync(file, `#!/bin/sh\necho ${answer}\nexit ${exitCode}\n`);
  chmodSync(file, 0o755);
}

const find = () => findPython({ PATH: path });

test('the python3 of the machine is taken if it is new enough', () => {
  put('python3', '3 12 1');
  put('python3.13', '3 13 0');
  assert.deepEqual(find(), { command: 'python3', version: [3, 12, 1], missing: [] });
});

test('the newest other one is taken if python3 is too old or incomplete', () => {
  put('python3', '3 9 2');
  put('python3.11', '3 11 4 ensurepip');
  put('python3.10', '3 10 9');
  assert.equal(find().command, 'python3.10');
});

test('a Python that is older than all that is needed is named', () => {
  put('python3', '3 9 2');
  put('python', '2 7 18');
  assert.throws(find, { message: 'Python 3.10 or newer is needed for the local AWS, and only python3 (3.9.2), python (2.7.18) are on the PATH: '
    + 'install it (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python) and try again.' });
});

test('a Python without ensurepip is told from one that is missing', () => {
  put('python3', '3 11 2 ensurepip');
  assert.throws(find, { message: 'python3 (3.11.2) cannot make virtual environments, because it lacks ensurepip: '
    + 'add what is missing (Debian, Ubuntu: apt-get install python3.11-venv) and try again.' });
});

test('a PATH without a Python, or with one that does not start, has none', () => {
  assert.throws(find, /there is none on the PATH/);
  put('python3', 'broken', 1);
  assert.throws(find, /there is none on the PATH/);
});
