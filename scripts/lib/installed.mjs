import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock a `package-lock.json`, or npm's record of what it has installed
 */

/**
 * Whether the packages of the lock file are installed, by the record that npm writes at the end of an installation
 * (`node_modules/.package-lock.json`): so an `npm ci` that the user ran counts too, and one that was cut short does not.
 *
 * @param {Lock} lock
 * @param {Lock | undefined} record
 */
export function packagesAreInstalled(lock, record) {
  if (record?.packages === undefined || lock.packages === undefined) return false;
  const { '': _project, ...locked } = lock.packages;
  const installed = record.packages;
  const present = Object.entries(locked).every(([path, wanted]) => {
    const found = installed[path];
    // Packages for other platforms are not installed.
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
  return present && Object.keys(installed).every((path) => path in locked);
}

/**
 * What a virtual environment was made from, as it is noted in it when it is complete.
 *
 * @typedef {{ runtime: string, tests: string | null }} VenvNote hashes of the requirement files
 */

/**
 * What is to be done to a virtual environment: `none`, `tests` (only the packages for the tests are missing), or `all`.
 *
 * @param {VenvNote | undefined} note
 * @param {{ runtime: string, tests: string | null }} wanted `tests: null` where the tests' packages are not asked for
 * @returns {'none' | 'tests' | 'all'}
 */
export function venvWork(note, wanted) {
  if (note?.runtime !== wanted.runtime) return 'all';
  if (wanted.tests === null || note.tests === wanted.tests) return 'none';
  return note.tests === null ? 'tests' : 'all';
}

/** @param {string | Buffer} content */
export function hashOf(content) {
  return createHash('sha256').update(content).digest('hex');
}

/** Whether the folder's `node_modules` is what its lock file asks for. */
export function npmPackagesAreReady(folder) {
  return packagesAreInstalled(readJson(join(folder, 'package-lock.json')), readJson(join(folder, 'node_modules', '.package-lock.json')));
}

/** The content of a JSON file; undefined if there is none, or if somebody was stopped while writing it. */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
