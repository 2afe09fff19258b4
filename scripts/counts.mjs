/** The closing line of CI: the counts of all suites in one. Fails if a suite left none, because it broke before its end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COUNTS } from './lib/suite.mjs';

const suites = ['test', 'verify'].map((suite) => {
  try {
    return JSON.parse(readFileSync(join(COUNTS, `${suite}.json`), 'utf8'));
  } catch {
    console.error(`${suite} did not come to its end`);
    process.exitCode = 1;
    return { passed: 0, failed: 0, notChecked: [] };
  }
});
const sum = (key) => suites.reduce((total, counts) => total + counts[key], 0);
const notChecked = suites.flatMap((counts) => counts.notChecked);
console.log(`\n${notChecked.length} not checked here`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
