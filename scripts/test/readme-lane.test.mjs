import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepsOf } from '../lib/readme-lane.mjs';

const README = [
  '# Name', '```sh', 'npm run demo', '```', '## In an app of your own', '### TypeScript', '```sh', 'npm install x', '```', '`lib/a.ts`:', '', '```ts nofixture', 'f();', '```',
  '### Python', '```sh', 'pip install x', '```', '### Then', '```sh', 'npx aws-cdk@2 synth', 'npx aws-cdk@2 deploy', '```', '## Other', '```sh', 'no', '```', '',
].join('\n');

test('the steps of a language are its commands and files, and what both do then, without an account', () => {
  assert.deepEqual(stepsOf(README, 'TypeScript'), [
    { commands: ['npm install x'] }, { file: 'lib/a.ts', content: 'f();\n' }, { commands: ['npx aws-cdk@2 synth'] },
  ]);
  assert.deepEqual(stepsOf(README, 'Python'), [{ commands: ['pip install x'] }, { commands: ['npx aws-cdk@2 synth'] }]);
});

test('code without the name of its file cannot be followed', () => {
  assert.throws(() => stepsOf(README.replace('`lib/a.ts`:', 'Then:'), 'TypeScript'), /does not say which file/);
});
